package org.plenum.bench.browser;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// A page that sends nothing, and notes each frame that it presents of one other participant.
public final class WatchingPage {
  private static final JsonMapper JSON = new JsonMapper();

  private WatchingPage() {}

  /// Joins.
  ///
  /// @param origin of the server's page
  public static Page open(BrowserContext context, String origin, String room) throws IOException {
    Page page = context.newPage();
    page.onPageError(error -> System.err.println("viewer: " + error));
    // A page that asks for no devices; one that we made up would not be let onto a private network.
    page.navigate(origin + "/recordings.html?room=" + room);
    page.addScriptTag(new Page.AddScriptTagOptions().setType("module").setContent(script()));
    page.waitForFunction("window.watching !== undefined");
    page.evaluate("room => watching.join(room)", room);
    return page;
  }

  private static String script() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(WatchingPage.class.getResourceAsStream("watching.js"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /// Milliseconds of the page's clock.
  public static double now(Page page) {
    return ((Number) page.evaluate("performance.now()")).doubleValue();
  }

  /// What it presented so far.
  public static Watched watched(Page page) throws IOException {
    String text = (String) page.evaluate("JSON.stringify(watching.seen)");
    return JSON.readValue(text, Watched.class);
  }
}
