package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Chat, reactions and raised hands.
@Tag("browser")
@ExtendWith(CallExtension.class)
class ConversationBrowserTest {
  /// The order of hands that are said as they are raised, and of others that are heard of later.
  private static final String HANDS_HEARD_OF =
      """
      import('/plenum-client.js').then(({ Conversation }) => {
        const people = new Map([['bea', { name: 'Bea' }], ['cem', { name: 'Cem' }]]);
        const known = { participants: people, participant: 'me', hosts: new Set(), sendMessage: () => true };
        const order = (...said) => {
          const room = Object.assign(new EventTarget(), known);
          const conversation = new Conversation(room, 'Me');
          for (const [from, topic, text] of said) {
            room.dispatchEvent(new CustomEvent('message', { detail: { from, topic, text } }));
          }
          return [...conversation.hands].join();
        };
        const asRaised = order(['bea', 'hand', 'up'], ['cem', 'hand', 'up']);
        const later = order(['bea', 'handSince', '1000'], ['bea', 'hand', 'up'],
          ['cem', 'handSince', '60000'], ['cem', 'hand', 'up']);
        return `${asRaised}; ${later}`;
      })""";

  /// What is said, and whose hands are up, when lost media have given us another id.
  private static final String BACK_UNDER_ANOTHER_ID =
      """
      import('/client/conversation.js').then(({ Conversation }) => {
        const said = [];
        const room = Object.assign(new EventTarget(), {
          participant: 'before',
          participants: new Map([['grace', { participant: 'grace', name: 'Grace' }]]),
          sendMessage: (text, { topic }) => topic === 'handSince' || said.push(`${topic} ${text}`),
        });
        const conversation = new Conversation(room, 'Ada');
        conversation.raiseHand(true);
        said.length = 0;
        room.participant = 'after';
        room.dispatchEvent(new CustomEvent('resumed', { detail: {} }));
        return `${said.join()}: ${[...conversation.hands].join()}`;
      })""";

  /// What is known when the server tells, twice, what was written before: of two that read alike
  /// both.
  private static final String HISTORY_AFTER_A_LOSS =
      """
      import('/client/conversation.js').then(({ Conversation }) => {
        const grace = { participant: 'grace', name: 'Grace' };
        const room = Object.assign(new EventTarget(), {
          participant: 'me', participants: new Map([['grace', grace]]), sendMessage: () => true,
        });
        const tell = (type, detail) => room.dispatchEvent(new CustomEvent(type, { detail }));
        const conversation = new Conversation(room, 'Ada');
        tell('message', { from: 'grace', topic: 'chat', text: 'one' });
        conversation.say('two');
        const at = Date.now() + 500;
        const messages = [
          { from: 'grace', name: 'Grace', text: 'one', at, own: false },
          { from: 'before', name: 'Ada', text: 'two', at, own: true },
          { from: 'grace', name: 'Grace', text: 'three', at, own: false },
          { from: 'grace', name: 'Grace', text: 'three', at: at + 1000, own: false },
        ];
        tell('history', { messages });
        tell('history', { messages });
        return conversation.messages.map(({ text }) => text).join();
      })""";

  private static final String HTML = "<img src=x onerror=\"window.attacked = true\">";

  @Test
  void whatIsMeantForSomebodyWhoHasLeftGoesToNobody(Call call) {
    ChromiumParticipant ada = call.join("Ada", Call.TINY);
    ChromiumParticipant grace = call.join("Grace", Call.TINY);
    ChromiumParticipant linus = call.join("Linus", Call.TINY);
    ada.sees("both", sight -> sight.shows("Grace") && sight.shows("Linus"));
    ada.press("open-chat");
    ada.page().getByTestId("chat-to").selectOption("Grace");
    grace.press("leave");
    assertThat(ada.page().getByTestId("chat-error"))
        .hasText("Grace has left. Choose to whom you write.");

    write(ada, "between us");

    assertThat(ada.page().getByTestId("chat-error"))
        .hasText("Grace has left. Choose to whom you write.");
    assertThat(ada.page().locator("#chat-text")).hasValue("between us");
    assertThat(ada.page().getByTestId("chat-message")).hasCount(0);
    ada.page().getByTestId("chat-to").selectOption("");
    assertThat(ada.page().getByTestId("chat-error")).isHidden();
    write(ada, "for all");
    linus.isTold("Ada: for all");
    linus.press("open-chat");
    assertThat(linus.page().getByTestId("chat-message")).hasCount(1);
  }

  @Test
  void whatWasWrittenDuringALossIsKnownAfterItOnce(Call call) {
    ChromiumParticipant ada = call.join("Ada", Call.TINY);
    ada.sees("the call", sight -> !sight.participant().isEmpty());
    assertEquals("one,two,three,three", ada.evaluate(HISTORY_AFTER_A_LOSS));
  }

