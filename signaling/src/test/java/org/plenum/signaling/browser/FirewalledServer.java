package org.plenum.signaling.browser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.plenum.signaling.Main;

/// A server with all on port 443, in a network namespace of its own, behind a firewall of nftables.
final class FirewalledServer implements AutoCloseable {
  /// TCP to 443, whatever it carries.
  static final String NO_UDP = "tcp dport 443 accept";

  /// Of TCP to 443 only connections that begin with a TLS record; the mark is for the rest of them.
  static final String TLS_ALONE =
      """
      tcp dport 443 ct mark 1 accept
      tcp dport 443 @ih,0,8 22 ct mark set 1 accept
      tcp dport 443 @ih,0,8 0-255 counter drop
      tcp dport 443 accept
      """;

  private static final long PATIENCE_SECONDS = 180;

  private final String namespace = "plenum-443-" + ProcessHandle.current().pid();
  private final String network = "10.79." + ProcessHandle.current().pid() % 250;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Process process;

  /// Skips the test unless we may make namespaces.
  ///
  /// @param directory for its settings
  FirewalledServer(Path directory) throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces need root");
    assumeTrue(succeeds("nft", "--version"), "needs nftables");
    run("ip", "netns", "add", namespace);
    try {
      makeLink();
      process = start(directory);
      Thread.ofVirtual().start(this::read);
      await("Plenum is at");
    } catch (Exception | Error e) {
      run("ip", "netns", "del", namespace);
      throw e;
    }
  }

  private void makeLink() throws IOException {
    String outside = "pl" + ProcessHandle.current().pid();
    run(
        List.of("ip", "link", "add", outside, "type", "veth", "peer", "name", "inside", "netns")
            .toArray(String[]::new),
        namespace);
    run("ip", "addr", "add", network + ".1/24", "dev", outside);
    run("ip", "link", "set", outside, "up");
    inside("ip", "addr", "add", network + ".2/24", "dev", "inside");
    inside("ip", "link", "set", "inside", "up");
    inside("ip", "link", "set", "lo", "up");
    // Browsers try from each of this machine's addresses.
    inside("ip", "route", "add", "default", "via", network + ".1");
  }

  private Process start(Path directory) throws IOException {
    Path settings = directory.resolve("plenum.conf");
    Files.writeString(
        settings,
        """
        http { host = "%1$s", port = 443, one-port = true }
        management.port = 0
        media { port = 443, workers = 1, bind = ["%1$s"], offer-loopback = false }
        tls.self-signed = true
        auth.open = true
        """
            .formatted(network + ".2"));
    return new ProcessBuilder(
            "ip",
            "netns",
            "exec",
            namespace,
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "--config",
            settings.toString())
        .redirectErrorStream(true)
        .start();
  }

  /// From now on nothing comes in but what these rules let through.
  void allow(String rules) throws IOException {
    inside("nft", "flush", "ruleset");
    inside("nft", "add", "table", "inet", "fire");
    inside("nft", "add chain inet fire in { type filter hook input priority 0; policy drop; }");
    inside("nft", "add rule inet fire in iif lo accept");
    for (String rule : rules.lines().toList()) {
      inside("nft", "add rule inet fire in " + rule);
    }
  }

  /// What nftables counted of what it dropped by a rule.
  String rules() throws IOException {
    return output("ip", "netns", "exec", namespace, "nft", "list", "ruleset");
  }

  String address(String name) {
    return "https://" + network + ".2/?room=lobby&autojoin=1&video=320x180@10&name=" + name;
  }

  private void await(String text) throws InterruptedException {
    StringBuilder seen = new StringBuilder();
    while (true) {
      String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertTrue(line != null && !line.isEmpty(), "no \"" + text + "\" in:\n" + seen);
      if (line.contains(text)) {
        return;
      }
      seen.append(line).append('\n');
    }
  }

  private void read() {
    try (BufferedReader reader = process.inputReader()) {
      reader.lines().filter(line -> !line.isEmpty()).forEach(lines::add);
    } catch (IOException | UncheckedIOException e) {
      // it was stopped
    }
    lines.add("");
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().join();
    run("ip", "netns", "del", namespace);
  }

  private void inside(String... command) throws IOException {
    run(List.of("ip", "netns", "exec", namespace).toArray(String[]::new), command);
  }

  private static void run(String[] first, String... command) throws IOException {
    String[] all = new String[first.length + command.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(command, 0, all, first.length, command.length);
    run(all);
  }

  private static void run(String... command) throws IOException {
    output(command);
  }

  private static String output(String... command) throws IOException {
    Process run = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(run.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, run.onExit().join().exitValue(), String.join(" ", command) + ": " + said);
    return said;
  }

  private static boolean succeeds(String... command) {
    try {
      return new ProcessBuilder(command).start().onExit().join().exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
