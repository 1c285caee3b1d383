package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.SelectOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.plenum.signaling.config.ServerConfig;

/// How the call is laid out, and that it can be used by keyboard and by screen readers.
@Tag("browser")
class LayoutBrowserTest {
  /// With recordings tiles have all the buttons that there are.
  @RegisterExtension
  static final CallExtension CALLS =
      new CallExtension(
          () -> ServerConfig.forTests().with(new ServerConfig.Recordings(directory(), 64, 30)));

  private static final String IN_WINDOW =
      "document.pictureInPictureElement?.closest('.tile').ariaLabel ?? 'nobody'";

  private static final String LARGE = "#screens > [data-testid=tile]";

  /// Counts the locks on the screen that are held.
  private static final String WAKE_LOCKS =
      """
      window.locks = 0;
      WakeLock.prototype.request = async () => {
        window.locks++;
        return { released: false, release: async () => void window.locks-- };
      };""";

  private static final String ORDER =
      "[...document.querySelectorAll('#grid > .tile')].map((tile) => tile.ariaLabel).join(', ')";

  /// What a tile shows before the first frame of its picture, after it, and without a picture.
  private static final String FIRST_FRAME =
      """
      import('/ui/tile.js').then(async ({ Tile }) => {
        const canvas = document.createElement('canvas');
        canvas.getContext('2d').fillRect(0, 0, 20, 20);
        const track = new MediaStreamTrackGenerator({ kind: 'video' });
        const writer = track.writable.getWriter();
        const tile = new Tile({ name: 'Ada', kind: 'tile' });
        document.body.append(tile.element);
        const shown = () => (tile.element.classList.contains('with-picture') ? 'picture' : 'initials');
        tile.stream = new MediaStream([track]);
        tile.hasPicture = true;
        const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));
        await pause(300);
        const seen = [shown()];
        for (let tries = 0; tries < 100 && shown() === 'initials'; tries++) {
          const frame = new VideoFrame(canvas, { timestamp: tries * 100_000 });
          writer.write(frame).then(() => frame.close(), () => {});
          await pause(100);
        }
        seen.push(shown());
        tile.hasPicture = false;
        return [...seen, shown()].join(', ');
      })""";

  /// Whether all that lies on top of a tile of this width lies within it, and apart.
  private static final String SMALL_TILE =
      """
      import('/ui/grid.js').then(({ markSize }) => {
        const tile = document.querySelector('[data-testid=tile]');
        const width = %d;
        tile.style.width = `${width}px`;
        tile.style.height = '100px';
        markSize(tile.parentElement.classList, { width, height: 100 });
        const around = tile.getBoundingClientRect();
        const boxes = [...tile.querySelectorAll('.tile-actions button, .raised')]
          .map((element) => element.getBoundingClientRect()).filter(({ width }) => width > 0);
        const within = boxes.every(({ left, right }) => left >= around.left && right <= around.right);
        const apart = boxes.every((one, index) => boxes.slice(index + 1).every((other) =>
          one.right <= other.left || other.right <= one.left));
        return within && apart && boxes.length > 1 ? 'fits' : JSON.stringify(boxes);
      })""";

  private static final String NOTICES_ON_TILES =
      """
      (() => {
        const seen = [...document.querySelectorAll('#notices p')]
          .map((element) => element.getBoundingClientRect()).filter(({ width }) => width > 0);
        const tiles = [...document.querySelectorAll('.tile')].map((tile) => tile.getBoundingClientRect());
        const covered = tiles.filter((tile) => seen.some(({ top, bottom }) => top < tile.bottom && bottom > tile.top));
        return `${seen.length} on ${covered.length}`;
      })()""";

  /// As when its plug is pulled: nobody can do that to a device that Chromium makes up.
  private static final String UNPLUG =
      """
      (() => {
        const track = plenum.localTrack('microphone');
        track.stop();
        track.dispatchEvent(new Event('ended'));
      })()""";

  private static final String TELL =
      """
      import('/ui/notices.js').then(({ notice, alertUser }) => {
        alertUser('A moderator muted your microphone, and says so at some length.');
        for (const n of [1, 2, 3]) notice(`The server restarts within ${n} minutes. The call comes back by itself.`);
        document.querySelectorAll('.toasts p').forEach((element) => (element.style.pointerEvents = 'auto'));
      })""";

  /// What lies on top in the middle of each text, and of the button that closes the panel.
  private static final String TOLD_IS_SEEN =
      """
      (() => {
        const onTop = (element) => {
          const { left, top, width, height } = element.getBoundingClientRect();
          return element.contains(document.elementFromPoint(left + width / 2, top + height / 2));
        };
        const told = [...document.querySelectorAll('.toasts p')];
        const close = document.getElementById('panel-close');
        return `${told.length === 4 && told.every(onTop) ? 'seen' : 'hidden'}, close ${onTop(close) ? 'seen' : 'hidden'}`;
      })()""";

