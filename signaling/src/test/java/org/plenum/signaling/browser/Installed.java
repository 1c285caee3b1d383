package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;

/// Debian's browsers.
final class Installed {
  private Installed() {}

  static Path chromium() {
    return find("chromium");
  }

  static Path firefox() {
    return find("firefox-esr");
  }

  private static Path find(String browser) {
    Path executable = Path.of("/usr/bin", browser);
    if (Files.isExecutable(executable)) {
      return executable;
    }
    String problem = "The browser tests need Debian's package " + browser + ".";
    if ("true".equals(System.getenv("CI"))) {
      return fail(problem);
    }
    return abort(problem);
  }
}