  @Test
  void htmlInNamesAndChatIsShownAsText(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ada.sees("the call", sight -> !sight.participant().isEmpty());
    ChromiumParticipant eve = call.enter(HTML);
    eve.page().navigate(call.base() + "/?room=lobby");
    eve.page().locator("#name").fill(HTML);
    eve.press("join");
    eve.seesAndHears("Ada");

    write(eve, HTML + "\nsecond line");

    ada.isTold(HTML + ": " + HTML + "\nsecond line");
    assertThat(ada.page().getByTestId("unread")).hasText("1");
    ada.press("open-chat");
    assertThat(ada.page().getByTestId("unread")).isHidden();
    Locator message = ada.page().getByTestId("chat-message");
    assertThat(message.locator("strong")).hasText(HTML);
    assertThat(message.locator(".text")).hasText(HTML + "\nsecond line");
    assertEquals("0", ada.evaluate("document.querySelectorAll('img[src=x]').length"));
    assertEquals("undefined", ada.evaluate("typeof window.attacked"));
    ada.seesAndHears(HTML);
  }

  @Test
  void aMessageOfOneMegabyteIsRefusedAndNothingTypedIsLost(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    ada.seesAndHears("Grace");
    ada.press("open-chat");
    String megabyte = "document.getElementById('chat-text').value = 'x'.repeat(1 << 20)";
    ada.evaluate(megabyte);
    ada.press("chat-send");
    assertThat(ada.page().getByTestId("chat-error"))
        .hasText(
            "A message has at most 4,096 characters; this one has 1,048,576."
                + " Shorten it, or send it in parts.");
    assertEquals("1048576", ada.evaluate("document.getElementById('chat-text').value.length"));

    // A client of less manners: what the server's own bounds say.
    String tooLong =
        """
        new Promise((resolve) => {
          const socket = new WebSocket(`ws://${location.host}/ws`, 'plenum.v1');
          socket.onmessage = ({ data }) => {
            const { type, code, field, message } = JSON.parse(data);
            if (type === 'welcome') socket.send(JSON.stringify(
              { type: 'message', topic: 'chat', text: 'x'.repeat(4097) }));
            if (type === 'error') {
              resolve(`${code} ${field}: ${message}`);
              socket.close();
            }
          };
          socket.onopen = () => socket.send(JSON.stringify(
            { type: 'hello', version: 1, features: [], room: 'other', name: 'Eve' }));
        })""";
    assertEquals(
        "invalid-message text: text must have 1 to 4096 characters, not 4097",
        ada.evaluate(tooLong));
    String huge =
        """
        new Promise((resolve) => {
          const socket = new WebSocket(`ws://${location.host}/ws`, 'plenum.v1');
          socket.onclose = ({ code }) => resolve(code);
          socket.onopen = () => socket.send(JSON.stringify({ type: 'message', text: 'x'.repeat(1 << 20) }));
        })""";
    assertEquals("1009", ada.evaluate(huge));
    assertThat(grace.page().getByTestId("unread")).isHidden();

    write(ada, "short");
    grace.isTold("Ada: short");
  }

  @Test
  void aRaisedHandIsSeenByWhoComesLater(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ada.sees("the call", sight -> sight.state().equals("connected"));
    ada.press("hand");

    ChromiumParticipant grace = call.join("Grace");
    Locator hand = grace.page().locator("[data-testid=tile] .raised");
    assertThat(hand).isVisible();
    grace.isTold("Ada raised a hand");
    grace.press("open-people");
    assertThat(grace.page().getByTestId("person").first()).containsText("Ada");

    grace.cut();
    assertThat(grace.page().getByTestId("banner")).hasText("Reconnecting…");
    ada.press("hand");
    grace.mend();
    assertThat(grace.page().getByTestId("banner")).isHidden();
    assertThat(hand).isHidden();
  }

  /// Who comes late hears of hands in any order.
  @Test
  void handsHaveTheOrderInWhichTheyWereRaisedForWhoComesLaterToo(Call call) {
    ChromiumParticipant ada = call.join("Ada", Call.TINY);
    assertEquals("bea,cem; cem,bea", ada.evaluate(HANDS_HEARD_OF));

    ChromiumParticipant grace = call.join("Grace", Call.TINY);
    ada.seesTile("Grace", "here", _ -> true);
    grace.press("hand");
    ada.isTold("Grace raised a hand");
    ada.press("hand");
    ChromiumParticipant linus = call.join("Linus", Call.TINY);
    assertThat(place(linus, "Grace")).hasAttribute("data-place", "1");
    assertThat(place(linus, "Ada")).hasAttribute("data-place", "2");
  }

  private static Locator place(ChromiumParticipant viewer, String name) {
    return viewer.page().locator("[data-testid=tile][aria-label=" + name + "] .raised");
  }

  @Test
  void ourOwnHandIsSaidAgainWhenWeComeBackAsSomebodyElse(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    assertEquals("hand ask,hand up,recording ask: after", ada.evaluate(BACK_UNDER_ANOTHER_ID));
  }

  @Test
  void aReactionRisesAtTheOthers(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    ada.seesAndHears("Grace");
    grace.seesAndHears("Ada");

    grace.press("react");
    grace.page().locator("[data-reaction=heart]").click();

    ada.isTold("Grace: Heart");
    eventually(
        "no reaction any more",
        () -> ada.evaluate("document.querySelectorAll('[data-testid=reaction]').length"),
        "0"::equals);
  }

  private static void write(ChromiumParticipant participant, String text) {
    Page page = participant.page();
    if (!page.getByTestId("chat").isVisible()) {
      participant.press("open-chat");
    }
    page.getByTestId("chat-text").fill(text);
    page.getByTestId("chat-text").press("Enter");
  }
}