  @Test
  void aTileIsLargeWhileItSpeaksOrIsPinned(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    ada.seesAndHears("Grace");
    Page page = ada.page();

    page.getByTestId("layout").click();
    assertThat(page.locator(LARGE)).hasCount(1);
    ada.seesAndHears("Grace");
    page.getByTestId("layout").click();
    assertThat(page.locator(LARGE)).hasCount(0);

    Locator pin = page.locator("[data-testid=tile] [data-action=pin]");
    pin.focus();
    pin.press("Enter");
    assertThat(page.locator(LARGE)).hasCount(1);
    assertThat(pin).hasAttribute("aria-pressed", "true");
    ada.seesAndHears("Grace");
    Looks.take(ada, "pinned");
    grace.press("leave");
    assertThat(page.locator(LARGE)).hasCount(0);
  }

  @Test
  void tilesKeepTheirPlacesOverAPin(Call call) {
    ChromiumParticipant ada = call.join("Ada", Call.TINY);
    call.join("Grace", Call.TINY);
    ada.seesAndHears("Grace");
    call.join("Linus", Call.TINY);
    ada.seesAndHears("Grace", "Linus");
    Page page = ada.page();
    assertEquals("Ada (you), Grace, Linus", ada.evaluate(ORDER));
    for (String name : List.of("Grace", "Linus", "Grace")) {
      Locator pin = page.locator("[data-testid=tile][aria-label=" + name + "] [data-action=pin]");
      pin.focus();
      pin.press("Enter");
      assertThat(page.locator(LARGE)).hasCount(1);
      pin.focus();
      pin.press("Enter");
      assertThat(page.locator(LARGE)).hasCount(0);
      assertEquals("Ada (you), Grace, Linus", ada.evaluate(ORDER));
    }
    ada.seesAndHears("Grace", "Linus");
  }

  @Test
  void thePictureFollowsTheInitialsWithItsFirstFrame(Call call) {
    ChromiumParticipant ada = call.enter("Ada");
    ada.page().navigate(call.base() + "/?room=lobby");
    assertEquals("initials, picture, initials", ada.evaluate(FIRST_FRAME));
  }

  @Test
  void whatLiesOnASmallTileFitsOnIt(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    ada.seesAndHears("Grace");
    grace.press("hand");
    ada.isTold("Grace raised a hand");
    assertThat(ada.page().locator("[data-testid=tile] .tile-actions button")).hasCount(4);
    for (int width : List.of(110, 150, 170, 190, 210, 230, 260)) {
      assertEquals("fits", ada.evaluate(SMALL_TILE.formatted(width)), "at " + width);
    }
  }

  @Test
  void onAPhoneNoticesLieOnNobody(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    call.join("Grace");
    ada.seesAndHears("Grace");
    for (int width : List.of(360, 740)) {
      ada.page().setViewportSize(width, 1100 - width);
      ada.evaluate(
          "import('/ui/notices.js').then(({ notice }) => ['One joined', 'Two joined'].forEach(notice))");
      eventually("notices beside tiles", () -> ada.evaluate(NOTICES_ON_TILES), "1 on 0"::equals);
      ada.screenshot("notice-" + width);
    }
  }

  @Test
  void anotherMicrophoneTakesOverFromOneThatIsGone(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    grace.seesAndHears("Ada");
    ada.evaluate(UNPLUG);
    ada.sees(
        "what is in use now",
        sight ->
            sight.told().stream()
                .anyMatch(
                    text -> text.startsWith("Your microphone was disconnected. Now in use: Fake")));
    grace.seesAndHears("Ada");
    assertThat(ada.page().getByTestId("mic")).hasAttribute("aria-pressed", "true");

    ada.evaluate("void (navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error()))");
    ada.evaluate(UNPLUG);
    ada.isTold(
        "Your microphone was disconnected, and there is no other."
            + " Nothing of it reaches the others.");
    grace.seesTile("Ada", "muted", Sight.Tile::soundOff);
    assertThat(ada.page().getByTestId("mic")).hasAttribute("aria-pressed", "false");
  }

