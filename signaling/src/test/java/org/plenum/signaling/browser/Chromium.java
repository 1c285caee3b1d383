package org.plenum.signaling.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A headless Chromium with fake camera and microphone.
///
/// @param browser asks nobody for permissions: a context has those it was made with
record Chromium(Playwright playwright, Browser browser) implements AutoCloseable {
  /// A name for 127.0.0.1 that browsers do not trust as they trust that address.
  static final String INSECURE_HOST = "plenum.test";

  private static final List<String> FLAGS =
      List.of(
          "--no-sandbox",
          "--disable-dev-shm-usage",
          "--disable-background-networking",
          // Of TURN over TLS; what a page is loaded by is the contexts' own.
          "--ignore-certificate-errors",
          "--autoplay-policy=no-user-gesture-required",
          "--host-resolver-rules=MAP " + INSECURE_HOST + " 127.0.0.1");

  static {
    // A healthy machine that is busy needs more than the 5 s that Playwright gives.
    PlaywrightAssertions.setDefaultAssertionTimeout(Eventually.BOUND.toMillis());
  }

  static Chromium launch() {
    return launch("--use-fake-device-for-media-stream");
  }

  static Chromium launch(String... devices) {
    return launch(Installed.chromium(), devices);
  }

  /// @param program starts Chromium
  static Chromium launch(Path program, String... devices) {
    LaunchOptions options = new LaunchOptions().setExecutablePath(program).setArgs(flags(devices));
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    try {
      return new Chromium(playwright, playwright.chromium().launch(options));
    } catch (RuntimeException e) {
      playwright.close();
      throw e;
    }
  }

  @Override
  public void close() {
    playwright.close();
  }

  private static List<String> flags(String... devices) {
    List<String> flags = new ArrayList<>(FLAGS);
    flags.addAll(List.of(devices));
    return flags;
  }
}
