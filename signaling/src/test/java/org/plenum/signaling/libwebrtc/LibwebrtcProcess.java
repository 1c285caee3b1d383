package org.plenum.signaling.libwebrtc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A [LibwebrtcClient] in a JVM of its own. Closing ends it in any case; [#end] wants it to end
/// well.
final class LibwebrtcProcess implements AutoCloseable {
  /// Far more than a busy machine takes for a start and a frame.
  private static final int BOUND_SECONDS = 60;

  private static final String FRAME = "frame ";

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final List<String> seen = new ArrayList<>();

  /// @param role `publish` or `view`
  LibwebrtcProcess(String role, String url) throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                LibwebrtcClient.class.getName(),
                role,
                url)
            .redirectErrorStream(true)
            .start();
    Thread.ofVirtual().start(this::read);
  }

  /// Waits for so many frames, counted from now, and returns what they showed.
  List<String> awaitFrames(int count) {
    List<String> frames = new ArrayList<>();
    while (frames.size() < count) {
      String line = next();
      if (line.startsWith(FRAME)) {
        frames.add(line.substring(FRAME.length()));
      }
    }
    return frames;
  }

  /// Lets it end its session, which must be there still.
  void end() throws IOException {
    process.getOutputStream().close();
    while (!next().equals("ended 200")) {
      // frames that were on their way
    }
    assertEquals(0, process.onExit().orTimeout(BOUND_SECONDS, TimeUnit.SECONDS).join().exitValue());
  }

  @Override
  public void close() {
    process.toHandle().destroyForcibly(); // Process.destroyForcibly would close its output
  }

  private String next() {
    try {
      @Nullable String line = lines.poll(BOUND_SECONDS, TimeUnit.SECONDS);
      if (line == null) {
        throw new AssertionError("nothing came any more after " + seen);
      }
      seen.add(line);
      return line;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private void read() {
    try (BufferedReader output = process.inputReader()) {
      output.lines().forEach(lines::add);
    } catch (IOException e) {
      lines.add(e.toString());
    }
  }
}
