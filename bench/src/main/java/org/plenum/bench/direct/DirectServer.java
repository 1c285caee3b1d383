package org.plenum.bench.direct;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.plenum.bench.proc.ProcessUsage;

/// A server on loopback that lets two talk directly.
final class DirectServer implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("Plenum is at (http://\\S+?)/?\\s");
  private static final int PATIENCE_MILLIS = 60_000;
  private static final String SETTINGS =
      """
      http { port = 0, host = "127.0.0.1" }
      management { port = 0, host = "127.0.0.1" }
      media { port = 0, workers = 1, bind = ["127.0.0.1"], offer-loopback = true, tcp.port = 0 }
      auth.open = true
      p2p.enabled = true
      """;

  private final Process process;
  private final String origin;

  /// Returns when it is ready.
  ///
  /// @param root of the repository, which was built
  DirectServer(Path root, Path out) throws IOException, InterruptedException {
    Path config = Files.writeString(out.resolve("plenum.conf"), SETTINGS);
    Path log = out.resolve("server.log");
    process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "@" + root.resolve("scripts/jvm.options"),
                    "-jar",
                    root.resolve("signaling/target/plenum/plenum.jar").toString(),
                    "--config",
                    config.toString()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    origin = awaitAddress(log);
  }

  private String awaitAddress(Path log) throws IOException, InterruptedException {
    for (int waited = 0; waited < PATIENCE_MILLIS; waited += 50) {
      Matcher ready = READY.matcher(Files.readString(log));
      if (ready.find()) {
        return ready.group(1);
      }
      if (!process.isAlive()) {
        break;
      }
      Thread.sleep(50);
    }
    process.destroyForcibly();
    throw new IOException("the server does not start: see " + log);
  }

  /// Of the page, without a slash at the end.
  String origin() {
    return origin;
  }

  /// What it has used up.
  ProcessUsage usage() throws IOException {
    return ProcessUsage.of(process.pid(), "plenum-worker");
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
