package org.plenum.bench.load;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.plenum.bench.browser.Watched;
import org.plenum.bench.browser.WatchingPage;

/// Headless Chromiums in a room beside the synthetic clients, whose packets no decoder would take:
/// a page sends the picture of a fake camera, others view it. One thread.
final class BrowserViewers implements AutoCloseable {
  private static final int FRAMES_PER_SECOND = 20;
  private static final double USUAL_MILLIS = 1000.0 / FRAMES_PER_SECOND;
  private static final double PATIENCE_MILLIS = 60_000;

  private final String origin;
  private final int count;
  private final Playwright playwright;
  private final Browser browser;
  private final List<Page> viewers = new ArrayList<>();
  private final List<Double> beginMillis = new ArrayList<>();

  /// @param url of the server's page
  BrowserViewers(URI url, int count) {
    this.origin = url.getScheme() + "://" + url.getAuthority();
    this.count = count;
    this.playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    this.browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(Path.of("/usr/bin/chromium"))
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-dev-shm-usage",
                            "--disable-background-networking",
                            "--autoplay-policy=no-user-gesture-required",
                            "--unsafely-treat-insecure-origin-as-secure=" + origin,
                            "--use-fake-ui-for-media-stream",
                            "--use-fake-device-for-media-stream=fps=" + FRAMES_PER_SECOND)));
  }

  /// Joins one after the other, each once the one before sees a picture.
  void begin(String room) throws IOException {
    Page sender = context().newPage();
    sender.navigate(
        origin + "/?autojoin=1&video=640x360@" + FRAMES_PER_SECOND + "&room=" + room + "&name=s");
    await(sender, "window.plenum?.state === 'connected'");
    for (int i = 0; i < count; i++) {
      Page viewer = WatchingPage.open(context(), origin, room);
      await(viewer, "watching.seen.frames.length > 0");
      viewers.add(viewer);
    }
    viewers.forEach(viewer -> beginMillis.add(WatchingPage.now(viewer)));
  }

  private static void await(Page page, String condition) {
    page.waitForFunction(
        condition,
        null,
        new Page.WaitForFunctionOptions().setTimeout(PATIENCE_MILLIS).setPollingInterval(50));
  }

  private BrowserContext context() {
    return browser.newContext(
        new Browser.NewContextOptions()
            .setBypassCSP(true) // waiting for a function is done by eval
            .setPermissions(List.of("camera", "microphone")));
  }

  /// What they saw since [#begin] returned.
  LoadResult.Browsers end() throws IOException {
    double least = Double.POSITIVE_INFINITY;
    double frozen = 0;
    double first = 0;
    int freezes = 0;
    for (int i = 0; i < viewers.size(); i++) {
      double from = beginMillis.get(i);
      double to = WatchingPage.now(viewers.get(i));
      Watched watched = WatchingPage.watched(viewers.get(i));
      least = Math.min(least, watched.rate(from, to));
      frozen = Math.max(frozen, watched.frozenSeconds(from, to, USUAL_MILLIS));
      freezes += watched.freezes(from, to, USUAL_MILLIS);
      first = Math.max(first, 1000 * watched.firstFrameSeconds());
    }
    return new LoadResult.Browsers(viewers.size(), least, freezes, frozen, first);
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
