package org.plenum.signaling.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.AddressText;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.quality.Quality;
import org.plenum.signaling.protocol.CodecNames;
import org.plenum.signaling.protocol.WireNames;
import org.plenum.signaling.session.OpenRoom;

/// Rooms and participants in JSON, as `openapi.json` describes them.
final class Views {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Views() {}

  static ObjectNode room(OpenRoom room) {
    ObjectNode json =
        NODES
            .objectNode()
            .put("room", room.instance().id().value())
            .put("sid", room.instance().sid())
            .put("created", room.instance().created().toString())
            .put("metadata", room.instance().metadata())
            .put("locked", room.isLocked())
            .put("p2p", room.settings().direct())
            .put("participants", room.size())
            .put("maxParticipants", room.settings().maxParticipants())
            .put("emptySeconds", TimeUnit.NANOSECONDS.toSeconds(room.settings().emptyNanos()));
    room.rules().putInto(json.putObject("rules"));
    var codecs = json.putArray("codecs");
    CodecNames.of(room.settings().codecs()).forEach(codecs::add);
    return json;
  }

  /// @param messages whether it may send messages
  /// @param host whether it is a host
  static ObjectNode participant(ParticipantDetails participant, boolean messages, boolean host) {
    ObjectNode json =
        NODES
            .objectNode()
            .put("participant", participant.id().value())
            .put("identity", participant.identity())
            .put("name", participant.name())
            .put("metadata", participant.metadata())
            .put("hidden", participant.hidden())
            .put("host", host)
            .put(
                "transport",
                participant.transport() == null ? null : WireNames.of(participant.transport()))
            .put(
                "address",
                participant.remote() == null ? null : AddressText.of(participant.remote()))
            .put("slots", participant.slots());
    ObjectNode permissions = json.putObject("permissions");
    var publish = permissions.putArray("publish");
    participant.permissions().publish().stream().sorted().map(WireNames::of).forEach(publish::add);
    permissions.put("subscribe", participant.permissions().subscribe());
    permissions.put("messages", messages);
    var silenced = json.putArray("silenced");
    participant.silenced().stream().sorted().map(WireNames::of).forEach(silenced::add);
    var tracks = json.putArray("tracks");
    participant
        .tracks()
        .forEach(track -> tracks.add(track(track, participant.quality().get(track.mid()))));
    return json;
  }

  private static ObjectNode track(
      ParticipantDetails.TrackDetails track, @Nullable Quality quality) {
    ObjectNode json =
        NODES
            .objectNode()
            .put("track", track.info().track().value())
            .put("kind", WireNames.of(track.info().source().kind()))
            .put("source", WireNames.of(track.info().source()))
            .put("muted", track.info().muted())
            .put("silenced", track.silenced())
            .put("packetsReceived", track.packetsReceived())
            .put("packetsLost", track.packetsLost());
    var codecs = json.putArray("codecs");
    track.codecs().stream().map(WireNames::of).forEach(codecs::add);
    json.set("quality", quality(quality));
    return json;
  }

  /// How good a second was; null if there is nothing to rate.
  static JsonNode quality(@Nullable Quality quality) {
    return quality == null
        ? NODES.nullNode()
        : NODES
            .objectNode()
            .put("score", quality.score())
            .put("grade", quality.grade().label())
            .put("cause", quality.cause().label());
  }
}
