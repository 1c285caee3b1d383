package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpClient;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plenum.signaling.relay.HeldRelay;

/// RFC 7443: whoever says `stun.turn` in the handshake is a client of the TURN server, and whoever
/// says nothing is one by the first byte.
@Timeout(120)
class TurnByAlpnTest {
  @ParameterizedTest
  @CsvSource({"true, stun.turn", "true, ''", "false, stun.turn", "false, ''"})
  void leadsToTheTurnServer(boolean onePort, String protocol) throws Exception {
    HttpClient http = TlsTest.client();
    try (PlenumServer server = PlenumServer.start(ManyDribblersTest.config("127.0.0.1", onePort))) {
      TestClient ada = new TestClient(http, "wss://127.0.0.1:" + server.httpPort() + "/ws");
      JsonNode turn = ada.hello("blue", "Ada").at("/iceServers/0");
      var port = Pattern.compile("turns:127.0.0.1:(\\d+)").matcher(turn.get("urls").toString());
      assertTrue(port.find(), turn.toString());
      int number = Integer.parseInt(port.group(1));
      assertEquals(onePort, number == server.httpPort());
      SSLSocket socket =
          (SSLSocket) http.sslContext().getSocketFactory().createSocket("127.0.0.1", number);
      if (!protocol.isEmpty()) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {protocol});
        socket.setSSLParameters(parameters);
      }
      socket.startHandshake();
      assertEquals(protocol, socket.getApplicationProtocol());
      try (HeldRelay relay =
          HeldRelay.over(socket, turn.get("username").asText(), turn.get("credential").asText())) {
        assertEquals(0, relay.allocate());
        assertEquals(0, relay.refresh());
      }
    } finally {
      http.shutdownNow();
    }
  }
}
