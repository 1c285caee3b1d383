package org.plenum.bench.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A participant at a page, and what it saw and heard; times are milliseconds since the epoch.
public final class Viewer implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final double PATIENCE_MILLIS = 60_000;

  private static final double FROZEN_MILLIS = 200;

  private final BrowserContext context;
  private final Page page;

  /// What was presented and heard from one moment to another.
  ///
  /// @param frozenMillis the longest time without a new picture, of any of the others
  /// @param backMillis when that was over, after the first moment
  /// @param silentMillis the longest time without any sound
  public record Seen(double frozenMillis, double backMillis, double silentMillis) {}

  /// Joins at once.
  public Viewer(Browser browser, String origin, String room, String name) throws IOException {
    this(browser, origin + "/?autojoin=1&video=320x180@20&room=" + room, name);
  }

  /// @param url of the page, with the room and whatever else it is to be told
  public Viewer(Browser browser, String url, String name) throws IOException {
    context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setBypassCSP(true)
                .setPermissions(List.of("camera", "microphone")));
    context.addInitScript(script());
    page = context.newPage();
    page.onPageError(error -> System.err.println(name + ": " + error));
    page.navigate(url + "&name=" + name, new Page.NavigateOptions().setTimeout(PATIENCE_MILLIS));
  }

  /// What a script of the page says.
  public Object evaluate(String script) {
    return page.evaluate(script);
  }

  /// Until a script of the page says so.
  public void await(String condition) {
    page.waitForFunction(
        condition,
        null,
        new Page.WaitForFunctionOptions().setTimeout(PATIENCE_MILLIS).setPollingInterval(50));
  }

  /// By the button with this name for tests.
  public void press(String button) {
    page.getByTestId(button).click(new Locator.ClickOptions().setTimeout(PATIENCE_MILLIS));
  }

  private static String script() throws IOException {
    try (InputStream in = Objects.requireNonNull(Viewer.class.getResourceAsStream("probe.js"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /// Until pictures of so many others are presented.
  public void awaitPictures(int others) {
    page.waitForFunction(
        "others => Object.values(probe.frames).filter((times) => times.length > 40).length >= others",
        others,
        new Page.WaitForFunctionOptions().setTimeout(PATIENCE_MILLIS).setPollingInterval(100));
  }

  /// The id of whoever is at this page.
  public String participant() {
    return (String) page.evaluate("plenum.participant");
  }

  /// How many of the others left, as far as people were told.
  public int left() {
    return ((Number) page.evaluate("probe.left")).intValue();
  }

  public void raiseHand() {
    page.evaluate("plenum.sendMessage('up', { topic: 'hand' })");
  }

  public void mute(boolean muted) {
    page.evaluate("muted => plenum.setMuted('camera', muted)", muted);
  }

  public String state() {
    return (String) page.evaluate("plenum.state");
  }

  /// From one moment to another, of all the others.
  public Seen seen(double fromMillis, double toMillis) throws IOException {
    JsonNode probe = JSON.readTree((String) page.evaluate("JSON.stringify(probe)"));
    return seen(probe, probe.path("frames"), fromMillis, toMillis);
  }

  /// The same, of the pictures of one participant; sound is everybody's.
  public Seen seen(double fromMillis, double toMillis, String participant) throws IOException {
    JsonNode probe = JSON.readTree((String) page.evaluate("JSON.stringify(probe)"));
    JsonNode times = probe.path("frames").path(participant);
    return seen(probe, JSON.createArrayNode().add(times), fromMillis, toMillis);
  }

  private static Seen seen(JsonNode probe, JsonNode frames, double fromMillis, double toMillis) {
    double frozen = 0;
    double back = 0;
    for (JsonNode times : frames) {
      List<Double> all = new ArrayList<>();
      times.forEach(each -> all.add(each.asDouble()));
      all.add(toMillis);
      double before = fromMillis;
      double last = Double.NaN;
      for (double time : all) {
        if (time <= fromMillis) {
          before = time;
        } else if (time <= toMillis) {
          if (time - before > frozen) {
            frozen = time - before;
            back = time - fromMillis;
          }
          last = time;
          before = time;
        }
      }
      if (Double.isNaN(last)) {
        frozen = back = toMillis - fromMillis;
      }
    }
    double silent = 0;
    for (JsonNode silence : probe.path("silences")) {
      double end = silence.path("at").asDouble();
      if (end > fromMillis && end <= toMillis) {
        silent = Math.max(silent, silence.path("millis").asDouble());
      }
    }
    return new Seen(frozen, back, silent);
  }

  /// What happened when, beside the longest gaps between pictures: for whoever wonders.
  public void tell(Path file, double fromMillis) throws IOException {
    JsonNode probe = JSON.readTree((String) page.evaluate("JSON.stringify(probe)"));
    List<String> lines = new ArrayList<>();
    for (JsonNode each : probe.path("notes")) {
      lines.add("%8.0f %s".formatted(each.path("at").asDouble() - fromMillis, each.path("what")));
    }
    for (JsonNode times : probe.path("frames")) {
      double before = Double.MAX_VALUE;
      for (JsonNode each : times) {
        double time = each.asDouble() - fromMillis;
        if (time - before > FROZEN_MILLIS) {
          lines.add("%8.0f a picture, the first after %.0f".formatted(time, time - before));
        }
        before = time;
      }
    }
    lines.sort(null);
    Files.write(file, lines);
  }

  @Override
  public void close() {
    context.close();
  }
}
