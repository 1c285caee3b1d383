package org.plenum.signaling.recording;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.recording.RecordedRoom;
import org.plenum.broadcast.recording.RecordedTrack;
import org.plenum.broadcast.recording.RecordingEnd;
import org.plenum.broadcast.recording.RoomRecorder;
import org.plenum.sfu.ParticipantId;
import org.plenum.signaling.protocol.WireNames;

/// What is known of a recording of the server's, in JSON (PROTOCOL.md, "Recordings by the server").
final class RecordingManifest {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final double NANOS = 1e9;

  private RecordingManifest() {}

  /// @param names of participants, as others were shown them; empty if that is not known
  static byte[] write(RecordedRoom known, Function<ParticipantId, String> names)
      throws IOException {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("recording", known.id()).put("room", known.room().value());
    json.put("started", known.started().toString());
    json.put("seconds", seconds(known.lengthNanos()));
    end(json, known.end());
    ArrayNode tracks = json.putArray("tracks");
    for (RecordedTrack track : known.tracks()) {
      ObjectNode its = tracks.addObject();
      its.put("track", track.track().value()).put("participant", track.publisher().value());
      its.put("name", names.apply(track.publisher()));
      its.put("source", WireNames.of(track.source()));
      ArrayNode parts = its.putArray("parts");
      track.parts().forEach(part -> part(parts.addObject(), part));
      if (track.leftOutNanos() > 0) {
        its.put("leftOut", seconds(track.leftOutNanos()));
      }
    }
    json.put("speakers", RoomRecorder.SPEAKERS);
    return MAPPER.writeValueAsBytes(json);
  }

  /// Throws IOException if it is not what [#write] wrote.
  static ObjectNode read(Path file) throws IOException {
    return read(Files.readAllBytes(file));
  }

  /// Throws IOException if it is not what [#write] wrote.
  static ObjectNode read(byte[] content) throws IOException {
    if (MAPPER.readTree(content) instanceof ObjectNode json) {
      return json;
    }
    throw new IOException("the manifest is damaged");
  }

  static byte[] bytes(ObjectNode json) throws IOException {
    return MAPPER.writeValueAsBytes(json);
  }

  static void end(ObjectNode json, @Nullable RecordingEnd end) {
    json.put("complete", end != null);
    if (end == null) {
      json.putNull("end");
    } else {
      json.putObject("end").put("reason", reason(end.reason())).put("text", end.text());
    }
  }

  /// As manifests and events name it.
  static String reason(RecordingEnd.Reason reason) {
    return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static void part(ObjectNode json, RecordedTrack.Part part) {
    json.put("file", part.file()).put("contentType", part.contentType());
    json.put("codec", part.codec()).put("width", part.width()).put("height", part.height());
    json.put("start", seconds(part.startNanos())).put("seconds", seconds(part.lengthNanos()));
    json.put("bytes", part.bytes());
    ArrayNode alignment = json.putArray("alignment");
    for (RecordedTrack.Place place : part.alignment()) {
      alignment.addArray().add(seconds(place.mediaNanos())).add(seconds(place.timelineNanos()));
    }
  }

  /// To a microsecond.
  private static double seconds(long nanos) {
    return Math.round(nanos / 1e3) * 1e3 / NANOS;
  }
}
