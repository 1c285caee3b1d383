package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.plenum.signaling.browser.Eventually.eventually;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.config.ServerConfig.Limits;

/// A server that has no time for all who come from one address: as after a restart, when the whole
/// house comes back at once.
@Tag("browser")
class BusyServerBrowserTest {
  @RegisterExtension static final CallExtension CALLS = new CallExtension(() -> config());

  /// Joins of another room without end, so that nothing is left of what the address may do.
  private static final String CROWD =
      """
      window.crowd = setInterval(() => {
        const socket = new WebSocket(`ws://${location.host}/ws`, 'plenum.v1');
        socket.onopen = () => socket.send(JSON.stringify(
          { type: 'hello', version: 1, features: [], room: 'crowd', name: 'One of many' }));
        socket.onmessage = () => socket.close();
      }, 50), 0""";

  /// One of the crowd may get in, so it is tried until it fails.
  private static final String NEWCOMER =
      """
      import('/plenum-client.js').then(async ({ PlenumRoom }) => {
        const room = new PlenumRoom();
        try {
          await room.join({ room: 'elsewhere', name: 'Linus' });
          room.leave();
          return 'welcome';
        } catch ({ code }) {
          return code;
        }
      })""";

  /// Loses the WebSocket and opens another, unless that is under way.
  private static final String COME_BACK =
      "plenum.state === 'connected' && (window.probe.cut(), window.probe.mend())";

  @Test
  void whoWasInTheCallWaitsAndComesBackAndWhoWasNotIsTold(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    Sight before = ada.seesAndHears("Grace");
    AtomicBoolean refused = new AtomicBoolean();
    ada.page()
        .onWebSocket(
            socket ->
                socket.onFrameReceived(
                    frame -> {
                      if (frame.text() != null && frame.text().contains("too-many")) {
                        refused.set(true);
                      }
                    }));
    grace.evaluate(CROWD);
    eventually("a newcomer told", () -> grace.evaluate(NEWCOMER), "too-many"::equals);
    eventually(
        "Ada refused",
        () -> {
          ada.evaluate(COME_BACK);
          return refused.get();
        },
        Boolean::booleanValue);
    grace.evaluate("clearInterval(window.crowd)");

    Sight after = ada.seesAndHears("Grace");
    assertEquals(before.participant(), after.participant());
    assertEquals(1, after.peers());
  }

  private static ServerConfig config() {
    ServerConfig tests = ServerConfig.forTests();
    Limits limits = tests.limits();
    return new ServerConfig(
        tests.http(),
        tests.management(),
        tests.media(),
        tests.iceServers(),
        tests.web(),
        tests.auth(),
        tests.events(),
        tests.recordings(),
        new Limits(
            limits.connections(),
            limits.connectionsPerAddress(),
            1,
            limits.messagesPerSecond(),
            limits.rooms(),
            limits.participants()),
        tests.codecs(),
        tests.log(),
        tests.turn(),
        tests.drain());
  }
}
