package org.plenum.signaling.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/// A participant at a tab of Firefox, steered by WebDriver BiDi.
final class FirefoxParticipant implements Participant, AutoCloseable {
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  private final String name;
  private final BidiConnection bidi;
  private final String tab;

  FirefoxParticipant(String name, BidiConnection bidi) {
    QuietConsole.current();
    this.name = name;
    this.bidi = bidi;
    tab =
        bidi.send("browsingContext.create", BidiConnection.parameters().put("type", "tab"))
            .get("context")
            .asText();
  }

  /// Starts a session on a connection; the probe runs in all of its pages, and their consoles are
  /// heard.
  static void prepare(BidiConnection bidi) {
    ObjectNode session = BidiConnection.parameters();
    // As a person clicks the warning away.
    session.putObject("capabilities").putObject("alwaysMatch").put("acceptInsecureCerts", true);
    bidi.send("session.new", session);
    bidi.onEvent("log.entryAdded", FirefoxParticipant::hear);
    ObjectNode events = BidiConnection.parameters();
    events.putArray("events").add("log.entryAdded");
    bidi.send("session.subscribe", events);
    bidi.send(
        "script.addPreloadScript",
        BidiConnection.parameters().put("functionDeclaration", "() => {" + Probe.SCRIPT + "}"));
  }

  private static void hear(JsonNode entry) {
    if (entry.path("level").asText().equals("error")) {
      String kind = entry.path("type").asText().equals("javascript") ? "uncaught: " : "";
      String place = entry.at("/stackTrace/callFrames/0/url").asText();
      QuietConsole.current().told("Firefox", kind + entry.path("text").asText(), place);
    }
  }

  @Override
  public String name() {
    return name;
  }

  void open(String address) {
    bidi.send(
        "browsingContext.navigate",
        BidiConnection.parameters()
            .put("context", tab)
            .put("url", address)
            .put("wait", "complete"));
  }

  void reload() {
    bidi.send(
        "browsingContext.reload",
        BidiConnection.parameters().put("context", tab).put("wait", "complete"));
  }

  /// Presses a button of the call.
  void press(String testId) {
    evaluate("document.querySelector('[data-testid=" + testId + "]').click()");
  }

  @Override
  public String evaluate(String expression) {
    ObjectNode parameters =
        BidiConnection.parameters().put("expression", expression).put("awaitPromise", true);
    parameters.putObject("target").put("context", tab);
    JsonNode evaluated = bidi.send("script.evaluate", parameters);
    if (!evaluated.path("type").asText().equals("success")) {
      throw new AssertionError(expression + " failed: " + evaluated.path("exceptionDetails"));
    }
    return evaluated.at("/result/value").asText();
  }

  /// Types into what has the focus; U+E007 is Enter (WebDriver §17.4.2).
  void type(String keys) {
    ObjectNode parameters = BidiConnection.parameters().put("context", tab);
    ObjectNode keyboard = parameters.putArray("actions").addObject();
    keyboard.put("type", "key").put("id", "keyboard");
    ArrayNode actions = keyboard.putArray("actions");
    keys.codePoints()
        .mapToObj(Character::toString)
        .forEach(
            key -> {
              actions.addObject().put("type", "keyDown").put("value", key);
              actions.addObject().put("type", "keyUp").put("value", key);
            });
    bidi.send("input.performActions", parameters);
  }

  void resize(int width, int height) {
    ObjectNode parameters = BidiConnection.parameters().put("context", tab);
    parameters.putObject("viewport").put("width", width).put("height", height);
    bidi.send("browsingContext.setViewport", parameters);
  }

  void screenshot(String file) throws IOException {
    JsonNode picture =
        bidi.send(
            "browsingContext.captureScreenshot", BidiConnection.parameters().put("context", tab));
    Files.createDirectories(SCREENSHOTS);
    Files.write(
        SCREENSHOTS.resolve(file + ".png"),
        Base64.getDecoder().decode(picture.get("data").asText()));
  }

  @Override
  public void close() {
    bidi.send("browsingContext.close", BidiConnection.parameters().put("context", tab));
  }
}
