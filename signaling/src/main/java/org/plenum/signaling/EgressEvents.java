package org.plenum.signaling;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.live.Broadcast;
import org.plenum.broadcast.live.BroadcastEnd;
import org.plenum.broadcast.live.Broadcasts;
import org.plenum.broadcast.live.Recording;
import org.plenum.broadcast.live.Recordings;
import org.plenum.broadcast.recording.RecordingEnd;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.data.NotStoredException;
import org.plenum.signaling.session.OpenRoom;
import org.plenum.signaling.session.Rooms;
import org.plenum.signaling.webhook.Webhooks;

/// Tells receivers of webhooks what is broadcast and recorded, with the names of LiveKit's egress,
/// and a room that its recording or broadcast has ended though nobody wanted it. Any thread.
final class EgressEvents implements Recordings.Listener, Broadcasts.Listener {
  private static final long NANOS = 1_000_000_000L;

  /// @param sid of this life of the room
  private record Begun(OpenRoom room, String sid, BiConsumer<String, ObjectNode> teller) {}

  private final Rooms rooms;
  private final Webhooks webhooks;
  private final InstantSource clock;
  private final ConcurrentMap<String, Begun> begun = new ConcurrentHashMap<>();

  EgressEvents(Rooms rooms, Webhooks webhooks, InstantSource clock) {
    this.rooms = rooms;
    this.webhooks = webhooks;
    this.clock = clock;
  }

  @Override
  public void onStarted(Recording recording) {
    start(recording.room(), recording.id(), recording.started());
  }

  @Override
  public void onEnded(Recording recording) {
    RecordingEnd end = recording.end();
    String status = end == null ? "EGRESS_COMPLETE" : status(end.reason());
    Begun room = begun.get(recording.id());
    end(recording.id(), recording.started(), status, end == null ? "" : end.text());
    if (room != null && end != null && !end.reason().isIntended()) {
      tell(room, "recording", "The recording has ended: " + end.text());
      giveUp(room.room());
    }
  }

  /// What could not go on is not begun again with its room.
  private void giveUp(OpenRoom room) {
    try {
      rooms.egress(room, egress -> egress.recording(false));
    } catch (NotStoredException e) {
      // logged; a restart tries again
    }
  }

  @Override
  public void onStarted(Broadcast broadcast) {
    start(broadcast.room(), broadcast.id(), broadcast.started());
  }

  @Override
  public void onEnded(Broadcast broadcast) {
    BroadcastEnd end = broadcast.end();
    Begun room = begun.get(broadcast.id());
    end(broadcast.id(), broadcast.started(), status(end), error(end));
    if (room != null && end == BroadcastEnd.FAULT) {
      tell(room, "broadcast", "The broadcast has ended: " + error(end));
    }
  }

  private static void tell(Begun room, String topic, String text) {
    var _ = room.room().handle().send(null, null, topic, text);
  }

  private void start(RoomId id, String egress, Instant started) {
    OpenRoom room = rooms.find(id);
    if (room == null) {
      return;
    }
    String sid = room.instance().sid();
    BiConsumer<String, ObjectNode> teller = webhooks.egress(sid);
    if (teller != null) {
      var its = new Begun(room, sid, teller);
      begun.put(egress, its);
      teller.accept("egress_started", info(its, egress, started, "EGRESS_ACTIVE"));
    }
  }

  private void end(String egress, Instant started, String status, String error) {
    Begun room = begun.remove(egress);
    if (room != null) {
      ObjectNode info = info(room, egress, started, status).put("endedAt", nanos(clock.instant()));
      room.teller().accept("egress_ended", info.put("error", error));
    }
  }

  private static ObjectNode info(Begun room, String egress, Instant started, String status) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("egressId", "EG_" + egress)
        .put("roomId", room.sid())
        .put("roomName", room.room().instance().id().value())
        .put("status", status)
        .put("startedAt", nanos(started));
  }

  private static String status(RecordingEnd.Reason reason) {
    return switch (reason) {
      case STOPPED, ROOM_CLOSED -> "EGRESS_COMPLETE";
      case SERVER_STOPPED, INTERRUPTED -> "EGRESS_ABORTED";
      case QUOTA, TOO_LONG -> "EGRESS_LIMIT_REACHED";
      case STORAGE, STORAGE_SLOW, FAULT -> "EGRESS_FAILED";
    };
  }

  /// @param end null: it has ended and could not say why
  private static String status(@Nullable BroadcastEnd end) {
    return switch (end) {
      case STOPPED, ROOM_CLOSED -> "EGRESS_COMPLETE";
      case SERVER_STOPPED -> "EGRESS_ABORTED";
      case FAULT -> "EGRESS_FAILED";
      case null -> "EGRESS_FAILED";
    };
  }

  private static String error(@Nullable BroadcastEnd end) {
    return switch (end) {
      case STOPPED, ROOM_CLOSED -> "";
      case SERVER_STOPPED -> "the server stopped";
      case FAULT -> "the server failed";
      case null -> "the server failed";
    };
  }

  /// As LiveKit writes numbers of 64 bits: JavaScript has none.
  private static String nanos(Instant time) {
    return String.valueOf(time.getEpochSecond() * NANOS + time.getNano());
  }
}
