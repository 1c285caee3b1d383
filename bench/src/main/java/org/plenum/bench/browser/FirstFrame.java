package org.plenum.bench.browser;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// How long someone who comes into a room waits for the first picture: pages of a headless Chromium
/// join one after the other a room in which another one is sending.
public final class FirstFrame {
  private static final JsonMapper JSON = new JsonMapper();
  private static final List<String> STEPS = List.of("answer", "ice", "dtls", "firstFrame");
  private static final double PATIENCE_MILLIS = 30_000;
  private static final List<String> FLAGS =
      List.of(
          "--no-sandbox",
          "--disable-dev-shm-usage",
          "--disable-background-networking",
          "--autoplay-policy=no-user-gesture-required",
          "--use-fake-device-for-media-stream");

  private final Browser browser;
  private final String url;
  private final String script;

  private FirstFrame(Browser browser, String url) throws IOException {
    this.browser = browser;
    this.url = url;
    try (InputStream in =
        Objects.requireNonNull(FirstFrame.class.getResourceAsStream("timeline.js"))) {
      script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /// @param args the page's address, how many times, and where to write the results
  public static void main(String[] args) throws IOException {
    var options =
        new BrowserType.LaunchOptions()
            .setExecutablePath(Path.of("/usr/bin/chromium"))
            .setArgs(FLAGS);
    var environment = Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    try (Playwright playwright =
        Playwright.create(new Playwright.CreateOptions().setEnv(environment))) {
      var measure = new FirstFrame(playwright.chromium().launch(options), args[0]);
      ArrayNode results = measure.run(Integer.parseInt(args[1]));
      Files.writeString(Path.of(args[2]), results.toPrettyString() + "\n");
    }
  }

  private ArrayNode run(int times) {
    ArrayNode results = JSON.createArrayNode();
    try (BrowserContext sender = context()) {
      Page sending = join(sender, "sender");
      sending.waitForFunction("plenumTimes.dtls", null, patience());
      for (int i = 0; i < times; i++) {
        try (BrowserContext viewer = context()) {
          results.addPOJO(times(join(viewer, "viewer")));
        }
      }
    }
    return results;
  }

  private BrowserContext context() {
    BrowserContext made =
        browser.newContext(
            new Browser.NewContextOptions()
                .setBypassCSP(true) // waiting for a function is done by eval
                .setPermissions(List.of("camera", "microphone")));
    made.addInitScript(script);
    return made;
  }

  private Page join(BrowserContext context, String name) {
    Page page = context.newPage();
    page.navigate(url + "/?room=first-frame&autojoin=1&video=320x180@15&name=" + name);
    return page;
  }

  /// Milliseconds since the WebSocket opened.
  private static Map<String, Double> times(Page page) {
    page.waitForFunction("plenumTimes.firstFrame", null, patience());
    var relative = new TreeMap<String, Double>();
    for (String step : STEPS) {
      Object value = page.evaluate("plenumTimes." + step + " - plenumTimes.open");
      relative.put(step, ((Number) value).doubleValue());
    }
    return relative;
  }

  private static Page.WaitForFunctionOptions patience() {
    return new Page.WaitForFunctionOptions().setTimeout(PATIENCE_MILLIS).setPollingInterval(20);
  }
}
