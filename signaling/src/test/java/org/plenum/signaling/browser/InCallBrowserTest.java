package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.SelectOption;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What the page says and offers in the call, beside pictures and sound.
@Tag("browser")
@ExtendWith(CallExtension.class)
class InCallBrowserTest {
  /// As if the server had said it of our own screen, of which it says nothing itself.
  private static final String WEAK =
      """
      plenum.dispatchEvent(new CustomEvent('quality', { detail: {
        participant: plenum.participant, source: 'screen', score: 20, grade: 'bad', cause: 'publisher-uplink' } }))""";

  private static final String WEAKNESS =
      """
      import('/ui/connection-note.js').then(({ weakness }) => {
        const bad = (participant, cause) => ({ participant, source: 'camera', score: 10, grade: 'bad', cause });
        const good = { participant: 'me', source: 'camera', score: 90, grade: 'good', cause: 'none' };
        return [
          [good],
          [bad('me', 'publisher-uplink')],
          [bad('me', 'publisher-device')],
          [good, bad('you', 'viewer-downlink')],
          [good, bad('you', 'viewer-device')],
          [good, bad('you', 'publisher-uplink'), bad('you', 'server')],
        ].map((all) => String(weakness(all, 'me'))).join(', ');
      })""";

  /// Stands for a browser that recognises speech on the device; Chromium for tests does not.
  private static final String RECOGNISER =
      """
      window.SpeechRecognition = class {
        static async available(options) {
          window.asked = options;
          return 'available';
        }
        start(track) {
          window.recogniser = this;
          window.heard = track.kind;
        }
        stop() {
          window.stopped = true;
        }
      };""";

  private static final String SPEAK =
      """
      recogniser.onresult({ resultIndex: 0, results: [
        Object.assign([{ transcript: ' The plan <b>is</b> on page four. ' }], { isFinal: true }),
        Object.assign([{ transcript: 'not yet' }], { isFinal: false }),
      ] })""";

  private static final String SOUND_SETTINGS =
      """
      ((track) => {
        const { noiseSuppression, echoCancellation } = track.getSettings();
        return `${noiseSuppression} ${echoCancellation} of ${track.label}`;
      })(plenum.localTrack('microphone'))""";

  private static final String WATCH_WISHES =
      """
      void ((open) => {
        navigator.mediaDevices.getUserMedia = (wanted) => {
          window.wanted = wanted.audio;
          return open(wanted);
        };
      })(navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices))""";

  private static final String SOUND_WISHES =
      """
      [wanted.noiseSuppression, wanted.echoCancellation, wanted.autoGainControl].map((wish) => wish.exact ?? wish).join(' ')""";

  private static final String MINI =
      """
      (() => {
        const page = documentPictureInPicture.window?.document;
        if (!page) return 'none';
        const round = getComputedStyle(page.getElementById('mic')).borderRadius === '50%';
        return `${page.querySelector('p').textContent}, ${page.querySelector('video').videoWidth}, ${round}`;
      })()""";

  private static final String MINI_PAGE =
      "documentPictureInPicture.window.document.documentElement.outerHTML";

  private static final String MINI_SWITCHES =
      """
      ['mic', 'cam'].map((id) => documentPictureInPicture.window.document.getElementById(id))
        .map((button) => (button.getAttribute('aria-pressed') === 'true' ? 'on' : 'off')).join(', ')""";

  @Test
  void whoTalksMutedOrIsBadlyConnectedIsToldWhatToDo(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    ada.seesAndHears("Grace");
    Page page = ada.page();

    // The microphone that Chromium makes up beeps on. It is said for some seconds only, and not
    // again soon: nothing else is waited for meanwhile.
    ada.press("mic");
    assertThat(page.getByTestId("muted-speech")).containsText("You are muted: nobody hears you.");
    assertEquals(List.of(), Axe.violations(page), "muted");
    ada.press("unmute");
    assertThat(page.getByTestId("muted-speech")).isHidden();
    grace.seesTile("Ada", "not muted", tile -> !tile.soundOff());
    ada.press("mic");
    grace.seesTile("Ada", "muted", Sight.Tile::soundOff);
    ada.press("mic");
    grace.seesTile("Ada", "not muted again", tile -> !tile.soundOff());

    assertEquals("null, uplink, device, downlink, device, null", ada.evaluate(WEAKNESS));
    ada.evaluate(WEAK);
    Locator note = page.getByTestId("connection");
    assertThat(note).containsText("Go nearer to the router, use a cable, or turn the camera off.");
    assertEquals(List.of(), Axe.violations(page), "connection");
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    assertEquals(List.of(), Axe.violations(page), "connection, dark");
    Looks.take(ada, "connection");
    ada.press("connection-camera");
    grace.seesTile("Ada", "without a picture", tile -> !tile.withPicture());
    ada.press("connection-close");
    assertThat(note).isHidden();

    ada.evaluate(
        "void (navigator.mediaDevices.getUserMedia ="
            + " () => Promise.reject(new DOMException('', 'NotAllowedError')))");
    ada.press("cam");
    assertThat(page.getByTestId("permission").locator("li")).hasCount(3);
    assertEquals(List.of(), Axe.violations(page), "permission");
    Looks.take(ada, "permission");
    ada.press("permission-close");
  }

