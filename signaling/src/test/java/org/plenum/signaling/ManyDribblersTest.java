package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.sfu.SfuConfig;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.protocol.TurnPasswords;
import org.plenum.signaling.relay.HeldRelay;

/// Many at once who begin to say something at the one port, or at that of TURN over TLS, and go on
/// a byte at a time without ever coming to an end: each is cut off and counted, and meanwhile
/// others come in and keep their relays.
@Timeout(180)
class ManyDribblersTest {
  private static final String HOST = "127.0.0.1";
  private static final int OF_EACH_KIND = 40;
  private static final long BYTE_MILLIS = 500;
  private static final int OF_ADDRESS = 10;
  private static final long CUT_OFF_NANOS = 15_000_000_000L;
  private static final String REFUSED = "plenum_refused_total\\{reason=\"connections\"\\}";

  /// What somebody never finishes.
  private enum Kind {
    /// A ClientHello of 512 bytes or more.
    CLIENT_HELLO("\u0016\u0003\u0001\u0002", false, true),
    /// Within TLS, an Allocate of 272 bytes.
    STUN_IN_TLS("\u0000\u0003\u0000\u00FC\u0021\u0012\u00A4\u0042", true, true),
    /// Within TLS, nothing at all.
    NOTHING_IN_TLS("", true, true),
    /// An Allocate without TLS.
    STUN("\u0000\u0003\u0000\u00FC\u0021\u0012\u00A4\u0042", false, false),
    /// A frame of ICE-TCP of 256 bytes or more.
    FRAME("\u0001", false, false),
    NOTHING("", false, true);

    final String begin;
    final boolean inTls;

    /// Whether it may come to the port of TURN over TLS; to the one port all may.
    final boolean alsoAtTurn;

    Kind(String begin, boolean inTls, boolean alsoAtTurn) {
      this.begin = begin;
      this.inTls = inTls;
      this.alsoAtTurn = alsoAtTurn;
    }
  }

  private @Nullable PlenumServer server;
  private HttpClient http;

  @BeforeEach
  void trust() throws Exception {
    http = TlsTest.client();
  }

  @AfterEach
  void stop() {
    http.shutdownNow();
    if (server != null) {
      server.close();
    }
  }

