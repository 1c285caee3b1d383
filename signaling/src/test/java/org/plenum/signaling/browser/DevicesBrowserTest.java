package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.SelectOption;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.plenum.signaling.browser.Sight.Tile;

/// Devices open by their person's deed, or because they were on; never by themselves.
@Tag("browser")
@ExtendWith(CallExtension.class)
class DevicesBrowserTest {
  /// Keeps all tracks that the page ever opened.
  static final String WATCH =
      """
      window.opened = [];
      const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (wanted) => {
        const stream = await open(wanted);
        window.opened.push(...stream.getTracks());
        return stream;
      };""";

  /// Devices take their time from now on.
  private static final String SLOW =
      """
      void ((open) => {
        navigator.mediaDevices.getUserMedia = async (wanted) => {
          await new Promise((resolve) => setTimeout(resolve, 2000));
          return open(wanted);
        };
      })(navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices))""";

  static final String LIVE =
      "opened.filter((track) => track.readyState === 'live').map(({ kind }) => kind).sort().join()";

  /// Copies count too: each holds the device open.
  private static final String WATCH_COPIES =
      """
      const copy = MediaStreamTrack.prototype.clone;
      MediaStreamTrack.prototype.clone = function () {
        const track = copy.call(this);
        window.opened.push(track);
        return track;
      };""";

  private static final String MOVE =
      """
      fetch(`/api/v1/rooms/lobby/participants/${plenum.participant}/move`, {
        method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"room":"red"}',
      }).then(({ status }) => status)""";

  private static final String REMOVE =
      """
      fetch(`/api/v1/rooms/lobby/participants/${plenum.participant}`, { method: 'DELETE' })
        .then(({ status }) => status)""";

  private static final String SILENCE =
      """
      fetch(`/api/v1/rooms/${document.getElementById('room-title').textContent}/participants/${plenum.participant}`, {
        method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: '{"silenced":[%s]}',
      }).then(({ ok }) => ok)""";

  @Test
  void aMoveOpensNothingThatWasMuted(Call call) {
    ChromiumParticipant ada = watched(call, "Ada");
    ChromiumParticipant grace = watched(call, "Grace");
    ada.seesAndHears("Grace");
    ada.press("mic");
    ada.press("cam");
    grace.seesTile("Ada", "muted", tile -> tile.soundOff() && !tile.withPicture());
    int opened = Integer.parseInt(ada.evaluate("opened.length"));

    assertEquals("202", ada.evaluate(MOVE));
    assertEquals("202", grace.evaluate(MOVE));

    grace.seesTile("Ada", "muted", tile -> tile.soundOff() && !tile.withPicture());
    ada.seesAndHears("Grace");
    assertThat(ada.page().locator("#room-title")).hasText("red");
    assertThat(ada.page().getByTestId("mic")).hasAttribute("aria-pressed", "false");
    assertThat(ada.page().getByTestId("cam")).hasAttribute("aria-pressed", "false");
    assertEquals("", ada.evaluate(LIVE));
    assertEquals(opened, Integer.parseInt(ada.evaluate("opened.length")));
    assertThat(ada.page()).hasURL(Pattern.compile("room=red"));
    assertFalse(ada.page().url().contains("autojoin"));
    assertEquals("audio,video", grace.evaluate(LIVE));
    ada.press("mic");
    grace.seesTile("Ada", "heard", tile -> !tile.soundOff());
  }

  @Test
  void whoHasLeftHasNoDeviceOpenAndRejoinsAsTheyWere(Call call) {
    ChromiumParticipant ada = watched(call, "Ada");
    ChromiumParticipant grace = call.join("Grace");
    grace.seesAndHears("Ada");
    ada.press("cam");
    grace.seesTile("Ada", "without a picture", tile -> !tile.withPicture());

    ada.press("leave");
    Page page = ada.page();
    assertThat(page.getByTestId("left")).containsText("You left lobby");
    assertThat(page.getByTestId("rejoin")).isFocused();
    assertThat(page.locator("#lobby")).isHidden();
    grace.sees("nobody", sight -> sight.tiles().isEmpty());
    assertEquals("", ada.evaluate(LIVE));
    assertEquals(List.of(), Axe.violations(page));
    Looks.take(ada, "left");
    ada.evaluate("import('/i18n/i18n.js').then(({ setLanguage }) => setLanguage('zh'))");
    assertThat(page.getByTestId("left")).containsText("您已离开 lobby");
    ada.screenshot("left-zh");

    ada.press("rejoin");
    grace.seesTile("Ada", "with sound alone", tile -> !tile.withPicture() && !tile.soundOff());
    assertEquals("audio", ada.evaluate(LIVE));
    ada.press("leave");
    ada.press("to-lobby");
    assertThat(page.getByTestId("join")).isVisible();
    eventually("the microphone alone", () -> ada.evaluate(LIVE), "audio"::equals);
    assertThat(page.locator("#room")).hasValue("lobby");
  }