  @Test
  void whoSharesSeesWhatAndEndsItThere(Call call) {
    try (Chromium sharing =
        Chromium.launch("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")) {
      ChromiumParticipant ada = call.enter("Ada", sharing.browser());
      ada.page().navigate(call.address("Ada", Call.SMALL));
      ada.sees("the call", sight -> sight.state().equals("connected"));
      Page page = ada.page();
      ada.press("share");
      assertThat(page.getByTestId("sharing")).containsText("You are sharing your screen");
      eventually(
          "a look at what is shared",
          () -> ada.evaluate("document.querySelector('[data-testid=shared]').videoWidth > 0"),
          "true"::equals);
      assertEquals(List.of(), Axe.violations(page), "sharing");
      Looks.take(ada, "sharing");
      ada.press("stop-sharing");
      assertThat(page.getByTestId("sharing")).isHidden();
      assertEquals("false", ada.evaluate("plenum.isPublished('screen')"));
      call.left(ada);
    }
  }

  @Test
  void theMicrophoneIsChosenSwitchedAndHeldOpenWhereTheButtonIs(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    ada.seesAndHears("Grace");
    Page page = ada.page();

    ada.press("mic-more");
    eventually(
        "a level",
        () -> ada.evaluate("document.getElementById('own-level').ariaValueNow"),
        level -> Integer.parseInt(level) > 0);
    assertEquals(
        "6px",
        ada.evaluate("getComputedStyle(document.getElementById('own-level'), '::before').height"),
        "the level fills its bar, not the menu");
    assertEquals(List.of(), Axe.violations(page), "menu of the microphone");
    Looks.take(ada, "microphone-menu");
    page.locator("#mic-devices-microphone")
        .selectOption(new SelectOption().setLabel("Fake Audio Input 2"));
    eventually(
        "the other microphone",
        () -> ada.evaluate("plenum.localTrack('microphone').label"),
        "Fake Audio Input 2"::equals);
    page.keyboard().press("Escape");

    settings(ada);
    assertEquals(List.of(), Axe.violations(page), "settings");
    Looks.take(ada, "settings");
    ada.evaluate(WATCH_WISHES);
    for (String each : List.of("noise", "echo", "gain")) {
      page.locator("#use-" + each).uncheck();
    }
    page.getByTestId("use-push-to-talk").check();
    eventually(
        "a microphone whose sound is left alone",
        () -> ada.evaluate(SOUND_SETTINGS),
        "false false of Fake Audio Input 2"::equals);
    // The microphone that Chromium makes up says that its gain is controlled whatever it is told.
    assertEquals("false false false", ada.evaluate(SOUND_WISHES));
    ada.press("settings-close");
    ada.press("mic");
    grace.seesTile("Ada", "muted", Sight.Tile::soundOff);
    page.locator("#room-title").focus();
    page.keyboard().down("Space");
    grace.seesTile("Ada", "not muted", tile -> !tile.soundOff());
    page.keyboard().up("Space");
    grace.seesTile("Ada", "muted again", Sight.Tile::soundOff);
    assertEquals("true", ada.evaluate("localStorage.getItem('plenum.microphone.on') !== 'true'"));

    // The button that was clicked last has the focus, and does not take the key.
    ada.press("mic");
    grace.seesTile("Ada", "not muted", tile -> !tile.soundOff());
    ada.press("mic");
    grace.seesTile("Ada", "muted", Sight.Tile::soundOff);
    page.keyboard().down("Space");
    grace.seesTile("Ada", "not muted", tile -> !tile.soundOff());
    page.keyboard().up("Space");
    grace.seesTile("Ada", "muted again", Sight.Tile::soundOff);
    assertThat(page.getByTestId("mic")).hasAttribute("aria-pressed", "false");
  }

  @Test
  void oneIsSeenSmallOrNotAndThoseWithoutAPictureToo(Call call) {
    ChromiumParticipant ada = call.join("Ada", Call.TINY);
    ChromiumParticipant grace = call.join("Grace", Call.TINY);
    ada.seesAndHears("Grace");
    Page page = ada.page();
    assertThat(page.locator("#grid > .tile")).hasCount(2);
    settings(ada);
    page.getByTestId("self-view").selectOption("small");
    ada.press("settings-close");
    assertThat(page.locator("#self-corner > .self")).isVisible();
    assertThat(page.locator("#grid > .tile")).hasCount(1);
    assertEquals(List.of(), Axe.violations(page), "small");
    Looks.take(ada, "self-small");
    settings(ada);
    page.getByTestId("self-view").selectOption("hidden");
    page.getByTestId("pictures-only").check();
    ada.press("settings-close");
    assertThat(page.getByTestId("self")).hasCount(0);
    ada.seesAndHears("Grace");
    grace.press("cam");
    assertThat(page.getByTestId("tile")).hasCount(0);
    assertThat(page.locator("#nobody-seen")).isVisible();
    assertEquals(List.of(), Axe.violations(page), "nobody");
    grace.press("cam");
    ada.seesAndHears("Grace");
  }

