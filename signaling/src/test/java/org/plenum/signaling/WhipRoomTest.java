package org.plenum.signaling;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.sfu.Identity;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RefusedException.Reason;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.TransportState;
import org.plenum.signaling.session.FakeRoom;
import org.plenum.signaling.session.SignalingCounter;

/// What rooms do to sessions of WHIP and WHEP, with rooms that do as they are told.
class WhipRoomTest {
  private TestServer server;
  private HttpClient http;

  @BeforeEach
  void start() {
    server = new TestServer(true);
    http = HttpClient.newHttpClient();
  }

  @AfterEach
  void stop() {
    http.close();
    server.close();
  }

  @Test
  void aPublisherJoinsUnderItsNameAndIdentity() throws Exception {
    post("/whip/blue?name=%C3%84da&identity=ada-1");
    JoinRequest joined = server.room("blue").joins.getFirst();
    assertEquals("Äda", joined.name());
    assertEquals(new Identity("ada-1"), joined.identity());
    assertFalse(joined.hidden());
    post("/whip/blue");
    assertEquals("WHIP", server.room("blue").joins.get(1).name());
    assertNull(server.room("blue").joins.get(1).identity());
  }

  /// Without tokens, who names an identity to view by asks to be spared their own tracks.
  @Test
  void aViewerThatNamesAnIdentityIsSparedItsOwnTracks() throws Exception {
    view("/whep/blue");
    assertTrue(server.room("blue").joins.getLast().seesOwnTracks());
    view("/whep/blue?identity=ada-1");
    assertFalse(server.room("blue").joins.getLast().seesOwnTracks());
    view("/whep/blue?identity=ada-1&own=true");
    assertTrue(server.room("blue").joins.getLast().seesOwnTracks());
  }

