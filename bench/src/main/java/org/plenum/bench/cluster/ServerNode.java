package org.plenum.bench.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A server in a network namespace of its own, started and stopped as often as wanted.
final class ServerNode {
  private static final String READY = "Plenum is at";
  private static final int PATIENCE_MILLIS = 60_000;
  static final int COUNT = 3;

  private final String namespaces;
  private final int index;
  private final Path root;
  private final Path directory;
  private @Nullable Process process;
  private int starts;
  private double startSeconds;

  /// @param namespaces the name that those of the nodes begin with
  /// @param root of the repository
  ServerNode(String namespaces, int index, Path root, Path out) throws IOException {
    this.namespaces = namespaces;
    this.index = index;
    this.root = root;
    this.directory = Files.createDirectories(out.resolve("n" + index));
  }

  String name() {
    return "n" + index;
  }

  String origin() {
    return origin(index);
  }

  private static String host(int index) {
    return "10.79.0.1" + index;
  }

  static String origin(int index) {
    return "http://" + host(index) + ":8080";
  }

  /// Returns when it is ready.
  ///
  /// @param clustered whether it is a node, or a server that is alone
  void start(boolean clustered, String... options) throws IOException, InterruptedException {
    Path config = directory.resolve("plenum.conf");
    Files.writeString(config, config(clustered));
    Path log = directory.resolve("server-" + starts++ + ".log");
    List<String> command = new ArrayList<>();
    command.addAll(List.of("ip", "netns", "exec", namespaces + "-n" + index));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + root.resolve("scripts/jvm.options"));
    command.addAll(List.of(options));
    command.addAll(List.of("-jar", root.resolve("signaling/target/plenum/plenum.jar").toString()));
    command.addAll(List.of("--config", config.toString()));
    long begun = System.nanoTime();
    process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    while (!Files.readString(log).contains(READY)) {
      if (!process.isAlive() || (System.nanoTime() - begun) / 1_000_000 > PATIENCE_MILLIS) {
        throw new IOException("node " + index + " does not start: see " + log);
      }
      Thread.sleep(5);
    }
    startSeconds = (System.nanoTime() - begun) / 1e9;
  }

  private String config(boolean clustered) {
    String both =
        """
        http { port = 8080, host = "0.0.0.0", allowed-origins = ["*"] }
        auth.open = true
        management { port = 8081, host = "127.0.0.1" }
        media { workers = 1 }
        limits { joins-per-second = 1000, connections-per-address = 1000 }
        drain.seconds = 15
        """;
    return !clustered
        ? both
        : both
            + """
            cluster {
              enabled = true, node = n%d, host = "%s", port = 7800, expected = %d
              hosts = ["10.79.0.10:7800", "10.79.0.11:7800", "10.79.0.12:7800"]
              secret = "a secret that the three nodes share"
              url = "%s"
            }
            """
                .formatted(index, host(index), COUNT, origin());
  }

  /// How long it took to be ready.
  double startSeconds() {
    return startSeconds;
  }

  /// Of physical memory.
  double residentMebibytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + present().pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
      }
    }
    throw new IOException("no VmRSS");
  }

  boolean isAlive() {
    return process != null && process.isAlive();
  }

  /// @param name `KILL`, `STOP`, `CONT` or `TERM`
  void signal(String name) throws IOException, InterruptedException {
    run("kill", "-" + name, present().pid() + "");
  }

  /// Its network is there, or gone without a word to anybody.
  void cable(boolean plugged) throws IOException, InterruptedException {
    run("ip", "-n", namespaces, "link", "set", "v" + index, plugged ? "up" : "down");
  }

  /// What its API answers, which without keys it does to its own host only; empty if nothing.
  String api(String method, String path) throws IOException, InterruptedException {
    Process curl =
        new ProcessBuilder(
                "ip",
                "netns",
                "exec",
                namespaces + "-n" + index,
                "curl",
                "-s",
                "-m",
                "20",
                "-X",
                method,
                "-H",
                "Content-Type: application/json",
                "-d",
                method.equals("GET") ? "" : "{}",
                "http://127.0.0.1:8080/api/v1" + path)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String answer = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    curl.waitFor();
    return answer;
  }

  /// In any case.
  void end() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  void awaitExit() throws InterruptedException {
    if (process != null) {
      process.waitFor();
    }
  }

  private Process present() throws IOException {
    if (process == null) {
      throw new IOException("node " + index + " was not started");
    }
    return process;
  }

  private static void run(String... command) throws IOException, InterruptedException {
    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException(String.join(" ", command) + " ended with " + status);
    }
  }
}
