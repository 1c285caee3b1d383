package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A server that has no time for all who come: as after a restart, when a whole house comes back
/// at once from one address.
@Tag("browser")
@ExtendWith(CallExtension.class)
class BusyServerBrowserTest {
  /// Answers `hello` as a busy server does. (Loopback addresses may join as often as they like,
  /// so the server itself refuses no test.)
  private static final String BUSY =
      """
      window.refusedAt = [];
      window.isBusy = true;
      window.WebSocket = class extends WebSocket {
        send(text) {
          if (!window.isBusy || JSON.parse(text).type !== 'hello') return super.send(text);
          const code = ['too-many', 'room-closed', 'room-full'][window.refusedAt.length % 3];
          window.refusedAt.push(performance.now());
          const error = { type: 'error', code, message: 'not now', fatal: true, retryAfter: 1 };
          this.onmessage({ data: JSON.stringify(error) });
          this.close();
        }
      }, 0""";

  private static final String REFUSALS = "window.refusedAt.length";

  private static final String SHORTEST_PAUSE =
      "Math.min(...window.refusedAt.slice(1).map((at, n) => at - window.refusedAt[n]))";

  private static final String NEWCOMER =
      """
      import('/plenum-client.js').then(({ PlenumRoom }) =>
        new PlenumRoom().join({ room: 'elsewhere', name: 'Linus' }).then(() => 'welcome', ({ code }) => code))""";

  @Test
  void whoWasInTheCallWaitsAndComesBack(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    call.join("Grace");
    Sight before = ada.seesAndHears("Grace");
    ada.evaluate(BUSY);
    QuietConsole.connectionsAreLost();
    ada.evaluate("window.probe.cut(), window.probe.mend()");
    eventually(
        "three refusals", () -> Integer.parseInt(ada.evaluate(REFUSALS)), count -> count >= 3);
    assertEquals("reconnecting", ada.evaluate("plenum.state"));
    double pause = Double.parseDouble(ada.evaluate(SHORTEST_PAUSE));
    assertTrue(pause >= 990, "a pause of " + pause + " ms where retryAfter was 1 s");
    ada.evaluate("window.isBusy = false");

    Sight after = ada.seesAndHears("Grace");
    assertEquals(before.participant(), after.participant());
    assertEquals(1, after.peers());
  }

  @Test
  void whoWasNotInTheCallIsTold(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ada.sees("the call", sight -> sight.state().equals("connected"));
    ada.evaluate(BUSY);
    assertEquals("too-many", ada.evaluate(NEWCOMER));
  }
}
