package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.relay.HeldRelay;

/// The relays of somebody who is not in the room any more are cut within five seconds, over UDP,
/// TCP and TLS, and there are no others for the same credentials; those of others go on.
@Timeout(120)
class RemovedRelayTest {
  private static final String HOST = "127.0.0.1";
  private static final long CUT_SECONDS = 5;
  private static final int UNAUTHORIZED = 401;

  /// How somebody gets out of a room.
  private enum Way {
    LEAVES,
    IS_REMOVED,
    ROOM_IS_CLOSED
  }

  private ServerConfig config;
  private PlenumServer server;
  private HttpClient http;

  @BeforeEach
  void start() throws Exception {
    config = TurnutilsTlsTest.config();
    server = PlenumServer.start(config);
    http = TlsTest.client();
  }

  @AfterEach
  void stop() {
    http.shutdownNow();
    server.close();
  }

  @ParameterizedTest
  @EnumSource
  void relaysEndWithWhoHasThem(Way way) throws Exception {
    TestClient ada = client();
    JsonNode adas = ada.hello("blue", "Ada");
    TestClient bob = client();
    JsonNode bobs = bob.hello(way == Way.ROOM_IS_CLOSED ? "red" : "blue", "Bob");
    List<HeldRelay> cut = relays(adas);
    List<HeldRelay> kept = relays(bobs);
    for (HeldRelay each : cut) {
      assertEquals(0, each.refresh());
    }
    awaitRelaysAtServer(6);

    go(way, ada, adas.get("participant").asText());

    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CUT_SECONDS);
    for (HeldRelay each : cut) {
      int error = refusal(each);
      while (error == 0) {
        assertTrue(deadline - System.nanoTime() > 0, "not within five seconds");
        error = refusal(each);
      }
      assertEquals(UNAUTHORIZED, error);
      each.close();
    }
    awaitRelaysAtServer(3);
    for (HeldRelay each : kept) {
      assertEquals(0, each.refresh());
      each.close();
    }
    for (HeldRelay again : open(adas.at("/iceServers/0"))) {
      assertEquals(UNAUTHORIZED, refusalOfAnother(again));
      again.close();
    }
  }

  private void go(Way way, TestClient client, String participant) throws Exception {
    switch (way) {
      case LEAVES -> client.say("{\"type\":\"leave\"}");
      case IS_REMOVED -> delete("/rooms/blue/participants/" + participant);
      case ROOM_IS_CLOSED -> delete("/rooms/blue");
    }
    client.await("bye", _ -> true);
  }

  private void delete(String path) throws Exception {
    new ApiClient(http, "https://" + HOST + ":" + server.httpPort(), null)
        .call(204, "DELETE", path, null);
  }

  private TestClient client() throws Exception {
    return new TestClient(http, "wss://" + HOST + ":" + server.httpPort() + "/ws");
  }

  /// One over each way.
  private List<HeldRelay> relays(JsonNode welcome) throws Exception {
    List<HeldRelay> relays = open(welcome.at("/iceServers/0"));
    for (HeldRelay each : relays) {
      assertEquals(0, each.allocate());
    }
    return relays;
  }

  private List<HeldRelay> open(JsonNode turn) throws IOException {
    String user = turn.get("username").asText();
    String password = turn.get("credential").asText();
    String urls = turn.get("urls").toString();
    Socket tls = http.sslContext().getSocketFactory().createSocket(HOST, port("turns:", urls));
    List<HeldRelay> open = new ArrayList<>();
    open.add(HeldRelay.overUdp(new InetSocketAddress(HOST, config.media().port()), user, password));
    open.add(HeldRelay.over(new Socket(HOST, port("turn:", urls)), user, password));
    open.add(HeldRelay.over(tls, user, password));
    return open;
  }

  private static int port(String scheme, String urls) {
    var url = Pattern.compile("\"" + scheme + HOST + ":(\\d+)").matcher(urls);
    assertTrue(url.find(), urls);
    return Integer.parseInt(url.group(1));
  }

  /// What the server says, or 401 if it closes the connection in place of an answer; 0: nothing.
  private static int refusal(HeldRelay relay) throws IOException {
    try {
      return relay.refresh();
    } catch (IOException e) {
      return ofClosed(relay, e);
    }
  }

  private static int refusalOfAnother(HeldRelay relay) throws IOException {
    try {
      return relay.allocate();
    } catch (IOException e) {
      return ofClosed(relay, e);
    }
  }

  private static int ofClosed(HeldRelay relay, IOException failure) throws IOException {
    if (relay.isOverUdp() || failure instanceof SocketTimeoutException) {
      throw failure;
    }
    return UNAUTHORIZED;
  }

  /// The server counts them once a second.
  private void awaitRelaysAtServer(int expected) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    int now = relaysAtServer();
    while (now != expected) {
      assertTrue(deadline - System.nanoTime() > 0, now + " relays, not " + expected);
      Thread.sleep(50);
      now = relaysAtServer();
    }
  }

  private int relaysAtServer() throws Exception {
    URI metrics = URI.create("http://" + HOST + ":" + server.managementPort() + "/metrics");
    String all = http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString()).body();
    var relays = Pattern.compile("\nplenum_turn_relays (\\d+)").matcher(all);
    assertTrue(relays.find(), all);
    return Integer.parseInt(relays.group(1));
  }
}
