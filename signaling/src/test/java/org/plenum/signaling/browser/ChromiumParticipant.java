package org.plenum.signaling.browser;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ScreenshotAnimations;
import java.nio.file.Path;

/// A participant at a Chromium page with fake devices.
final class ChromiumParticipant implements Participant, AutoCloseable {
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  private final String name;
  private final BrowserContext context;
  private final Page page;

  ChromiumParticipant(String name, BrowserContext context) {
    this.name = name;
    this.context = context;
    context.setDefaultTimeout(Eventually.BOUND.toMillis());
    QuietConsole.watch(context, name);
    context.addInitScript(Probe.SCRIPT);
    page = context.newPage();
  }

  @Override
  public String name() {
    return name;
  }

  Page page() {
    return page;
  }

  @Override
  public String evaluate(String expression) {
    return String.valueOf(page.evaluate(expression));
  }

  /// Presses a button of the call.
  void press(String testId) {
    page.getByTestId(testId).click();
  }

  /// As the page looks when colours and places have changed over.
  void screenshot(String file) {
    page.screenshot(
        new Page.ScreenshotOptions()
            .setPath(SCREENSHOTS.resolve(file + ".png"))
            .setAnimations(ScreenshotAnimations.DISABLED));
  }

  @Override
  public void close() {
    context.close();
  }
}