  private void view(String path) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(server.http(path)))
            .header("Content-Type", "application/sdp")
            .POST(BodyPublishers.ofString(WhipTexts.viewing()))
            .build();
    assertEquals(201, http.send(request, BodyHandlers.discarding()).statusCode());
  }

  @ParameterizedTest
  @CsvSource({
    "ROOM_FULL, 503",
    "OVERLOADED, 503",
    "INVALID_OFFER, 422",
    "DUPLICATE_PARTICIPANT, 500"
  })
  void aRoomThatRefusesIsAnswered(Reason reason, int status) throws Exception {
    post("/whip/blue");
    server.room("blue").refusals.add(new RefusedException(reason, "because of " + reason));
    var refused = post("/whip/blue");
    assertEquals(status, refused.statusCode());
    assertTrue(refused.body().contains("because of " + reason), refused.body());
    assertEquals(status == 503, refused.headers().firstValue("Retry-After").isPresent());
    assertEquals(
        reason == Reason.ROOM_FULL ? 1 : 0,
        server.counters().value(SignalingCounter.REFUSED_PARTICIPANTS));
    assertEquals("leave REMOVED", server.room("blue").calls.getLast());
    assertEquals("1.0", sessions("whip"), "what was refused is not kept");
  }

  @Test
  void aRoomThatClosesAtThatMomentIsOpenedAgain() throws Exception {
    post("/whip/blue");
    server.room("blue").refusals.add(new RefusedException(Reason.ROOM_CLOSED, "closed"));
    assertEquals(201, post("/whip/blue").statusCode());
  }

  @Test
  void aNegotiationThatIsRefusedEndsTheParticipant() throws Exception {
    post("/whip/blue");
    FakeRoom room = server.room("blue");
    room.nextAnswer =
        CompletableFuture.failedFuture(new RefusedException(Reason.INVALID_OFFER, "too many"));
    assertEquals(422, post("/whip/blue").statusCode());
    assertEquals("leave REMOVED", room.calls.getLast());
  }

  @Test
  void aFaultOfOursIsNotTold() throws Exception {
    post("/whip/blue");
    server.room("blue").nextAnswer =
        CompletableFuture.failedFuture(new IllegalStateException("secret"));
    var failed = post("/whip/blue");
    assertEquals(500, failed.statusCode());
    assertFalse(failed.body().contains("secret"), failed.body());
    assertEquals(1, server.counters().value(SignalingCounter.FAULTS));
  }

  @Test
  void aSessionThatTheRoomRemovesIsGone() throws Exception {
    String session = location(post("/whip/blue"));
    assertEquals(204, status("GET", session));
    FakeRoom room = server.room("blue");
    room.emit(room.joins.getFirst().id(), new RoomEvent.Removed(LeaveReason.MEDIA_LOST));
    assertEquals(404, status("GET", session));
    assertEquals(404, status("DELETE", session));
    assertEquals("0.0", sessions("whip"));
  }

  @Test
  void allSessionsOfARoomThatClosesAreGone() throws Exception {
    String first = location(post("/whip/blue"));
    String second = location(post("/whip/blue"));
    server.room("blue").close();
    assertEquals(404, status("DELETE", first));
    assertEquals(404, status("GET", second));
  }

  @Test
  void aSessionWhoseTransportClosesLeavesAtOnce() throws Exception {
    post("/whip/blue");
    FakeRoom room = server.room("blue");
    room.emit(room.joins.getFirst().id(), new RoomEvent.TransportStateChanged(TransportState.LOST));
    assertEquals("negotiate", room.calls.getLast(), "it may come back");
    room.emit(
        room.joins.getFirst().id(), new RoomEvent.TransportStateChanged(TransportState.CLOSED));
    assertEquals("leave MEDIA_LOST", room.calls.getLast());
  }

  @Test
  void aRestartThatTheRoomRefusesKeepsTheSession() throws Exception {
    var made = post("/whip/blue");
    server.room("blue").nextAnswer =
        CompletableFuture.failedFuture(new RefusedException(Reason.OVERLOADED, "busy"));
    var refused = restart(location(made));
    assertEquals(503, refused.statusCode());
    assertTrue(refused.headers().firstValue("Retry-After").isPresent());
    assertEquals(204, status("GET", location(made)));
  }

  @Test
  void deletingLeavesTheRoom() throws Exception {
    String session = location(post("/whip/blue"));
    assertEquals(200, status("DELETE", session));
    assertEquals("leave LEFT", server.room("blue").calls.getLast());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/whip/blue?name=%ZZ", "/whip/blue?name=%C3%28", "/whip/%C3%28"})
  void addressesThatCannotBeDecodedAreBad(String target) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      String request =
          "POST %s HTTP/1.1\r\nHost: plenum\r\nContent-Type: application/sdp\r\nConnection: close\r\n"
              + "Content-Length: %d\r\n\r\n%s";
      String offer = WhipTexts.publishing();
      socket
          .getOutputStream()
          .write(request.formatted(target, offer.length(), offer).getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertTrue(answer.matches("(?s)HTTP/1.1 40[04] .*"), answer);
    }
  }

  private HttpResponse<String> post(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(server.http(path)))
            .header("Content-Type", "application/sdp")
            .POST(BodyPublishers.ofString(WhipTexts.publishing()))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> restart(String session) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(server.http(session)))
            .header("Content-Type", "application/trickle-ice-sdpfrag")
            .header("If-Match", "*")
            .method("PATCH", BodyPublishers.ofString(WhipTexts.restart()))
            .build(),
        BodyHandlers.ofString());
  }

  private int status(String method, String path) throws Exception {
    return http.send(
            HttpRequest.newBuilder(URI.create(server.http(path)))
                .method(method, BodyPublishers.noBody())
                .build(),
            BodyHandlers.ofString())
        .statusCode();
  }

  private String sessions(String protocol) throws Exception {
    String name = "plenum_whip_sessions{protocol=\"" + protocol + "\"} ";
    URI metrics = URI.create(server.management("/metrics"));
    return http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()))
        .findFirst()
        .orElseThrow();
  }

  private static String location(HttpResponse<?> response) {
    return response.headers().firstValue("Location").orElseThrow();
  }
}
