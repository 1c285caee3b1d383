package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// The server as a process of its own, which can be sent signals.
public final class ServerProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 180;
  private static final String READY = "Plenum is at http://localhost:";
  private static final String END = "";

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final int port;

  /// Returns when it is ready.
  ///
  /// @param settings in HOCON, beside free ports
  public ServerProcess(Path directory, String settings) throws Exception {
    this(directory, settings, List.of(), ServerProcess::plainly, true);
  }

  /// With options of the JVM.
  ServerProcess(Path directory, String settings, List<String> options) throws Exception {
    this(directory, settings, options, ServerProcess::plainly, true);
  }

  private ServerProcess(
      Path directory,
      String settings,
      List<String> options,
      Function<Path, List<String>> arguments,
      boolean starts)
      throws Exception {
    Path file = directory.resolve("plenum.conf");
    Files.writeString(
        file,
        (settings.contains("http { port") ? "" : "http.port = 0\n")
            + """
        media { port = 0, tcp.port = 0, workers = 1, bind = ["127.0.0.1"] }
        """
            + (settings.contains("management.port") ? "" : "management.port = 0\n")
            + settings);
    process =
        new ProcessBuilder(command(options, arguments.apply(file)))
            .redirectErrorStream(true)
            .start();
    Thread.ofVirtual().start(this::read);
    port = starts ? Integer.parseInt(await(READY).substring(READY.length())) : 0;
  }

  /// What a server says that does not start, all of it.
  static List<String> refusal(Path directory, String settings) throws Exception {
    try (var server =
        new ServerProcess(directory, settings, List.of(), ServerProcess::plainly, false)) {
      server.exitStatus();
      return server.lines.stream().filter(line -> !line.isEmpty()).toList();
    }
  }

  /// Told its settings in a way that only picocli understands: by a file of options.
  static ServerProcess byPicocli(Path directory, String settings) throws Exception {
    Path options = directory.resolve("options");
    return new ServerProcess(
        directory,
        settings,
        List.of(),
        file -> {
          write(options, "--config " + file);
          return List.of("@" + options);
        },
        true);
  }

  private static List<String> plainly(Path file) {
    return List.of("--config", file.toString());
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> command(List<String> options, List<String> arguments) {
    List<String> command = new ArrayList<>();
    // Who runs the tests in the background of a shell has them ignore SIGINT.
    command.addAll(List.of("env", "--default-signal=INT"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(arguments);
    return command;
  }

  public String http() {
    return "http://127.0.0.1:" + port;
  }

  String webSocket() {
    return "ws://127.0.0.1:" + port + "/ws";
  }

  /// The next line it wrote that holds this.
  String await(String text) throws InterruptedException {
    StringBuilder seen = new StringBuilder();
    while (true) {
      String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertTrue(line != null && !line.equals(END), "no \"" + text + "\" in:\n" + seen);
      if (line.contains(text)) {
        return line;
      }
      seen.append(line).append('\n');
    }
  }

  /// @param name TERM, INT, KILL
  public void signal(String name) throws Exception {
    var kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start();
    assertTrue(kill.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
  }

  /// Waits for its end.
  public int exitStatus() throws InterruptedException {
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it has ended");
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  private void read() {
    try (BufferedReader reader = process.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      // it was killed
    }
    lines.add(END);
  }
}
