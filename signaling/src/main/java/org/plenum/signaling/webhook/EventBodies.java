package org.plenum.signaling.webhook;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.TrackInfo;
import org.plenum.signaling.session.Knock;
import org.plenum.signaling.session.OpenRoom.RoomInstance;
import org.plenum.signaling.token.Grants;

/// Events in JSON with the names of LiveKit's webhooks, so that receivers made for it understand
/// them; `index` and `sequence` are ours.
final class EventBodies {
  private EventBodies() {}

  /// @param sequence of this life of the room: the later an event, the higher
  static ObjectNode body(
      String event,
      RoomInstance room,
      RoomSettings settings,
      long sequence,
      @Nullable ParticipantDetails participant,
      @Nullable TrackInfo track,
      Instant now) {
    ObjectNode body =
        JsonNodeFactory.instance
            .objectNode()
            .put("event", event)
            .put("id", "EV_" + room.sid() + "_" + sequence)
            .put("createdAt", now.getEpochSecond())
            .put("sequence", sequence);
    body.putObject("room")
        .put("sid", room.sid())
        .put("name", room.id().value())
        .put("metadata", room.metadata())
        .put("emptyTimeout", TimeUnit.NANOSECONDS.toSeconds(settings.emptyNanos()))
        .put("maxParticipants", settings.maxParticipants())
        .put("creationTime", room.created().getEpochSecond());
    if (participant != null) {
      body.putObject("participant")
          .put("sid", participant.id().value())
          .put(
              "identity",
              Objects.requireNonNullElse(participant.identity(), participant.id().value()))
          .put("name", participant.name())
          .put("metadata", Objects.requireNonNullElse(participant.metadata(), ""));
    }
    if (track != null) {
      body.putObject("track")
          .put("sid", track.track().value())
          .put("type", track.source().kind() == MediaKind.AUDIO ? "AUDIO" : "VIDEO")
          .put("source", Grants.tokenName(track.source()).toUpperCase(Locale.ROOT))
          .put("muted", track.muted());
    }
    return body;
  }

  /// Somebody waits to be let into a room, which need not be open.
  static ObjectNode waiting(Knock knock, @Nullable RoomInstance room, Instant now) {
    ObjectNode body =
        JsonNodeFactory.instance
            .objectNode()
            .put("event", "participant_waiting")
            .put("id", "EV_" + knock.id())
            .put("createdAt", now.getEpochSecond());
    ObjectNode where = body.putObject("room").put("name", knock.room().value());
    if (room != null) {
      where.put("sid", room.sid()).put("metadata", room.metadata());
    }
    body.putObject("participant")
        .put("sid", knock.id())
        .put("identity", Objects.requireNonNullElse(knock.identity(), knock.id()))
        .put("name", knock.name())
        .put("metadata", Objects.requireNonNullElse(knock.token().metadata(), ""));
    return body;
  }
}
