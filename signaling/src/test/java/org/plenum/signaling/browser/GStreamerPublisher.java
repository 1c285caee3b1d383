package org.plenum.signaling.browser;

import static org.plenum.signaling.browser.Eventually.eventually;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/// GStreamer's webrtcbin as a publisher by WHIP, in a process of its own.
final class GStreamerPublisher implements AutoCloseable {
  private static final int BOUND_SECONDS = 30;

  /// 30, 30, 200: the blue of picture.js.
  private static final String BLUE = "0xff1e1ec8";

  private final Path script;
  private final Process process;
  private final Queue<String> output = new ConcurrentLinkedQueue<>();

  /// Skips the test, or fails it in CI, if GStreamer or a part of it is not installed.
  ///
  /// @param url to post the offer to
  /// @param path `relay`: by nothing but the TURN server that the answer names; or none
  GStreamerPublisher(String url, String... path) throws IOException {
    script = Files.createTempFile("plenum-gstreamer", ".py");
    Files.writeString(script, Probe.read("gstreamer_whip.py"));
    String python = Installed.python().toString();
    Installed.require(List.of(python, script.toString(), "--check"), "GStreamer's webrtcbin");
    List<String> command = new ArrayList<>(List.of(python, script.toString(), url, BLUE));
    command.addAll(List.of(path));
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Thread.ofVirtual().start(this::read);
  }

  /// Waits until it says that its connection stands.
  void awaitConnected() {
    eventually("GStreamer to connect", this::output, output -> output.contains("\nconnected"));
  }

  /// Makes it pause, and then go on with RTP timestamps that are away from where they would be;
  /// returns once it does.
  ///
  /// @param units of 90 kHz
  void jump(int seconds, int units) throws IOException {
    long before = jumps();
    BufferedWriter commands = process.outputWriter();
    commands.write("jump %d %d\n".formatted(seconds, units));
    commands.flush();
    eventually("GStreamer's timestamps to jump", this::jumps, jumps -> jumps > before);
  }

  private long jumps() {
    return output.stream().filter("jumped"::equals).count();
  }

  /// What it said: its offer, then the states of its connection.
  String output() {
    return String.join("\n", output);
  }

  /// Tells it to end, and waits until it has; its session is ended then.
  @Override
  public void close() throws IOException {
    process.toHandle().destroy(); // Process.destroy would close its output
    try {
      if (!process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS)) {
        process.toHandle().destroyForcibly();
        throw new AssertionError("GStreamer did not end: " + output());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } finally {
      Files.deleteIfExists(script);
    }
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      lines.lines().forEach(output::add);
    } catch (IOException e) {
      output.add(e.toString());
    }
  }
}
