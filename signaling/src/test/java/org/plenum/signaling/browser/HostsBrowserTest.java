package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.plenum.signaling.config.ApiKey;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.token.Forge;

/// The waiting room, other hosts, and what hosts decide for all.
@Tag("browser")
class HostsBrowserTest {
  /// This browser asks before it shares a screen: a picture that moves stands for one.
  static final String SCREEN =
      """
      void (navigator.mediaDevices.getDisplayMedia = async () => {
        const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 });
        const pen = canvas.getContext('2d');
        setInterval(() => pen.fillRect(Math.random() * 600, Math.random() * 300, 40, 40), 100);
        return canvas.captureStream(10);
      })""";

  /// Counts the notes that the page plays.
  private static final String NOTES =
      """
      window.notes = 0;
      const start = OscillatorNode.prototype.start;
      OscillatorNode.prototype.start = function (...when) {
        window.notes++;
        return start.apply(this, when);
      };""";

  /// Somebody at the door without a page of their own.
  private static final String KNOCK =
      """
      new Promise((resolve) => {
        const name = '%s';
        const socket = new WebSocket(location.origin.replace('http', 'ws') + '/ws', 'plenum.v1');
        window.knocking ??= new Map();
        window.knocking.set(name, '');
        socket.onopen = () => socket.send(JSON.stringify(
          { type: 'hello', version: 1, features: [], room: 'lobby', name, token: '%s' }));
        socket.onmessage = ({ data }) => {
          const { type } = JSON.parse(data);
          if (type === 'wait') resolve();
          if (type === 'welcome') window.knocking.set(name, type);
        };
      })""";

  private static final String OWN_LOOK =
      "document.getElementById('waiting-picture').videoWidth > 0";

  private static final String ADMITTED =
      "[...window.knocking].filter(([, said]) => said).map(([name]) => name).sort().join()";

  @RegisterExtension
  static final CallExtension CALLS =
      new CallExtension(
          () ->
              ServerConfig.forTests()
                  .with(new ServerConfig.Recordings(directory(), 64, 30))
                  .with(
                      new ServerConfig.Auth(
                          List.of(new ApiKey("one", Forge.SECRET)), "", 30, false)));

  @Test
  void whoeverKnocksIsLetInByAHost(Call call) {
    ChromiumParticipant ada = join(call, "Ada", true);
    assertThat(ada.page().getByTestId("mic")).isVisible();
    ada.press("more");
    ada.press("open-host");
    ada.press("rule-waitingRoom");
    assertThat(ada.page().getByTestId("rule-waitingRoom")).isChecked();
    assertEquals(List.of(), Axe.violations(ada.page()));
    Looks.take(ada, "host-dialog");
    ada.press("host-close");

    ChromiumParticipant grace = join(call, "Grace", false);
    ada.isTold("Grace waits to be let in");
    assertThat(grace.page().getByTestId("waiting")).containsText("Waiting to be let into lobby");
    assertThat(grace.page().getByTestId("waiting")).containsText("They see your name: Grace");
    eventually("a look at oneself", () -> grace.evaluate(OWN_LOOK), "true"::equals);
    assertEquals(List.of(), Axe.violations(grace.page()));
    Looks.take(grace, "waiting");
    grace.press("waiting-mic");
    assertThat(grace.page().getByTestId("waiting-mic")).hasAttribute("aria-pressed", "false");
    assertThat(ada.page().getByTestId("waiter")).hasCount(1);

    ChromiumParticipant eve = join(call, "Eve", false);
    assertThat(ada.page().getByTestId("waiter")).hasCount(2);
    assertEquals(List.of(), Axe.violations(ada.page()));
    Looks.take(ada, "doorbell");
    ada.page().reload();
    assertThat(ada.page().getByTestId("waiter")).hasCount(2);
    eve.page().navigate("about:blank");
    assertThat(ada.page().getByTestId("waiter")).hasCount(1);
    assertThat(ada.page().getByTestId("waiter")).containsText("Grace");
    ada.press("admit");
    ada.seesTile("Grace", "in, and mute", tile -> tile.withPicture() && tile.soundOff());
    assertThat(grace.page().getByTestId("mic")).hasAttribute("aria-pressed", "false");
    assertThat(ada.page().getByTestId("doorbell")).isHidden();

    // Whoever was in need not knock again; who is refused is told so, and no device stays open.
    grace.page().reload();
    ada.seesTile("Grace", "back", Sight.Tile::withPicture);
    eve.page().navigate(address(call, "Eve", false));
    ada.press("refuse");
    assertThat(eve.page().getByTestId("left-reason")).hasText("A host did not let you in.");
    eve.page().navigate(address(call, "Eve", false));
    assertThat(ada.page().getByTestId("waiter")).hasCount(1);
    ada.press("more");
    ada.press("open-host");
    ada.press("rule-waitingRoom");
    ada.press("host-close");
    eve.seesMoving("Ada");
  }

