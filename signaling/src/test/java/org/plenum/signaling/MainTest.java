package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path directory;

  @Test
  void helpsAndTellsItsVersion() {
    assertEquals(0, execute("--help"));
    assertTrue(out.toString().contains("--print-config"));
    assertEquals(0, execute("--version"));
    assertTrue(out.toString().contains("Plenum "));
  }

  @Test
  void printsItsSettings() {
    assertEquals(0, execute("--print-config"));
    assertTrue(out.toString().contains("10000"), out.toString());
  }

  @Test
  void saysInOneSentenceWhatIsWrongWithASetting() throws Exception {
    Path file = Files.writeString(directory.resolve("x.conf"), "http.port = 70000");
    assertEquals(1, execute("--config", file.toString()));
    assertEquals(
        "Plenum cannot start: http.port must be a number from 0 to 65535, not 70000\n",
        err.toString().replace("\r", ""));
  }

  @Test
  void refusesAnUnknownOption() {
    assertEquals(2, execute("--nonsense"));
  }

  private int execute(String... args) {
    return Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }
}
