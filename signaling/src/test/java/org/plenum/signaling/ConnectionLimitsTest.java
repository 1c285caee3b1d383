package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.plenum.signaling.config.AddressRange;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.session.SignalingCounter;

/// Many connections, and slow ones, against the running server.
@Timeout(150)
class ConnectionLimitsTest {
  private static final String UPGRADE =
      """
      GET /ws HTTP/1.1\r
      Host: localhost\r
      Upgrade: websocket\r
      Connection: Upgrade\r
      Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
      Sec-WebSocket-Version: 13\r
      Sec-WebSocket-Protocol: plenum.v1\r
      \r
      """;

  @Test
  void limitsTheWebSocketsOfAnAddressBehindATrustedProxy() throws Exception {
    try (TestServer server = new TestServer(true, behindAProxy());
        HttpClient http = HttpClient.newHttpClient()) {
      List<WebSocket> open = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        open.add(upgrade(http, server, "2001:db8:1:2::" + i));
      }
      var refusal =
          assertThrows(
              CompletionException.class, () -> upgrade(http, server, "2001:db8:1:2:ffff::9"));
      var handshake = assertInstanceOf(WebSocketHandshakeException.class, refusal.getCause());
      assertEquals(429, handshake.getResponse().statusCode());
      assertEquals("5", handshake.getResponse().headers().firstValue("Retry-After").orElse(""));
      assertEquals(1, server.counters().value(SignalingCounter.REFUSED_CONNECTIONS));
      upgrade(http, server, "2001:db8:1:3::1").abort();
      open.getFirst().abort();
      upgradesInTheEnd(http, server, "2001:db8:1:2::7");
      open.forEach(WebSocket::abort);
      http.shutdownNow();
    }
  }

  @Test
  void limitsTheConnectionsOfAnAddress() throws Exception {
    InetAddress own = ownAddress();
    assumeTrue(own != null, "this host has loopback addresses only, which are exempt");
    ServerConfig free = ServerConfig.forTests();
    ServerConfig everywhere =
        new ServerConfig(
                new ServerConfig.Listener("0.0.0.0", 0),
                free.management(),
                free.media(),
                free.iceServers())
            .with(new ServerConfig.Limits(20_000, 3, 20, 50, 10, 10));
    try (TestServer server = new TestServer(true, everywhere)) {
      List<Socket> sockets = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        sockets.add(opened(own, server.port()));
      }
      assertTrue(isRefused(own, server.port()));
      assertEquals(1, server.counters().value(SignalingCounter.REFUSED_CONNECTIONS));
      sockets.add(opened(server.port())); // of another address, and exempt
      sockets.getFirst().close();
      while (isRefused(own, server.port())) {
        Thread.onSpinWait(); // the server hears of a closed socket a moment later
      }
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void limitsTheConnectionsOfAll() throws Exception {
    var limits = new ServerConfig.Limits(20, 500, 20, 50, 10, 10);
    try (TestServer server = new TestServer(true, ServerConfig.forTests().with(limits))) {
      List<Socket> sockets = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        sockets.add(opened(server.port()));
      }
      Socket beyond = new Socket(InetAddress.getLoopbackAddress(), server.port());
      beyond.getOutputStream().write(UPGRADE.getBytes(StandardCharsets.US_ASCII));
      beyond.setSoTimeout(500);
      assertThrows(IOException.class, () -> readHead(beyond), "nobody answers beyond the limit");
      assertTrue(server.counters().value(SignalingCounter.CONNECTIONS_FULL) > 0);
      sockets.getFirst().close();
      beyond.setSoTimeout(20_000);
      readHead(beyond);
      for (Socket socket : sockets) {
        socket.close();
      }
      beyond.close();
    }
  }

  @Test
  void limitsRooms() throws Exception {
    var limits = new ServerConfig.Limits(20, 500, 20, 50, 2, 10);
    try (TestServer server = new TestServer(true, ServerConfig.forTests().with(limits));
        HttpClient http = HttpClient.newHttpClient()) {
      for (String room : List.of("a", "b")) {
        new TestClient(http, server.webSocket()).hello(room, "Ada");
      }
      TestClient refused = new TestClient(http, server.webSocket());
      refused.say("{\"type\":\"hello\",\"version\":1,\"room\":\"c\",\"name\":\"Ada\"}");
      var error = refused.next("error");
      assertEquals("overloaded", error.get("code").asText());
      assertEquals(5, error.get("retryAfter").asInt());
      assertEquals(1, server.counters().value(SignalingCounter.REFUSED_ROOMS));
      new TestClient(http, server.webSocket()).hello("a", "Bob");
      http.shutdownNow();
    }
  }

  /// The ports of a server; what somebody begins to say there stands in [#dribbles].
  private enum Port {
    WEB,
    TLS,
    MANAGEMENT,
    ICE_TCP
  }

  static Stream<Arguments> dribbles() {
    String body =
        "PUT /api/v1/rooms/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n\r\n{";
    return Stream.of(
        Arguments.of(Port.WEB, "GET / HT"),
        Arguments.of(Port.WEB, ""),
        Arguments.of(Port.WEB, body),
        Arguments.of(Port.TLS, "\u0016\u0003\u0001\u0002"), // a ClientHello of 512 bytes or more
        Arguments.of(Port.TLS, ""),
        Arguments.of(Port.MANAGEMENT, "GET /metrics HT"),
        Arguments.of(Port.MANAGEMENT, ""),
        Arguments.of(Port.ICE_TCP, "\u0001"), // a frame of 256 bytes or more
        Arguments.of(Port.ICE_TCP, ""));
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("dribbles")
  void cutsOffWhoDribblesItsRequest(Port kind, String begin) throws Exception {
    var web = new ServerConfig.Web(List.of(), List.of(), null, null, kind == Port.TLS);
    try (PlenumServer server = PlenumServer.start(ServerConfig.forTests().with(web))) {
      try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), port(server, kind))) {
        slow.getOutputStream().write(begin.getBytes(StandardCharsets.ISO_8859_1));
        slow.setSoTimeout(1_000);
        // A byte a second would keep an idle time-out from ever running out.
        while (isOpen(slow) && (begin.isEmpty() || takes(slow, 'x'))) {
          // as long as it is let
        }
      }
    }
  }

  private static int port(PlenumServer server, Port kind) throws Exception {
    return switch (kind) {
      case WEB, TLS -> server.httpPort();
      case MANAGEMENT -> server.managementPort();
      case ICE_TCP -> iceTcpPort(server);
    };
  }

  /// As an answer offers it.
  private static int iceTcpPort(PlenumServer server) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      var client = new TestClient(http, "ws://127.0.0.1:" + server.httpPort() + "/ws");
      client.hello("blue", "Ada");
      client.say(RealSfuTest.offer());
      String answer = client.next("answer").get("sdp").asText();
      var candidate = Pattern.compile(" (\\d+) typ host tcptype passive").matcher(answer);
      assertTrue(candidate.find(), answer);
      client.socket().abort();
      http.shutdownNow();
      return Integer.parseInt(candidate.group(1));
    }
  }

  @Tag("slow")
  @Test
  void tenThousandSocketsThatNeverJoinAreClosedAndHinderNobody() throws Exception {
    try (TestServer server = new TestServer(true);
        HttpClient http = HttpClient.newHttpClient()) {
      List<Socket> sockets = new ArrayList<>();
      for (int i = 0; i < 10_000; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.getOutputStream().write(UPGRADE.getBytes(StandardCharsets.US_ASCII));
        sockets.add(socket);
      }
      new TestClient(http, server.webSocket()).hello("blue", "Ada");
      for (Socket socket : sockets) {
        socket.setSoTimeout(60_000);
        socket.getInputStream().readAllBytes(); // ends when the server closes it
        socket.close();
      }
      new TestClient(http, server.webSocket()).hello("blue", "Bob");
      http.shutdownNow();
    }
  }

  static boolean takes(Socket socket, char next) {
    try {
      socket.getOutputStream().write(next);
      return true;
    } catch (IOException e) {
      return false; // closed between the look and this
    }
  }

  static boolean isOpen(Socket socket) {
    try {
      return socket.getInputStream().read() >= 0;
    } catch (SocketTimeoutException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// Of this host, but none that is loopback; null if there is none.
  static InetAddress ownAddress() throws IOException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(Inet4Address.class::isInstance)
        .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
        .findFirst()
        .orElse(null);
  }

  /// Whether the server closes a new connection without a word.
  private static boolean isRefused(InetAddress address, int port) throws IOException {
    try (Socket socket = new Socket(address, port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(UPGRADE.getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().read() < 0;
    } catch (SocketException e) {
      return true; // reset, as it had not read the request
    }
  }

  private static Socket opened(int port) throws IOException {
    return opened(InetAddress.getLoopbackAddress(), port);
  }

  private static Socket opened(InetAddress address, int port) throws IOException {
    Socket socket = new Socket(address, port);
    socket.getOutputStream().write(UPGRADE.getBytes(StandardCharsets.US_ASCII));
    socket.setSoTimeout(20_000);
    readHead(socket);
    return socket;
  }

  private static void readHead(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("closed after " + head);
      }
      head.append((char) next);
    }
    assertTrue(head.toString().startsWith("HTTP/1.1 101"), head.toString());
  }

  private static ServerConfig behindAProxy() {
    var proxy = new AddressRange(InetAddress.getLoopbackAddress(), 8);
    var web = new ServerConfig.Web(List.of(proxy), List.of(), null, null, false);
    return ServerConfig.forTests()
        .with(web)
        .with(new ServerConfig.Limits(20_000, 3, 20, 50, 10, 10));
  }

  private static WebSocket upgrade(HttpClient http, TestServer server, String client) {
    return http.newWebSocketBuilder()
        .subprotocols("plenum.v1")
        .header("X-Forwarded-For", "192.0.2.66, " + client)
        .buildAsync(URI.create(server.webSocket()), new WebSocket.Listener() {})
        .join();
  }

  /// The server hears of a closed socket a moment later.
  private static void upgradesInTheEnd(HttpClient http, TestServer server, String client) {
    boolean refused = true;
    while (refused) {
      try {
        upgrade(http, server, client).abort();
        refused = false;
      } catch (CompletionException e) {
        assertInstanceOf(WebSocketHandshakeException.class, e.getCause());
      }
    }
    assertFalse(refused);
  }
}
