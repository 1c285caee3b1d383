package org.plenum.signaling.browser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Debian's browsers, and what else of Debian's the tests drive.
final class Installed {
  private Installed() {}

  static Path chromium() {
    return find("chromium");
  }

  static Path firefox() {
    return find("firefox-esr");
  }

  /// Debian's, which has Debian's modules.
  static Path python() {
    return find("python3");
  }

  static Path nginx() {
    return find("/usr/sbin", "nginx");
  }

  /// Skips the test, or fails it in CI, unless this command succeeds.
  static void require(List<String> command, String what) throws IOException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      lacks("This test needs " + what + " (./test installs it): " + e.getMessage());
      return;
    }
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      lacks("This test needs " + what + " (./test installs it): " + output);
    }
  }

  private static Path find(String name) {
    return find("/usr/bin", name);
  }

  private static Path find(String directory, String name) {
    Path executable = Path.of(directory, name);
    if (Files.isExecutable(executable)) {
      return executable;
    }
    return lacks("The browser tests need Debian's package " + name + ".");
  }

  private static Path lacks(String problem) {
    return "true".equals(System.getenv("CI")) ? fail(problem) : abort(problem);
  }
}
