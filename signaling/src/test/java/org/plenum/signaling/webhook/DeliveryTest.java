package org.plenum.signaling.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.livekit.server.WebhookReceiver;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.Permissions;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomObserver;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackInfo;
import org.plenum.sfu.TrackSource;
import org.plenum.signaling.config.ApiKey;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.session.FakeTimers;
import org.plenum.signaling.session.OpenRoom.RoomInstance;
import org.plenum.signaling.token.Forge;
import org.plenum.signaling.token.KeyRing;
import org.plenum.signaling.token.TokenMaker;

/// Receivers of every kind, on virtual time.
class DeliveryTest {
  /// Of which events the receiver is told.
  private Predicate<String> told = _ -> true;

  private static final URI HOOK = URI.create("https://hooks.example/plenum");
  private static final ApiKey KEY = new ApiKey("one", Forge.SECRET);

  @TempDir private Path data;

  private final FakeTimers timers = new FakeTimers();
  private final Receiver receiver = new Receiver();
  private final Journal journal = Journal.open(null);
  private final Delivery delivery = delivery(0);

  @Test
  void tellsTheEventsOfARoomInOrder() {
    happen("blue", 50);
    timers.advanceMillis(1);
    assertEquals(numbers(1, 50), receiver.of("blue"));
    assertEquals(50, delivery.cursor());
  }

  @Test
  void tellsOnlyTheEventsThatAreWanted() {
    var events = new ServerConfig.Events(List.of(HOOK), null, List.of("room_started"));
    told = events::tells;
    Delivery some = delivery(0);
    for (String name : List.of("participant_joined", "room_started", "room_finished")) {
      var body = JsonNodeFactory.instance.objectNode().put("event", name);
      body.putObject("room").put("name", "blue");
      journal.append("blue", body.put("sequence", sequences.merge("blue", 1, Integer::sum)));
    }
    some.wake();
    timers.advanceMillis(1);
    assertEquals(List.of(2), receiver.of("blue"));
    assertEquals(3, some.cursor());
    assertEquals(0, some.missed());
  }

  @Test
  void aReceiverThatFailsForAnHourLosesNothingAndGetsItInOrder() {
    receiver.answer = () -> 500;
    happen("blue", 20);
    happen("red", 20);
    timers.advanceMillis(3_600_000);
    long attempts = delivery.failed();
    assertTrue(attempts > 50 && attempts < 200, "backs off: " + attempts);
    assertEquals(List.of(), receiver.of("blue"));
    assertEquals(0, delivery.cursor());
    receiver.answer = () -> 200;
    timers.advanceMillis(60_000);
    assertEquals(numbers(1, 20), receiver.of("blue"));
    assertEquals(numbers(1, 20), receiver.of("red"));
    assertEquals(0, delivery.missed());
  }

  @Test
  void aReceiverThatIsDeadIsAskedAgain() {
    receiver.answer =
        () -> {
          throw new IllegalStateException("no connection");
        };
    happen("blue", 3);
    timers.advanceMillis(10_000);
    assertTrue(delivery.failed() >= 3);
    receiver.answer = () -> 204;
    timers.advanceMillis(60_000);
    assertEquals(numbers(1, 3), receiver.of("blue"));
  }

  @Test
  void aReceiverThatIsSlowHoldsUpItsOwnLaneOnly() {
    receiver.holdRoom = "blue";
    happen("blue", 5);
    happen(otherLane("blue"), 5);
    timers.advanceMillis(1_000);
    assertEquals(1, receiver.held.size(), "one request at a time");
    assertEquals(numbers(1, 5), receiver.of(otherLane("blue")));
    receiver.holdRoom = "";
    receiver.held.remove().complete(200);
    timers.advanceMillis(1);
    assertEquals(numbers(2, 5), receiver.of("blue"));
  }

  @Test
  void aReceiverThatIsAwayForTooLongMissesTheOldest() {
    receiver.answer = () -> 500;
    happen("blue", Journal.CAPACITY + 2 * Journal.SEGMENT);
    timers.advanceMillis(3_600_000);
    receiver.answer = () -> 200;
    timers.advanceMillis(61_000);
    List<Integer> told = receiver.of("blue");
    assertEquals(Journal.CAPACITY + 2 * Journal.SEGMENT, told.getLast());
    assertEquals(numbers(told.getFirst(), told.getLast()), told);
    assertTrue(delivery.missed() > 0);
  }

  @Test
  void liveKitsReceiverTakesWhatWeSend() {
    var room =
        new RoomInstance(new RoomId("blue"), "RM_1", Instant.ofEpochSecond(1_700_000_000), "m");
    var person =
        new ParticipantDetails(
            new ParticipantId("p1"),
            "Ann",
            false,
            "ann",
            null,
            Permissions.ALL,
            null,
            null,
            List.of(),
            0);
    var track = new TrackInfo(new TrackId("t1"), TrackSource.SCREEN_AUDIO, true);
    journal.append(
        "blue",
        EventBodies.body(
            "track_published",
            room,
            RoomSettings.DEFAULT,
            7,
            person,
            track,
            Instant.ofEpochSecond(1_700_000_001)));
    delivery.wake();
    Post post = receiver.posts.getFirst();
    var event = new WebhookReceiver("one", Forge.SECRET).receive(post.body(), post.authorization());
    assertEquals("track_published", event.getEvent());
    assertEquals("EV_RM_1_7", event.getId());
    assertEquals(1_700_000_001, event.getCreatedAt());
    assertEquals("blue", event.getRoom().getName());
    assertEquals("RM_1", event.getRoom().getSid());
    assertEquals(500, event.getRoom().getMaxParticipants());
    assertEquals("ann", event.getParticipant().getIdentity());
    assertEquals("t1", event.getTrack().getSid());
    assertEquals("SCREEN_SHARE_AUDIO", event.getTrack().getSource().name());
    assertTrue(event.getTrack().getMuted());
    var other = new WebhookReceiver("one", "x".repeat(32));
    assertThrows(Exception.class, () -> other.receive(post.body(), post.authorization()));
    var sound = new WebhookReceiver("one", Forge.SECRET);
    assertThrows(Exception.class, () -> sound.receive(post.body() + " ", post.authorization()));
  }