  @Test
  void aDeviceThatOpensAfterOneHasLeftIsClosed(Call call) {
    ChromiumParticipant ada = call.enter("Ada");
    ada.page().addInitScript(WATCH);
    ada.page().addInitScript("localStorage.setItem('plenum.camera.on', 'false')");
    ada.page().navigate(call.address("Ada", Call.SMALL));
    ada.sees("the call", sight -> sight.state().equals("connected"));
    eventually("the microphone alone", () -> ada.evaluate(LIVE), "audio"::equals);
    ada.evaluate(SLOW);
    ada.press("cam");
    ada.press("leave");
    assertThat(ada.page().getByTestId("left")).isVisible();
    eventually("a camera", () -> ada.evaluate("opened.at(-1).kind"), "video"::equals);
    eventually("none open", () -> ada.evaluate(LIVE), ""::equals);
  }

  @Test
  void whoIsMutedWhileTheCameraOpensStaysMuted(Call call) {
    ChromiumParticipant ada = watched(call, "Ada");
    ada.sees("the call", sight -> sight.state().equals("connected"));
    ada.press("cam");
    eventually("the microphone alone", () -> ada.evaluate(LIVE), "audio"::equals);
    ada.evaluate(SLOW);
    ada.press("cam");
    assertEquals("true", ada.evaluate(SILENCE.formatted("\"camera\"")));
    ada.isTold("A moderator muted your camera.");
    eventually("another camera", () -> ada.evaluate("opened.length"), "3"::equals);
    eventually("the microphone alone", () -> ada.evaluate(LIVE), "audio"::equals);
    assertThat(ada.page().getByTestId("cam")).hasAttribute("aria-pressed", "false");
  }

  @Test
  void whatIsWishedLastOfACameraThatOpensHolds(Call call) {
    ChromiumParticipant ada = watched(call, "Ada");
    ada.sees("the call", sight -> sight.state().equals("connected"));
    ada.press("cam");
    eventually("the microphone alone", () -> ada.evaluate(LIVE), "audio"::equals);
    ada.evaluate(SLOW);
    ada.press("cam");
    ada.press("cam");
    eventually("another camera", () -> ada.evaluate("opened.length"), "3"::equals);
    eventually("the microphone alone", () -> ada.evaluate(LIVE), "audio"::equals);
    assertThat(ada.page().getByTestId("cam")).hasAttribute("aria-pressed", "false");
    assertThat(ada.page().getByTestId("cam")).not().hasAttribute("aria-busy", "true");

    ada.evaluate(
        "Promise.all([plenum.setMuted('camera', false), plenum.setMuted('camera', false)])");
    eventually("two more", () -> ada.evaluate("opened.length"), "5"::equals);
    eventually("one camera", () -> ada.evaluate(LIVE), "audio,video"::equals);
    assertThat(ada.page().getByTestId("cam")).hasAttribute("aria-pressed", "true");
  }

  /// Though the browser was allowed to open them before, and the link joins without a click.
  @Test
  void aLinkOfAnotherSiteOpensNoDevice(Call call) {
    ChromiumParticipant ada = call.enter("Ada");
    ada.page().addInitScript(WATCH);
    ada.page()
        .navigate(
            call.address("Ada", Call.SMALL),
            new Page.NavigateOptions().setReferer("http://elsewhere.example/"));
    ada.sees("the call", sight -> sight.state().equals("connected"));
    ada.isTold(
        "Another page brought you here: your microphone and camera are off until you turn them on.");
    assertEquals("0", ada.evaluate("opened.length"));
    ada.press("mic");
    eventually("the microphone alone", () -> ada.evaluate(LIVE), "audio"::equals);
    ada.page().reload();
    ada.sees("the call", sight -> sight.state().equals("connected"));
    eventually("the microphone alone", () -> ada.evaluate(LIVE), "audio"::equals);
  }

  @Test
  void aMicrophoneThatIsChangedWhileMutedIsClosed(Call call) {
    ChromiumParticipant ada = call.enter("Ada");
    ada.page().addInitScript(WATCH);
    ada.page().addInitScript(WATCH_COPIES);
    ada.page().navigate(call.address("Ada", Call.SMALL));
    ada.sees("the call", sight -> sight.state().equals("connected"));
    eventually("one that is listened to", () -> ada.evaluate(LIVE), "audio,audio,video"::equals);
    ada.press("mic");
    ada.press("mic-more");
    ada.page()
        .locator("#mic-devices-microphone")
        .selectOption(new SelectOption().setLabel("Fake Audio Input 2"));
    eventually("the camera alone", () -> ada.evaluate(LIVE), "video"::equals);
  }

