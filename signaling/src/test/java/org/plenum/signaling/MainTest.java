package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.TrackSource;
import org.plenum.signaling.config.ConfigFile;
import org.plenum.signaling.token.Access;
import org.plenum.signaling.token.Token;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private static final String SECRET = "0123456789abcdef0123456789abcdef";

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
  void checksItsSettings() throws Exception {
    assertEquals(0, execute("--check-config"));
    Path file = Files.writeString(directory.resolve("x.conf"), "http.prot = 1");
    assertEquals(1, execute("--check-config", "--config", file.toString()));
    assertTrue(err.toString().contains("http.port"), err.toString());
  }

  @Test
  void makesTokensThatTheServerTakes() throws Exception {
    String keys = "auth.keys { one = \"%s\", two = \"%s\" }".formatted(SECRET, "x".repeat(32));
    Path file = Files.writeString(directory.resolve("keys.conf"), keys);
    String[] args = {
      "token",
      "create",
      "--config",
      file.toString(),
      "--key",
      "two",
      "--room",
      "blue",
      "--identity",
      "ann",
      "--name",
      "Ann",
      "--valid-for",
      "10m",
      "--sources",
      "microphone,camera"
    };
    assertEquals(0, execute(args), err.toString());
    Access access = Access.of(ConfigFile.load(file).auth(), null, InstantSource.system());
    Token token = access.admit(out.toString().strip(), new RoomId("blue"));
    assertEquals("ann", token.identity());
    assertEquals("Ann", token.name());
    assertEquals(
        Set.of(TrackSource.MICROPHONE, TrackSource.CAMERA), token.grants().canPublishSources());
    assertFalse(token.grants().roomAdmin());
    assertEquals(1, execute("token", "create", "--room", "blue"));
    assertEquals("auth.keys has no key\n", err.toString().replace("\r", ""));
    assertEquals(2, execute("token"));
  }

  @Test
  void putsNothingIntoATokenThatNoServerTakes() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("keys.conf"), "auth.keys { one = \"%s\" }".formatted(SECRET));
    String config = file.toString();
    assertEquals(1, execute("token", "create", "--config", config, "--room", "a b"));
    assertTrue(err.toString().startsWith("--room: room may hold letters"), err.toString());
    assertEquals(
        1, execute("token", "create", "--config", config, "--room", "a", "--name", "\u200B"));
    assertTrue(err.toString().contains("--name: name must have"), err.toString());
  }

  @Test
  void refusesAnUnknownOption() {
    assertEquals(2, execute("--nonsense"));
  }

  private int execute(String... args) {
    return Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }
}
