package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// RFC 6544: a network that lets no UDP through.
@Tag("browser")
@ExtendWith(CallExtension.class)
class TcpOnlyBrowserTest {
  /// Takes the UDP candidates out of every answer before the browser sees it.
  static final String NO_UDP =
      """
      const original = RTCPeerConnection.prototype.setRemoteDescription;
      window.connections = [];
      RTCPeerConnection.prototype.setRemoteDescription = function (description) {
        window.connections.push(this);
        const sdp = description.sdp.replace(/a=candidate:\\S+ \\d+ udp .*\\r\\n/gi, '');
        return original.call(this, { type: description.type, sdp });
      };
      """;

  /// The protocol of the pair that carries media, and its remote candidate's.
  static final String PROTOCOLS =
      """
      (async () => {
        const stats = await window.connections.at(-1).getStats();
        const all = [...stats.values()];
        const transport = all.find(s => s.type === 'transport');
        const pair = stats.get(transport.selectedCandidatePairId);
        return stats.get(pair.localCandidateId).protocol + ' '
          + stats.get(pair.remoteCandidateId).protocol;
      })()
      """;

  @Test
  void whoseNetworkLetsNoUdpThroughSeesAndHearsByTcp(Call call) {
    ChromiumParticipant grace = call.join("Grace");
    ChromiumParticipant ada = call.enter("Ada");
    ada.page().addInitScript(NO_UDP);

    ada.page().navigate(call.address("Ada", Call.SMALL));

    ada.seesAndHears("Grace");
    grace.seesAndHears("Ada");
    assertEquals("tcp tcp", ada.evaluate(PROTOCOLS));
  }
}