  @Test
  void whoIsRemovedHasNoDeviceOpen(Call call) {
    ChromiumParticipant ada = watched(call, "Ada");
    ada.sees("the call", sight -> sight.state().equals("connected"));
    eventually("both", () -> ada.evaluate(LIVE), "audio,video"::equals);
    assertEquals("204", ada.evaluate(REMOVE));
    assertThat(ada.page().getByTestId("left-reason")).hasText("You were removed from the room.");
    eventually("none", () -> ada.evaluate(LIVE), ""::equals);
    assertThat(ada.page().locator("#lobby")).isHidden();
  }

  @Test
  void aReloadGoesOnAsItWas(Call call) {
    ChromiumParticipant ada = watched(call, "Ada");
    ChromiumParticipant grace = call.join("Grace");
    grace.seesAndHears("Ada");
    assertFalse(ada.page().url().contains("autojoin"));
    ada.press("mic");
    grace.seesTile("Ada", "muted", Tile::soundOff);

    ada.page().reload();

    ada.seesAndHears("Grace");
    grace.seesTile("Ada", "muted", tile -> tile.soundOff() && tile.withPicture());
    assertEquals("video", ada.evaluate(LIVE));
    assertThat(ada.page().getByTestId("mic")).hasAttribute("aria-pressed", "false");
  }

  @Test
  void whatIsTurnedOnInAnotherTabStaysOffInThisOne(Call call) {
    ChromiumParticipant ada = watched(call, "Ada");
    ada.sees("the call", sight -> sight.state().equals("connected"));
    ada.press("mic");
    assertThat(ada.page().getByTestId("mic")).hasAttribute("aria-pressed", "false");
    ada.page().reload();
    ada.sees("the call", sight -> sight.state().equals("connected"));
    eventually("the camera alone", () -> ada.evaluate(LIVE), "video"::equals);

    // As another tab of hers does, which shares the storage.
    ada.evaluate("localStorage.setItem('plenum.microphone.on', 'true')");
    ada.page().reload();
    ada.sees("the call", sight -> sight.state().equals("connected"));
    assertThat(ada.page().getByTestId("mic")).hasAttribute("aria-pressed", "false");
    assertEquals("video", ada.evaluate(LIVE));
    ada.press("leave");
    ada.evaluate("localStorage.setItem('plenum.microphone.on', 'true')");
    ada.press("rejoin");
    ada.sees("the call", sight -> sight.state().equals("connected"));
    assertEquals("video", ada.evaluate(LIVE));
  }

  /// Until its person turns it on: no reload, move or rejoining does.
  @Test
  void whatAModeratorMutedStaysOffWhenItIsAllowedAgain(Call call) {
    ChromiumParticipant ada = watched(call, "Ada");
    ChromiumParticipant grace = call.join("Grace");
    grace.seesAndHears("Ada");
    assertEquals("true", ada.evaluate(SILENCE.formatted("\"microphone\"")));
    ada.isTold("A moderator muted your microphone.");
    assertEquals("true", ada.evaluate(SILENCE.formatted("")));
    ada.isTold("A moderator allows your microphone again. It stays off until you turn it on.");

    ada.page().reload();
    ada.seesAndHears("Grace");
    grace.seesTile("Ada", "muted", tile -> tile.soundOff() && tile.withPicture());
    assertEquals("video", ada.evaluate(LIVE));
    assertEquals("202", ada.evaluate(MOVE));
    assertThat(ada.page().locator("#room-title")).hasText("red");
    ada.sees("the call", sight -> sight.state().equals("connected"));
    assertEquals("video", ada.evaluate(LIVE));
    ada.press("leave");
    ada.press("rejoin");
    ada.sees("the call", sight -> sight.state().equals("connected"));
    assertEquals("video", ada.evaluate(LIVE));

    ada.press("mic");
    assertThat(ada.page().getByTestId("mic")).hasAttribute("aria-pressed", "true");
    ada.page().reload();
    eventually("both", () -> ada.evaluate(LIVE), "audio,video"::equals);
  }

  @Test
  void whatIsOffInTheLobbyStaysOffTheNextTime(Call call) {
    ChromiumParticipant ada = call.enter("Ada");
    ada.page().addInitScript(WATCH);
    ada.page().navigate(call.base() + "/?room=lobby");
    eventually("both", () -> ada.evaluate(LIVE), "audio,video"::equals);
    ada.page().locator("#preview-cam").click();
    ada.page().reload();
    eventually("the microphone alone", () -> ada.evaluate(LIVE), "audio"::equals);
    assertThat(ada.page().locator("#preview-cam")).hasAttribute("aria-pressed", "false");
  }

  private static ChromiumParticipant watched(Call call, String name) {
    ChromiumParticipant participant = call.enter(name);
    participant.page().addInitScript(WATCH);
    participant.page().navigate(call.address(name, Call.SMALL));
    return participant;
  }
}