  /// A crowd is let in by what is sought among its names, and all at once; it rings once.
  @Test
  void aCrowdIsLetInByNameOrAltogether(Call call) {
    ChromiumParticipant ada = call.enter("Ada");
    ada.page().addInitScript(NOTES);
    ada.page().navigate(address(call, "Ada", true));
    ada.press("more");
    ada.press("open-host");
    ada.press("rule-waitingRoom");
    assertThat(ada.page().getByTestId("rule-waitingRoom")).isChecked();
    ada.press("host-close");
    assertThat(ada.page().getByTestId("doorbell-find")).isHidden();
    List<String> names = List.of("Ann", "Anna", "Ben", "Cleo", "Dora", "Emil", "Finn");
    for (String name : names) {
      ada.evaluate(KNOCK.formatted(name, token(name, false)));
    }
    assertThat(ada.page().getByTestId("waiter")).hasCount(names.size());
    assertTrue(Integer.parseInt(ada.evaluate("window.notes")) >= 2, "hosts hear it");
    assertThat(ada.page().getByTestId("admit-all")).hasText("Let in all 7");

    ada.page().getByTestId("doorbell-find").fill("ann");
    assertThat(ada.page().getByTestId("waiter")).hasCount(2);
    assertThat(ada.page().getByTestId("admit-all")).hasText("Let in all 2");
    assertEquals(List.of(), Axe.violations(ada.page()));
    Looks.take(ada, "doorbell-many");
    ada.press("admit-all");
    eventually("two are in", () -> ada.evaluate(ADMITTED), "Ann,Anna"::equals);
    assertThat(ada.page().getByTestId("doorbell-find")).isHidden();
    assertThat(ada.page().getByTestId("waiter")).hasCount(5);
    ada.press("admit-all");
    eventually("all are in", () -> ada.evaluate(ADMITTED), String.join(",", names)::equals);
    assertThat(ada.page().getByTestId("doorbell")).isHidden();
  }

  @Test
  void hostsDecideForAllAndShareThatWithOthers(Call call) {
    ChromiumParticipant ada = join(call, "Ada", true);
    ChromiumParticipant grace = join(call, "Grace", false);
    ChromiumParticipant linus = join(call, "Linus", false);
    ada.seesAndHears("Grace", "Linus");
    linus.seesAndHears("Ada", "Grace");
    ada.press("open-people");
    assertThat(grace.page().getByTestId("mute-all")).hasCount(0);
    assertThat(grace.page().locator("#recording-item")).isHidden();
    ada.page().getByLabel("Make Grace a host").click();
    assertThat(ada.page().getByLabel("Grace is a host: take that back")).isVisible();

    // A host by word: over a reload too, with what hosts see.
    grace.page().reload();
    grace.seesAndHears("Ada", "Linus");
    grace.press("open-people");
    assertThat(grace.page().getByTestId("mute-all")).isVisible();
    grace.press("more");
    grace.press("toggle-recording");
    linus.isTold("The server records everybody now.");
    assertThat(grace.page().getByTestId("observed")).isVisible();
    grace.press("more");
    grace.press("toggle-recording");
    linus.isTold("The server records no more.");
    linus.press("open-people");
    assertThat(linus.page().locator(".sign.host")).hasCount(2);
    assertThat(linus.page().getByTestId("moderate-remove")).hasCount(0);

    // Hands, in the order in which they were raised.
    linus.press("hand");
    assertThat(hand(ada, "Linus")).hasAttribute("data-place", "1");
    grace.press("hand");
    assertThat(hand(ada, "Grace")).hasAttribute("data-place", "2");
    assertThat(hand(ada, "Grace")).hasAttribute("aria-label", "Hand raised, number 2");
    assertEquals(List.of(), Axe.violations(ada.page()));
    Looks.take(ada, "host-people");
    grace.press("lower-all");
    assertThat(hand(ada, "Linus")).isHidden();
    assertThat(hand(ada, "Grace")).isHidden();
    assertThat(linus.page().getByTestId("hand")).hasAttribute("aria-pressed", "false");

    // A share is stopped, and does not begin again until it is allowed.
    linus.evaluate(SCREEN);
    linus.press("share");
    assertThat(grace.page().getByTestId("screen")).hasCount(1);
    grace.page().getByLabel("Stop the screen share of Linus").click();
    assertThat(grace.page().getByTestId("screen")).hasCount(0);
    linus.isTold("A moderator muted your screen.");
    grace.page().getByLabel("Let Linus share the screen again").click();
    linus.press("share");
    assertThat(grace.page().getByTestId("screen")).hasCount(1);

    // The room's rules, of which hosts are free.
    grace.press("more");
    grace.press("open-host");
    grace.press("rule-screen");
    assertThat(grace.page().getByTestId("screen")).hasCount(0);
    assertThat(linus.page().getByTestId("share")).isHidden();
    assertThat(ada.page().getByTestId("share")).isVisible();
    assertThat(record(linus)).isVisible();
    linus.press("more");
    linus.press("record-call");
    assertThat(ada.page().getByTestId("recording")).hasText("● Recording: Linus");
    grace.press("rule-record");
    assertThat(ada.page().getByTestId("recording")).isHidden();
    linus.isTold("The recording is saved: see Recordings in the menu.");
    assertThat(record(linus)).isHidden();
    assertThat(linus.page().locator("#record-call")).isHidden();
    assertThat(record(ada)).isVisible();
    grace.press("rule-chat");
    linus.press("open-chat");
    assertThat(linus.page().getByTestId("chat-off")).isVisible();
    assertThat(linus.page().getByTestId("chat-text")).isHidden();
    assertEquals(List.of(), Axe.violations(linus.page()));
    grace.press("rule-unmute");
    linus.press("mic");
    assertThat(linus.page().getByTestId("silenced")).containsText("muted your microphone");
    grace.press("rule-unmute");
    assertThat(linus.page().getByTestId("silenced")).isHidden();
    linus.press("mic");
    ada.seesTile("Linus", "heard again", tile -> !tile.soundOff());

    grace.press("end-all");
    assertThat(grace.page().getByTestId("question")).containsText("End the meeting for all?");
    grace.press("question-yes");
    assertThat(linus.page().getByTestId("left-reason")).hasText("The room was closed.");
    assertThat(ada.page().getByTestId("left-reason")).hasText("The room was closed.");
  }