  @Test
  void theCallHasTheFocusAndItsTimeAndKeepsTheScreenOn(Call call) {
    ChromiumParticipant ada = call.enter("Ada");
    Page page = ada.page();
    page.addInitScript(WAKE_LOCKS);
    page.navigate(call.base() + "/?room=lobby&name=Ada");
    page.locator("#name").press("Enter");
    assertThat(page.locator("#room-title")).isFocused();
    assertThat(page.getByTestId("timer")).hasText(Pattern.compile("^0:0\\d$"));
    eventually("a lock on the screen", () -> ada.evaluate("String(locks)"), "1"::equals);
    assertEquals(
        "0:59, 1:00, 59:59, 1:00:00, 10:01:09",
        ada.evaluate(
            """
            import('/ui/figures.js').then(({ clock }) =>
              [59, 60, 3599, 3600, 36069].map(clock).join(', '))"""));
    ada.press("leave");
    assertThat(page.getByTestId("left")).isVisible();
    eventually("none", () -> ada.evaluate("String(locks)"), "0"::equals);
  }

  @Test
  void aTileFillsTheScreenOrAWindowOfItsOwn(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    call.join("Grace");
    ada.seesAndHears("Grace");
    Page page = ada.page();
    page.getByTestId("tile").hover();
    page.locator("[data-testid=tile] [data-action=full]").click();
    eventually(
        "the tile alone",
        () -> ada.evaluate("document.fullscreenElement?.dataset.testid"),
        "tile"::equals);
    ada.evaluate("document.exitFullscreen()");
    eventually(
        "the page again", () -> ada.evaluate("String(document.fullscreenElement)"), "null"::equals);
    page.getByTestId("tile").hover();
    page.locator("[data-testid=tile] [data-action=pip]").click();
    eventually("Grace in a window", () -> ada.evaluate(IN_WINDOW), "Grace"::equals);
    ada.seesAndHears("Grace");
    page.locator("[data-testid=tile] [data-action=pip]").click();
    eventually("no window", () -> ada.evaluate(IN_WINDOW), "nobody"::equals);
    ada.seesAndHears("Grace");
  }

  @Test
  void keysDoWhatButtonsDoUnlessOneIsTyping(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    ada.seesAndHears("Grace");
    Page page = ada.page();

    page.keyboard().press("m");
    grace.seesTile("Ada", "muted", Sight.Tile::soundOff);
    page.keyboard().press("c");
    assertThat(page.getByTestId("chat-text")).isFocused();
    page.keyboard().type("mmm");
    assertThat(page.getByTestId("chat-text")).hasValue("mmm");
    page.keyboard().press("Escape");
    assertThat(page.getByTestId("chat")).isHidden();
    assertThat(page.getByTestId("open-chat")).isFocused();
    page.keyboard().press("?");
    assertThat(page.getByTestId("shortcuts")).isVisible();
    page.keyboard().press("Escape");
    page.keyboard().press("m");
    grace.seesTile("Ada", "not muted", tile -> !tile.soundOff());
  }

  @Test
  void anotherMicrophoneGoesOnWhereTheFirstWas(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    grace.seesAndHears("Ada");
    int offers = ada.sight().offers();
    ada.press("more");
    ada.press("open-settings");
    SelectOption second = new SelectOption().setLabel("Fake Audio Input 2");
    ada.page().locator("#call-devices-microphone").selectOption(second);
    eventually(
        "the other microphone",
        () -> ada.evaluate("plenum.localTrack('microphone').label"),
        "Fake Audio Input 2"::equals);
    ada.press("settings-close");
    grace.seesAndHears("Ada");
    assertEquals(offers, ada.sight().offers());
  }

  /// On a screen that has no place for both.
  @Test
  void whatIsToldIsSeenWhileAPanelIsOpen(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    Page page = ada.page();
    ada.sees("the call", sight -> sight.state().equals("connected"));
    ada.press("open-chat");
    for (int width : List.of(320, 600, 900)) {
      page.setViewportSize(width, 700);
      ada.evaluate(TELL);
      assertEquals("seen, close seen", ada.evaluate(TOLD_IS_SEEN), "at " + width);
      ada.screenshot("told-" + width);
      ada.evaluate(
          "document.querySelectorAll('.toasts').forEach((list) => list.replaceChildren())");
    }
  }

  @Test
  void nobodyIsShutOut(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    call.join("Grace");
    ada.seesAndHears("Grace");
    Page page = ada.page();
    for (String panel : List.of("open-chat", "open-people")) {
      ada.press(panel);
      assertEquals(List.of(), Axe.violations(page), panel);
      Looks.take(ada, panel);
    }
    ada.press("panel-close");
    ada.press("hand");
    assertEquals(List.of(), Axe.violations(page));
    Looks.take(ada, "call");
    for (String dialog : List.of("settings", "shortcuts")) {
      ada.press("more");
      ada.press("open-" + dialog);
      assertEquals(List.of(), Axe.violations(page), dialog);
      page.keyboard().press("Escape");
    }
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    assertEquals(List.of(), Axe.violations(page), "dark");
  }

  private static Path directory() {
    try {
      return Files.createTempDirectory("plenum-layout");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
