package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.plenum.sfu.SfuConfig;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.protocol.TurnPasswords;

/// A direct call by relays takes others before their passwords have run out, and goes on meanwhile.
@Tag("browser")
class DirectRenewalBrowserTest {
  private static final Duration LIFE = Duration.ofSeconds(24);

  private static final String TOLD = "ledger.direct.map(({ state }) => state).join()";

  /// What the direct connection asks for relays with, and the ICE session that it is in.
  private static final String USER =
      "connections.at(-1).getConfiguration().iceServers.at(-1).username";

  private static final String SESSION =
      "connections.at(-1).localDescription.sdp.match(/a=ice-ufrag:(.*)/)[1]";

  @RegisterExtension
  private final CallExtension calls = new CallExtension(DirectRenewalBrowserTest::config);

  private static ServerConfig config() {
    ServerConfig config = ServerConfig.forTests().withDirect(true);
    var passwords = new TurnPasswords("nobody-knows-it", LIFE);
    var ports = new SfuConfig.PortRange(47_100, 47_199);
    return config.with(config.media().with(passwords).with(ports));
  }

  @Test
  void takesOtherRelaysInTime(Call call) {
    ChromiumParticipant ada = enter(call, "Ada");
    ada.sees("the call", sight -> !sight.participant().isEmpty());
    ChromiumParticipant grace = enter(call, "Grace");
    isRelayed(ada);
    isRelayed(grace);
    String adas = ada.evaluate(SESSION);
    String graces = grace.evaluate(SESSION);
    String user = ada.evaluate(USER);
    assertTrue(user.endsWith("/direct"), user);

    eventually("new passwords", () -> ada.evaluate(USER), now -> !now.equals(user));
    assertTrue(ada.evaluate(USER).endsWith("/direct"), ada.evaluate(USER));
    eventually("another session of Ada's", () -> ada.evaluate(SESSION), now -> !now.equals(adas));
    eventually("of Grace's", () -> grace.evaluate(SESSION), now -> !now.equals(graces));
    isRelayed(ada);
    isRelayed(grace);
    DirectPath.moves(ada);
    DirectPath.moves(grace);
    assertEquals("started,up", ada.evaluate(TOLD));
  }

  private static ChromiumParticipant enter(Call call, String name) {
    ChromiumParticipant participant = call.enter(name);
    participant.page().addInitScript(Probe.read("ledger.js"));
    participant.page().addInitScript(DirectRelayBrowserTest.RELAY_ONLY.formatted("^turn:.*=udp"));
    participant.page().navigate(call.address(name, Call.SMALL));
    return participant;
  }

  private static void isRelayed(ChromiumParticipant who) {
    eventually(
        who.name() + " by a relay",
        () -> who.evaluate(DirectRelayBrowserTest.PAIR),
        pair -> pair.matches("relay .* relay"));
  }
}
