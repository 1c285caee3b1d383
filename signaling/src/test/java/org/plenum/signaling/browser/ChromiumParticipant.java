package org.plenum.signaling.browser;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ScreenshotAnimations;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A participant at a Chromium page with fake devices.
final class ChromiumParticipant implements Participant, AutoCloseable {
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  /// What the browser itself writes to the console while a server is away and looked for, whatever
  /// the page does.
  private static final List<String> OF_LOST_CONNECTIONS =
      List.of("WebSocket connection to ", "net::ERR_", "status of 426 (Upgrade Required)");

  private final String name;
  private final BrowserContext context;
  private final Page page;
  private final List<String> pageErrors = new ArrayList<>();
  private final List<String> consoleErrors = new ArrayList<>();

  ChromiumParticipant(String name, BrowserContext context) {
    this.name = name;
    this.context = context;
    context.addInitScript(Probe.SCRIPT);
    page = context.newPage();
    page.onPageError(pageErrors::add);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) {
            consoleErrors.add(message.text() + " (" + message.location() + ")");
          }
        });
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

  /// What the console was told went wrong, but for connections that were lost.
  List<String> consoleErrors() {
    return consoleErrors.stream()
        .filter(error -> OF_LOST_CONNECTIONS.stream().noneMatch(error::contains))
        .toList();
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
