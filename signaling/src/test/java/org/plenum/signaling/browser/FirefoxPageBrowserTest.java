package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The page in Firefox: chat, and how tiles and screens are laid out.
@Tag("browser")
class FirefoxPageBrowserTest {
  private static final String HTML = "<img src=x onerror='window.attacked = true'>";

  /// The boxes of the shared screen, the other tiles and the window, in JSON.
  private static final String LAYOUT =
      """
      (() => {
        const box = (element) => {
          const { left, top, right, bottom } = element.getBoundingClientRect();
          return { left, top, right, bottom, area: (right - left) * (bottom - top) };
        };
        const screen = document.querySelector('#screens > .tile');
        return JSON.stringify({
          large: screen && box(screen),
          name: screen?.ariaLabel ?? '',
          picture: screen?.querySelector('video').videoWidth ?? 0,
          small: [...document.querySelectorAll('#grid > .tile')].map(box),
          width: innerWidth,
          height: innerHeight,
          overflow: document.documentElement.scrollWidth - innerWidth,
        });
      })()""";

  private static FirefoxProcess firefox;
  private static BidiConnection bidi;

  @RegisterExtension private final CallExtension calls = new CallExtension(RealAddress::config);

  @BeforeAll
  static void start() throws IOException {
    assumeTrue(RealAddress.isThere(), "Firefox needs an IPv4 address other than 127.0.0.1.");
    firefox = new FirefoxProcess();
    bidi = new BidiConnection(firefox.address());
    FirefoxParticipant.prepare(bidi);
  }

  @AfterAll
  static void stop() {
    if (bidi != null) {
      bidi.close();
    }
    if (firefox != null) {
      firefox.close();
    }
  }

  @Test
  void firefoxChatsRaisesAHandAndReacts(Call call) throws IOException {
    try (FirefoxParticipant grace = new FirefoxParticipant("Grace", bidi)) {
      ChromiumParticipant ada = call.join("Ada");
      grace.open(call.address("Grace", Call.SMALL));
      ada.seesAndHears("Grace");

      grace.press("open-chat");
      say(grace, HTML);
      ada.isTold("Grace: " + HTML);
      ada.press("open-chat");
      ada.page().getByTestId("chat-text").fill("Hello Firefox");
      ada.page().getByTestId("chat-text").press("Enter");
      eventually(
          "both messages",
          () -> grace.evaluate(texts()),
          texts -> texts.equals(HTML + "|Hello Firefox"));
      assertEquals("undefined", grace.evaluate("typeof window.attacked"));
      for (int width : List.of(1280, 360)) {
        grace.resize(width, 720);
        assertEquals("0", grace.evaluate(LAYOUT_OVERFLOW));
        grace.screenshot("firefox-chat-" + width);
      }
      grace.resize(1280, 720);
      grace.press("panel-close");

      grace.press("hand");
      ada.isTold("Grace raised a hand");
      grace.evaluate("document.querySelector('[data-reaction=heart]').click()");
      ada.isTold("Grace: Heart");
    }
  }

  @Test
  void firefoxShowsASharedScreenLargeAndTheOthersBesideIt(Call call) throws IOException {
    try (FirefoxParticipant grace = new FirefoxParticipant("Grace", bidi);
        Chromium sharing =
            Chromium.launch(
                "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")) {
      call.join("Ada");
      ChromiumParticipant linus = call.enter("Linus", sharing.browser());
      linus.page().navigate(call.address("Linus", Call.SMALL));
      grace.open(call.address("Grace", Call.SMALL));
      grace.resize(1280, 720);
      grace.seesAndHears("Ada", "Linus");

      linus.press("share");
      for (int width : List.of(1280, 2560, 360)) {
        grace.resize(width, width == 2560 ? 1440 : 740);
        JsonNode shown =
            eventually(
                "the screen at " + width,
                () -> Probe.parse(grace.evaluate(LAYOUT)),
                layout ->
                    layout.get("picture").asInt() > 0
                        && layout.get("width").asInt() == width
                        && layout.get("small").size() == 3);
        checkLayout(shown, width);
        grace.screenshot("firefox-screen-" + width);
      }
      linus.press("share");
      grace.sees("no screen", sight -> grace.evaluate(LAYOUT).contains("\"large\":null"));
      grace.seesAndHears("Ada", "Linus");

      grace.resize(1280, 720);
      grace.press("layout");
      JsonNode speaker =
          eventually(
              "a large speaker",
              () -> Probe.parse(grace.evaluate(LAYOUT)),
              layout -> layout.get("large").isObject());
      assertEquals(2, speaker.get("small").size());
      grace.screenshot("firefox-speaker");
      grace.press("layout");
      call.left(linus);
    }
  }

  private static final String LAYOUT_OVERFLOW = "document.documentElement.scrollWidth - innerWidth";

  /// Everything is in sight, nothing lies over anything else.
  private static void checkLayout(JsonNode layout, int width) {
    JsonNode large = layout.get("large");
    assertEquals(0, layout.get("overflow").asInt(), layout.toString());
    assertTrue(large.get("left").asDouble() >= 0, layout.toString());
    assertTrue(large.get("right").asDouble() <= width, layout.toString());
    assertTrue(large.get("bottom").asDouble() <= layout.get("height").asInt(), layout.toString());
    for (JsonNode small : layout.get("small")) {
      assertTrue(small.get("area").asDouble() < large.get("area").asDouble(), layout.toString());
      boolean apart =
          small.get("left").asDouble() >= large.get("right").asDouble()
              || small.get("right").asDouble() <= large.get("left").asDouble()
              || small.get("top").asDouble() >= large.get("bottom").asDouble()
              || small.get("bottom").asDouble() <= large.get("top").asDouble();
      assertTrue(apart, "a tile lies over the screen: " + layout);
    }
  }

  private static String texts() {
    return "[...document.querySelectorAll('[data-testid=chat-message] .text')]"
        + ".map((text) => text.textContent).join('|')";
  }

  /// By the keys that a person would press.
  private static void say(FirefoxParticipant participant, String text) {
    participant.evaluate("document.querySelector('[data-testid=chat-text]').focus()");
    participant.type(text + "\uE007");
  }
}