  @Test
  void onesNameIsChangedForEverybodyAndKept(Call call) {
    ChromiumParticipant ada = call.join("Ada", Call.TINY);
    ChromiumParticipant grace = call.join("Grace", Call.TINY);
    ada.seesTile("Grace", "here", _ -> true);
    ada.press("more");
    ada.press("open-rename");
    assertEquals(List.of(), Axe.violations(ada.page()));
    Looks.take(ada, "rename");
    ada.page().getByTestId("rename-name").fill("Augusta");
    ada.press("rename-save");
    grace.isTold("Ada is now Augusta");
    grace.seesTile("Augusta", "here", _ -> true);
    assertThat(ada.page().getByTestId("self")).hasAttribute("aria-label", "Augusta (you)");
    assertThat(grace.page().getByTestId("chat-to")).containsText("Augusta");
    ChromiumParticipant linus = call.join("Linus", Call.TINY);
    linus.seesTile("Augusta", "here", _ -> true);

    ada.press("leave");
    grace.sees("Linus alone", sight -> sight.names().equals(List.of("Linus")));
    ada.press("rejoin");
    grace.seesTile("Augusta", "here again", _ -> true);
    ada.page().reload();
    ada.seesTile("Linus", "here", _ -> true);
    assertThat(ada.page().getByTestId("self")).hasAttribute("aria-label", "Augusta (you)");
  }

  @Test
  void captionsSayByWhomTheyAreAndAreOffUntilWanted(Call call) {
    ChromiumParticipant ada = call.enter("Ada");
    ada.page().addInitScript(RECOGNISER);
    ada.page().navigate(call.address("Ada", Call.TINY));
    ChromiumParticipant grace = call.enter("Grace");
    grace.page().addInitScript("window.SpeechRecognition = undefined");
    grace.page().navigate(call.address("Grace", Call.TINY));
    ada.seesTile("Grace", "here", _ -> true);
    assertEquals("undefined", ada.evaluate("typeof window.recogniser"));
    ada.press("more");
    ada.press("write-captions");
    eventually("a recogniser", () -> ada.evaluate("window.heard"), "audio"::equals);
    assertEquals("true", ada.evaluate("window.asked.processLocally"));
    ada.evaluate(SPEAK);
    grace.isTold("Ada writes captions. Choose Show captions in the menu.");
    assertThat(grace.page().getByTestId("caption")).hasCount(0);
    grace.press("more");
    assertThat(grace.page().getByTestId("show-captions")).isVisible();
    assertThat(grace.page().getByTestId("write-captions")).isHidden(); // her browser cannot
    grace.press("show-captions");
    ada.evaluate(SPEAK);
    assertThat(grace.page().getByTestId("caption")).hasText("AdaThe plan <b>is</b> on page four.");
    assertEquals(List.of(), Axe.violations(grace.page()));
    ada.evaluate("void setInterval(() => " + SPEAK + ", 2000)"); // they go after some seconds
    Looks.take(grace, "captions");
    ada.press("mic");
    eventually("no recogniser", () -> ada.evaluate("window.stopped"), "true"::equals);
  }

  @Test
  void aSmallWindowShowsTheOtherAndHasTheButtons(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    ada.seesAndHears("Grace");
    ada.press("more");
    ada.press("mini");
    eventually("Grace in a small window", () -> ada.evaluate(MINI), "Grace, 320, true"::equals);
    ada.evaluate("documentPictureInPicture.window.document.getElementById('mic').click()");
    grace.seesTile("Ada", "muted", Sight.Tile::soundOff);
    ada.evaluate("documentPictureInPicture.window.document.getElementById('cam').click()");
    grace.seesTile("Ada", "without a picture", tile -> !tile.withPicture());
    assertEquals("off, off", ada.evaluate(MINI_SWITCHES));
    assertEquals(List.of(), barriersInACopy(call, ada.evaluate(MINI_PAGE)));
    ada.evaluate("documentPictureInPicture.window.document.getElementById('leave').click()");
    grace.isTold("Ada left");
    eventually("no window", () -> ada.evaluate(MINI), "none"::equals);
  }

  /// No script of a test reaches the small window itself.
  private static List<String> barriersInACopy(Call call, String html) {
    ChromiumParticipant copy = call.enter("copy");
    copy.page().setViewportSize(400, 280);
    copy.page().navigate(call.base() + "/access.json");
    // Styles that scripts set are no attributes to the content security policy; here they would be.
    copy.page().setContent(html.replaceAll(" style=\"[^\"]*\"", ""));
    copy.screenshot("mini");
    return Axe.violations(copy.page());
  }

  private static void settings(ChromiumParticipant participant) {
    participant.press("more");
    participant.press("open-settings");
  }
}