  static ServerConfig config(String host, boolean onePort) throws IOException {
    ServerConfig free = ServerConfig.forTests();
    int port = onePort ? freePort() : 0;
    ServerConfig.Media media =
        free.media().with(new TurnPasswords("nobody-knows-it", Duration.ofHours(1)));
    var web = new ServerConfig.Web(List.of(), List.of(), null, null, true);
    return new ServerConfig(
            new ServerConfig.Listener(host, port),
            free.management(),
            onePort ? media.with(new SfuConfig.Tcp(true, port, 0, true)) : media,
            free.iceServers())
        .with(web.with(!onePort, new ServerConfig.SecureRelay(0, 0, "")));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void areCutOffAndCountedAndHinderNobody(boolean onePort) throws Exception {
    server = PlenumServer.start(config(HOST, onePort));
    JsonNode turn = enter("Ada");
    int port = port(turn);
    List<Thread> all = new ArrayList<>();
    try (HeldRelay relay = relay(turn, port)) {
      assertEquals(0, relay.allocate());
      long before = cutOff();
      Stream.of(Kind.values())
          .filter(kind -> onePort || kind.alsoAtTurn)
          .forEach(kind -> begin(kind, port, all));
      for (int i = 0; all.stream().anyMatch(Thread::isAlive); i++) {
        assertEquals(0, relay.refresh());
        enter("Guest" + i);
        try (HeldRelay another = relay(turn, port)) {
          assertEquals(0, another.allocate());
        }
        Thread.sleep(BYTE_MILLIS);
      }
      long cut = cutOff() - before;
      assertTrue(cut >= all.size(), cut + " counted of " + all.size());
      assertEquals(0, relay.refresh());
    }
  }

  /// From loopback there is no limit for an address, so that ones of this host's own are used.
  @Test
  void ofOneAddressAreLimitedBeforeTheirHandshake() throws Exception {
    InetAddress own = ConnectionLimitsTest.ownAddress();
    assumeTrue(own != null, "loopback addresses only");
    var limits = new ServerConfig.Limits(20_000, OF_ADDRESS, 20, 50, 10, 10);
    ServerConfig everywhere = config("0.0.0.0", true).with(limits);
    server = PlenumServer.start(everywhere);
    List<Socket> sockets = new ArrayList<>();
    long begun = System.nanoTime();
    for (int i = 0; i < 3 * OF_ADDRESS; i++) {
      Socket socket = new Socket(own, server.httpPort());
      socket.getOutputStream().write('\u0016');
      socket.setSoTimeout(100);
      sockets.add(socket);
    }
    enter("Ada");
    while (metric(REFUSED) < 2 * OF_ADDRESS) {
      Thread.onSpinWait(); // the test's time-out ends it
    }
    long open = sockets.stream().filter(ManyDribblersTest::isOpen).count();
    for (Socket socket : sockets) {
      socket.close();
    }
    // Those that were let in are cut off too in the end.
    assumeTrue(System.nanoTime() - begun < CUT_OFF_NANOS, "too busy to tell");
    assertEquals(OF_ADDRESS, open);
    assertEquals(2 * OF_ADDRESS, metric(REFUSED));
  }

  private JsonNode enter(String name) throws Exception {
    var client = new TestClient(http, "wss://" + HOST + ":" + server.httpPort() + "/ws");
    return client.hello("blue", name).at("/iceServers/0");
  }

  /// Of TURN over TLS, as a client is told it.
  private static int port(JsonNode turn) {
    String urls = turn.get("urls").toString();
    var port = Pattern.compile("turns:" + HOST + ":(\\d+)").matcher(urls);
    assertTrue(port.find(), urls);
    return Integer.parseInt(port.group(1));
  }

  private HeldRelay relay(JsonNode turn, int port) throws IOException {
    return HeldRelay.over(
        http.sslContext().getSocketFactory().createSocket(HOST, port),
        turn.get("username").asText(),
        turn.get("credential").asText());
  }

  private void begin(Kind kind, int port, List<Thread> all) {
    for (int i = 0; i < OF_EACH_KIND; i++) {
      // Of the media port's view, two sources of twenty: as many may wait of one.
      String from = "127.0." + (1 + 2 * kind.ordinal() + i % 2) + "." + (1 + i);
      all.add(Thread.ofVirtual().start(() -> dribble(kind, from, port)));
    }
  }

  /// Until the server closes the connection.
  private void dribble(Kind kind, String from, int port) {
    try (Socket plain = new Socket()) {
      plain.bind(new InetSocketAddress(from, 0));
      plain.connect(new InetSocketAddress(HOST, port));
      Socket socket = plain;
      if (kind.inTls) {
        SSLSocket tls =
            (SSLSocket) http.sslContext().getSocketFactory().createSocket(plain, HOST, port, true);
        tls.startHandshake();
        socket = tls;
      }
      socket.setSoTimeout((int) BYTE_MILLIS);
      socket.getOutputStream().write(kind.begin.getBytes(StandardCharsets.ISO_8859_1));
      boolean isOpen = true;
      while (isOpen) {
        isOpen = isOpen(socket) && (kind.begin.isEmpty() || takes(socket, '\u0000'));
      }
    } catch (IOException e) {
      // cut off in its handshake
    }
  }

  private static boolean isOpen(Socket socket) {
    return ConnectionLimitsTest.isOpen(socket);
  }

  private static boolean takes(Socket socket, char next) {
    return ConnectionLimitsTest.takes(socket, next);
  }

  /// Connections that were closed because nothing came of them.
  private long cutOff() throws Exception {
    return metric(REFUSED)
        + metric("plenum_media_port_tcp_timed_out_total")
        + metric("plenum_media_port_tcp_refused_total");
  }

  private long metric(String name) throws Exception {
    URI metrics = URI.create("http://" + HOST + ":" + server.managementPort() + "/metrics");
    String all = http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString()).body();
    var value = Pattern.compile("\n" + name + " ([0-9.E]+)").matcher(all);
    assertTrue(value.find(), name);
    return (long) Double.parseDouble(value.group(1));
  }
}
