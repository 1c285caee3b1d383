package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.plenum.signaling.browser.Eventually.eventually;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.protocol.TurnPasswords;

/// Whose client is told to use nothing but relays is not introduced to the other one, who would
/// learn an address; and new passwords of relays are taken.
@Tag("browser")
class DirectConsentBrowserTest {
  private static final String JOIN =
      """
      (async () => {
        const { PlenumRoom } = await import('/plenum-client.js');
        const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 320, height: 180 } });
        window.mine = new PlenumRoom();
        await mine.join({ room: 'lobby', name: 'Grace', stream, %s });
        return '';
      })()""";

  private static final String TOLD = "JSON.stringify(ledger.direct.map(({ state }) => state))";

  @RegisterExtension
  private final CallExtension calls = new CallExtension(DirectConsentBrowserTest::config);

  private static ServerConfig config() {
    ServerConfig config = ServerConfig.forTests().withDirect(true);
    var passwords = new TurnPasswords("nobody-knows-it", Duration.ofHours(1));
    return config.with(config.media().with(passwords));
  }

  private static ChromiumParticipant enter(Call call, String name, String address) {
    ChromiumParticipant entered = call.enter(name);
    entered.page().addInitScript(DirectPath.CAPTURE);
    entered.page().addInitScript(Probe.read("ledger.js"));
    entered.page().navigate(address);
    return entered;
  }

  @Test
  void whoUsesNothingButRelaysTalksByTheServer(Call call) {
    ChromiumParticipant ada = enter(call, "Ada", call.address("Ada", Call.SMALL));
    ada.sees("the call", sight -> !sight.participant().isEmpty());
    ChromiumParticipant grace = enter(call, "Grace", call.base() + "/");
    grace.evaluate(JOIN.formatted("iceTransportPolicy: 'relay'"));
    ada.seesAndHears("Grace");
    eventually(
        "a relay",
        () -> grace.evaluate("pairOf(connections[0])"),
        pair -> pair.startsWith("relay "));
    assertEquals("[]", ada.evaluate(TOLD));
    assertEquals("[]", grace.evaluate(TOLD));

    grace.evaluate("mine.leave()");
    ada.sees("nobody", sight -> sight.tiles().isEmpty());
    grace.evaluate(JOIN.formatted("iceTransportPolicy: 'all'"));
    eventually(
        "to be introduced now", () -> ada.evaluate(TOLD), told -> told.startsWith("[\"started\""));
  }

  @Test
  void newPasswordsAreTaken(Call call) {
    ChromiumParticipant ada = enter(call, "Ada", call.address("Ada", Call.SMALL));
    ada.sees("the call", sight -> !sight.participant().isEmpty());
    ada.evaluate(
        """
        probe.tell({
          type: 'iceServers',
          iceServers: [{ urls: ['turn:127.0.0.1:9'], username: '9:ada', credential: 'new' }],
        })""");
    eventually(
        "the new ones",
        () ->
            ada.evaluate(
                "connections[0].getConfiguration().iceServers.map((each) => each.username).join()"),
        "9:ada"::equals);
  }
}
