package org.plenum.signaling.browser;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A participant at a Chromium page with fake devices.
final class ChromiumParticipant implements Participant, AutoCloseable {
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  private final String name;
  private final BrowserContext context;
  private final Page page;
  private final List<String> pageErrors = new ArrayList<>();

  ChromiumParticipant(String name, BrowserContext context) {
    this.name = name;
    this.context = context;
    context.addInitScript(Probe.SCRIPT);
    page = context.newPage();
    page.onPageError(pageErrors::add);
  }

  @Override
  public String name() {
    return name;
  }

  Page page() {
    return page;
  }

  /// What scripts of the page threw and nobody caught.
  List<String> pageErrors() {
    return pageErrors;
  }

  @Override
  public String evaluate(String expression) {
    return String.valueOf(page.evaluate(expression));
  }

  /// Presses a button of the call.
  void press(String testId) {
    page.getByTestId(testId).click();
  }

  void screenshot(String file) {
    page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(file + ".png")));
  }

  @Override
  public void close() {
    context.close();
  }
}