  @Test
  void theChatHasLinksPrivateWordsAndAMemory(Call call) {
    ChromiumParticipant ada = join(call, "Ada", true);
    ChromiumParticipant grace = join(call, "Grace", false);
    ada.seesAndHears("Grace");
    ada.press("open-chat");
    write(ada, "see https://example.org/a?b=(c), and javascript:alert(1) <b>");
    grace.isTold("Ada: see https://example.org/a?b=(c), and javascript:alert(1) <b>");
    write(ada, "second");
    assertThat(grace.page().getByTestId("unread")).hasText("2");
    grace.press("open-chat");
    assertThat(grace.page().getByTestId("unread-mark")).hasCount(1);
    Locator link = grace.page().getByTestId("chat-message").first().locator("a");
    assertThat(link).hasCount(1);
    assertThat(link).hasText("https://example.org/a?b=(c)");
    assertThat(link).hasAttribute("href", "https://example.org/a?b=(c)");
    assertThat(link).hasAttribute("rel", "noopener noreferrer");

    ChromiumParticipant linus = join(call, "Linus", false);
    linus.press("open-chat");
    assertThat(linus.page().getByTestId("chat-message")).hasCount(2);
    assertThat(linus.page().getByTestId("chat-message").last()).containsText("second");
    assertThat(linus.page().getByTestId("unread")).isHidden();

    grace.page().getByTestId("chat-to").selectOption("Linus");
    write(grace, "between us");
    assertThat(grace.page().getByTestId("chat-private")).hasText("to Linus alone");
    assertThat(linus.page().getByTestId("chat-private")).hasText("to you alone");
    assertEquals(List.of(), Axe.violations(grace.page()));
    Looks.take(grace, "chat");
    grace.page().getByTestId("chat-to").selectOption("");
    write(grace, "for all");
    assertThat(ada.page().getByTestId("chat-message")).hasCount(3);
    assertThat(ada.page().getByTestId("chat-message").last()).containsText("for all");

    // After a reload it is all there but what was private.
    linus.page().reload();
    linus.press("open-chat");
    assertThat(linus.page().getByTestId("chat-message")).hasCount(3);
    linus.page().getByTestId("chat-message").last().hover();
    linus.page().context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
    linus.page().getByTestId("chat-copy").last().click();
    linus.isTold("Copied");
    assertEquals("for all", linus.evaluate("navigator.clipboard.readText()"));
  }

  private static void write(ChromiumParticipant participant, String text) {
    participant.page().getByTestId("chat-text").fill(text);
    participant.press("chat-send");
  }

  private static Locator hand(ChromiumParticipant viewer, String name) {
    return viewer
        .page()
        .locator("[data-testid=tile]", new Page.LocatorOptions().setHasText(name))
        .locator(".raised");
  }

  private static ChromiumParticipant join(Call call, String name, boolean host) {
    ChromiumParticipant participant = call.enter(name);
    participant.page().navigate(address(call, name, host));
    return participant;
  }

  private static String address(Call call, String name, boolean host) {
    return call.address(name, Call.SMALL) + "#token=" + token(name, host);
  }

  private static Locator record(ChromiumParticipant viewer) {
    return viewer.page().locator("[data-testid=tile] [data-action=record]").first();
  }

  private static String token(String name, boolean host) {
    Map<String, Object> claims =
        Forge.granting("room", "lobby", "roomJoin", true, "roomAdmin", host);
    claims.put("sub", name);
    return Forge.hs256(claims);
  }

  private static Path directory() {
    try {
      return Files.createTempDirectory("plenum-hosts");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