  @Test
  void goesOnAfterARestartWhereItWas() {
    ServerConfig config =
        ServerConfig.forTests()
            .with(new ServerConfig.Auth(List.of(KEY), "", 30, false))
            .with(new ServerConfig.Events(List.of(HOOK), data));
    receiver.answer = () -> 503;
    try (Webhooks before = start(config)) {
      RoomObserver room = room(before, "blue");
      room.onJoined(new RoomId("blue"), person());
      room.onLeft(new RoomId("blue"), person(), LeaveReason.LEFT);
      room.onClosed(new RoomId("blue"));
    }
    receiver.answer = () -> 200;
    try (Webhooks after = start(config)) {
      timers.advanceMillis(120_000);
      assertEquals(numbers(1, 4), receiver.of("blue"));
      assertEquals(4, after.journal().newest());
    }
    receiver.posts.clear();
    try (Webhooks again = start(config)) {
      timers.advanceMillis(120_000);
      assertEquals(List.of(), receiver.of("blue"));
      assertEquals(4, again.journal().newest());
    }
  }

  @Test
  void numbersTheEventsOfEachRoomFromOne() {
    Webhooks webhooks = start(ServerConfig.forTests());
    RoomObserver blue = room(webhooks, "blue");
    RoomObserver red = room(webhooks, "red");
    blue.onJoined(new RoomId("blue"), person());
    red.onClosed(new RoomId("red"));
    webhooks.close();
    List<String> told =
        webhooks.journal().after(0, 10).stream()
            .map(event -> event.room() + " " + event.body().get("sequence"))
            .sorted()
            .toList();
    assertEquals(List.of("blue 1", "blue 2", "red 1", "red 2"), told);
    assertEquals(0, webhooks.dropped());
  }

  private Webhooks start(ServerConfig config) {
    return Webhooks.start(
        config, new KeyRing(config.auth().keys()), receiver, timers, InstantSource.system());
  }

  private static RoomObserver room(Webhooks webhooks, String name) {
    return webhooks
        .watch()
        .opened(
            new RoomInstance(new RoomId(name), "RM_" + name, Instant.EPOCH, ""),
            RoomSettings.DEFAULT);
  }

  private static ParticipantDetails person() {
    return new ParticipantDetails(
        new ParticipantId("p"), "P", false, null, null, Permissions.ALL, null, null, List.of(), 0);
  }

  private Delivery delivery(long cursor) {
    return new Delivery(
        HOOK, cursor, journal, receiver, new TokenMaker(KEY), timers, InstantSource.system(), told);
  }

  private final Map<String, Integer> sequences = new HashMap<>();

  private void happen(String room, int count) {
    for (int i = 0; i < count; i++) {
      var body = JsonNodeFactory.instance.objectNode();
      body.putObject("room").put("name", room);
      journal.append(room, body.put("sequence", sequences.merge(room, 1, Integer::sum)));
      delivery.wake();
    }
  }

  private static String otherLane(String room) {
    for (int i = 0; ; i++) {
      String other = "r" + i;
      if (Math.floorMod(other.hashCode() - room.hashCode(), Delivery.LANES) != 0) {
        return other;
      }
    }
  }

  private static List<Integer> numbers(int first, int last) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = first; i <= last; i++) {
      numbers.add(i);
    }
    return numbers;
  }

  private record Post(String body, String authorization) {}

  private static final class Receiver implements WebhookSender {
    private static final JsonMapper MAPPER = new JsonMapper();
    final List<Post> posts = new ArrayList<>();
    final Queue<CompletableFuture<Integer>> held = new ArrayDeque<>();
    IntSupplier answer = () -> 200;
    String holdRoom = "";

    @Override
    public synchronized CompletableFuture<Integer> post(
        URI url, String body, String authorization) {
      assertEquals(HOOK, url);
      assertFalse(authorization.isEmpty());
      if (room(body).equals(holdRoom)) {
        held.add(new CompletableFuture<>());
        return held.peek();
      }
      try {
        int status = answer.getAsInt();
        if (status / 100 == 2) {
          posts.add(new Post(body, authorization));
        }
        return CompletableFuture.completedFuture(status);
      } catch (IllegalStateException e) {
        return CompletableFuture.failedFuture(new ConnectException());
      }
    }

    /// The sequence numbers that were taken of a room.
    synchronized List<Integer> of(String room) {
      return posts.stream()
          .filter(post -> room(post.body()).equals(room))
          .map(post -> read(post.body()).path("sequence").asInt())
          .toList();
    }

    private static String room(String body) {
      return read(body).path("room").path("name").asText();
    }

    private static com.fasterxml.jackson.databind.JsonNode read(String body) {
      try {
        return MAPPER.readTree(body);
      } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
        throw new AssertionError(e);
      }
    }
  }
}
