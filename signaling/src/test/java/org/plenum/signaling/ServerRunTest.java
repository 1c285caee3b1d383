package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A start with picocli and one without are the same.
class ServerRunTest {
  @TempDir private Path directory;

  @Test
  void readsPlainCommandLinesOnly() {
    assertTrue(ServerRun.isMeant());
    assertTrue(ServerRun.isMeant("--config", "a.conf"));
    assertTrue(ServerRun.isMeant("--config=a=b.conf"));
    for (List<String> line :
        List.of(
            List.of("--help"),
            List.of("--config"),
            List.of("--config="),
            List.of("--config", ""),
            List.of("--config", "--print-config"),
            List.of("--config", "@options"),
            List.of("--config=\"a.conf\""),
            List.of("--config=a\u0000b"),
            List.of("--config", "a.conf", "--check-config"),
            List.of("--print-config", "--config=a.conf"),
            List.of("@options"),
            List.of("token"),
            List.of(""))) {
      assertFalse(ServerRun.isMeant(line.toArray(String[]::new)), line::toString);
    }
  }

  @Test
  void saysTheSameAsWithPicocliIfItCannotStart() throws Exception {
    Path wrong = Files.writeString(directory.resolve("wrong.conf"), "http.port = 70000");
    Path missing = directory.resolve("missing.conf");
    for (String[] line :
        List.of(
            new String[] {"--config", wrong.toString()},
            new String[] {"--config=" + wrong},
            new String[] {"--config", missing.toString()})) {
      assertTrue(ServerRun.isMeant(line));
      assertEquals(said(Main::execute, line), said(ServerRun::execute, line));
    }
  }

  @Test
  void servesTheSameAsWithPicocli() throws Exception {
    assertEquals(
        stopped(new ServerProcess(directory, "")), stopped(ServerProcess.byPicocli(directory, "")));
  }

  /// The exit status after SIGTERM.
  private static int stopped(ServerProcess server) throws Exception {
    try (server) {
      server.signal("TERM");
      return server.exitStatus();
    }
  }

  private static String said(Program program, String... line) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status = program.execute(new PrintWriter(out, true), new PrintWriter(err, true), line);
    return status + "\n" + out + "\n" + err;
  }

  private interface Program {
    int execute(PrintWriter out, PrintWriter err, String... args);
  }
}
