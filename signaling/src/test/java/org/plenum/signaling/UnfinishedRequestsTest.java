package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.signaling.config.ApiKey;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.session.SignalingCounter;
import org.plenum.signaling.token.Forge;
import org.slf4j.LoggerFactory;

/// Requests that never end, or that no handler gets to see: each has an answer of ours, and none of
/// them a line in the log that shows what was asked.
@Timeout(120)
class UnfinishedRequestsTest {
  private static final String QUERY = "?name=hush-hush";

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  @TempDir private Path data;
  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer(true, config(false));
    log.start();
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).addAppender(log);
  }

  @AfterEach
  void stop() {
    server.close();
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).detachAppender(log);
  }

  private ServerConfig config(boolean tls) {
    return ServerConfig.forTests()
        .with(new ServerConfig.Web(List.of(), List.of(), null, null, tls))
        .with(new ServerConfig.Auth(List.of(new ApiKey("one", Forge.SECRET)), "", 30, false))
        .with(new ServerConfig.Recordings(data.resolve(String.valueOf(tls)), 4, 30));
  }

  @Test
  void asksForTheTokenBeforeItWaitsForTheBody() throws Exception {
    for (String target :
        List.of(
            "POST /whip/blue",
            "POST /whep/blue",
            "PUT /api/v1/rooms/blue",
            "PATCH /api/v1/rooms/blue",
            "POST /api/v1/rooms/blue/messages",
            "POST /recordings/blue")) {
      assertAnswered(401, begun(target, ""));
    }
    assertEquals(0, server.counters().value(SignalingCounter.BODIES_UNFINISHED));
  }

  /// Who is refused may ask again over the same connection, if all of what was said has come.
  @Test
  void keepsTheConnectionOfWhoIsRefusedWithAWholeBody() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      for (int i = 0; i < 2; i++) {
        send(socket, "POST /whip/blue HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}");
        String answer = read(socket);
        assertTrue(answer.startsWith("HTTP/1.1 401"), answer);
        assertFalse(answer.contains("Connection: close"), answer);
      }
    }
  }

  /// Who sends all of a large body before reading hears why it is refused, and not of a broken
  /// connection.
  @Test
  void readsWhatComesOfABodyThatIsRefused() throws Exception {
    byte[] part = new byte[1 << 20];
    int parts = 24; // more than sockets hold
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      send(
          socket,
          "POST /recordings/blue HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
              .formatted((long) parts * part.length));
      for (int i = 0; i < parts; i++) {
        socket.getOutputStream().write(part);
      }
      String answer = read(socket);
      assertTrue(answer.startsWith("HTTP/1.1 401"), answer);
      assertTrue(answer.contains("Connection: close"), answer);
      assertEquals(-1, socket.getInputStream().read());
    }
  }

  @Test
  void waitsForNoBodyForLong() throws Exception {
    JsonNode recording = recording();
    List<Socket> waiting = new ArrayList<>();
    String bearer = "Authorization: Bearer " + token() + "\r\n";
    waiting.add(begun("POST /whip/blue", bearer + "Content-Type: application/sdp\r\n"));
    waiting.add(begun("POST /whep/blue", bearer + "Content-Type: application/sdp\r\n"));
    waiting.add(begun("PUT /api/v1/rooms/blue", bearer + "Content-Type: application/json\r\n"));
    waiting.add(begun("POST /recordings/blue", bearer + "Content-Type: application/json\r\n"));
    waiting.add(
        begun(
            "PATCH /recordings/blue/" + recording.get("recording").asText(),
            "Upload-Offset: 0\r\nRecording-Key: " + recording.get("key").asText() + "\r\n"));
    for (Socket socket : waiting) {
      assertAnswered(408, socket);
    }
    assertEquals(waiting.size(), server.counters().value(SignalingCounter.BODIES_UNFINISHED));
    assertLogShowsNothing();
  }

  @Test
  void whoHangsUpInTheMiddleIsNoFault() throws Exception {
    String bearer = "Authorization: Bearer " + token() + "\r\n";
    try (Socket socket =
        begun("PUT /api/v1/rooms/blue", bearer + "Content-Type: application/json\r\n")) {
      socket.shutdownOutput();
      assertTrue(read(socket).startsWith("HTTP/1.1 400"));
    }
    assertEquals(1, server.counters().value(SignalingCounter.BODIES_UNFINISHED));
    assertEquals(0, server.counters().value(SignalingCounter.FAULTS));
    assertLogShowsNothing();
  }

  @Test
  void overHttp2Too() throws Exception {
    HttpClient http = TlsTest.client();
    try (TestServer secure = new TestServer(true, config(true))) {
      URI uri = URI.create("https://127.0.0.1:" + secure.port() + "/api/v1/rooms/blue" + QUERY);
      BodyPublisher body = BodyPublishers.fromPublisher(firstByte(), 100);
      HttpRequest request =
          HttpRequest.newBuilder(uri)
              .header("Authorization", "Bearer " + token())
              .header("Content-Type", "application/json")
              .PUT(body)
              .build();
      try {
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        assertEquals(HttpClient.Version.HTTP_2, response.version());
        assertEquals(408, response.statusCode());
        assertProblem(408, response);
      } catch (IOException e) {
        // The answer is followed by RST_STREAM, which this client may see first.
        assertTrue(String.valueOf(e.getMessage()).contains("RST_STREAM"), e::toString);
      }
      assertEquals(1, secure.counters().value(SignalingCounter.BODIES_UNFINISHED));
      // A path with two meanings is refused before any handler of ours.
      URI ambiguous = URI.create("https://127.0.0.1:" + secure.port() + "/a%2fb" + QUERY);
      var response = http.send(HttpRequest.newBuilder(ambiguous).build(), BodyHandlers.ofString());
      assertEquals(HttpClient.Version.HTTP_2, response.version());
      assertProblem(400, response);
    } finally {
      http.shutdownNow();
    }
    assertLogShowsNothing();
  }

  @Test
  void answersWithAProblemWhatNoHandlerSees() throws Exception {
    String host = "Host: localhost\r\n";
    for (String request :
        List.of(
            "400 GET /a%2fb" + QUERY + " HTTP/1.1\r\n" + host,
            "400 GET /%" + QUERY + " HTTP/1.1\r\n" + host,
            "400 GET /a b" + QUERY + " HTTP/1.1\r\n" + host,
            "400 GET /" + QUERY + " HTTP/1.1\r\n",
            "400 GET /" + QUERY + " HTTP/1.1\r\nHost: a\r\nHost: b\r\n",
            "400 GET /" + QUERY + " HTTP/1.1\r\n" + host + "Bad Header\r\n",
            "400 POST /whip/a" + QUERY + " HTTP/1.1\r\n" + host + "Content-Length: x\r\n",
            "400 BREW /a%2fb" + QUERY + " HTTP/1.1\r\n" + host,
            "400 GET /api/v1/rooms?after=%zz HTTP/1.1\r\n"
                + host
                + "Authorization: Bearer "
                + token()
                + "\r\n",
            "505 GET / HTTP/7.0\r\n" + host,
            "431 GET /" + QUERY + " HTTP/1.1\r\n" + host + "X: " + "x".repeat(20_000) + "\r\n",
            "414 GET /" + QUERY + "x".repeat(20_000) + " HTTP/1.1\r\n" + host)) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
        send(socket, request.substring(4) + "\r\n");
        assertAnswered(Integer.parseInt(request.substring(0, 3)), socket);
      }
    }
    assertEquals(0, server.counters().value(SignalingCounter.FAULTS));
    assertLogShowsNothing();
  }

  @Test
  void theManagementPortAnswersAlike() throws Exception {
    URI uri = URI.create(server.management("/"));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), uri.getPort())) {
      send(socket, "GET /a%2fb" + QUERY + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
      String answer = read(socket);
      assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
      assertTrue(answer.contains("application/problem+json"), answer);
      assertTrue(answer.contains("X-Content-Type-Options: nosniff"), answer);
    }
  }

  private JsonNode recording() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create(server.http("/recordings/blue")))
              .header("Authorization", "Bearer " + token())
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString("{\"title\":\"Ada\",\"contentType\":\"video/mp4\"}"))
              .build();
      var response = http.send(request, BodyHandlers.ofString());
      assertEquals(201, response.statusCode(), response.body());
      return new JsonMapper().readTree(response.body());
    }
  }

  private static String token() {
    return Forge.hs256(
        Forge.granting("room", "blue", "roomJoin", true, "roomCreate", true, "roomList", true));
  }

  /// A request of which all but the first byte of its body has not come.
  private Socket begun(String target, String headers) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    send(
        socket,
        target
            + QUERY
            + " HTTP/1.1\r\nHost: localhost\r\n"
            + headers
            + "Content-Length: 100\r\n\r\n{");
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// Until the server closes the connection, or for as long as an answer's length says.
  private static String read(Socket socket) throws IOException {
    socket.setSoTimeout(60_000);
    InputStream in = socket.getInputStream();
    StringBuilder answer = new StringBuilder();
    for (int next = in.read(); next >= 0; next = in.read()) {
      answer.append((char) next);
      if (next == '\n' && answer.indexOf("}\n") > 0) {
        break; // the end of a problem
      }
    }
    return answer.toString();
  }

  private static void assertAnswered(int status, Socket socket) throws IOException {
    try (socket) {
      String answer = read(socket);
      assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
      assertTrue(answer.contains("Content-Type: application/problem+json"), answer);
      assertTrue(answer.contains("X-Content-Type-Options: nosniff"), answer);
      assertTrue(answer.contains("Content-Security-Policy: default-src 'none'"), answer);
      assertTrue(answer.contains("\"status\":" + status), answer);
      assertFalse(answer.contains("hush") || answer.contains("<html"), answer);
      if (status == 401 || status == 408) {
        assertTrue(answer.contains("Connection: close"), answer);
      }
    }
  }

  private static void assertProblem(int status, HttpResponse<String> response) {
    assertEquals(status, response.statusCode());
    assertEquals(
        "application/problem+json", response.headers().firstValue("Content-Type").orElse(""));
    assertTrue(response.headers().firstValue("Content-Security-Policy").isPresent());
    assertFalse(response.body().contains("hush"), response.body());
  }

  /// What libraries say from WARN on is logged, and so is what we say from INFO on.
  private void assertLogShowsNothing() {
    for (ILoggingEvent event : List.copyOf(log.list)) {
      String text = event.getFormattedMessage() + event.getThrowableProxy();
      assertFalse(text.contains("hush"), text);
      if (event.getLoggerName().equals("org.eclipse.jetty.http.HttpParser")) {
        continue; // Logs silences it
      }
      assertFalse(
          event.getLevel().isGreaterOrEqual(Level.WARN) && !text.contains("DEVELOPMENT"), text);
    }
  }

  /// A body of which the first byte comes and nothing after it.
  private static Flow.Publisher<ByteBuffer> firstByte() {
    return subscriber ->
        subscriber.onSubscribe(
            new Flow.Subscription() {
              private boolean said;

              @Override
              public void request(long n) {
                if (!said) {
                  said = true;
                  subscriber.onNext(ByteBuffer.wrap(new byte[] {'{'}));
                }
              }

              @Override
              public void cancel() {}
            });
  }
}
