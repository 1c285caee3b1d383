package org.plenum.signaling.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantDetails.PathKind;
import org.plenum.sfu.ParticipantStatistics;
import org.plenum.sfu.ParticipantStatistics.LayerStatistics;
import org.plenum.sfu.ParticipantStatistics.Report;
import org.plenum.sfu.ParticipantStatistics.SlotStatistics;
import org.plenum.sfu.Playback;
import org.plenum.sfu.quality.Quality;
import org.plenum.signaling.protocol.CodecNames;
import org.plenum.signaling.protocol.WireNames;

/// How somebody's media is right now, from two readings: is this call bad, and whose fault is it.
/// Times are seconds.
///
/// @param before the earlier one
/// @param now the later one
/// @param quality the latest second of each section that is rated
record MediaView(
    ParticipantStatistics before, ParticipantStatistics now, Map<Mid, Quality> quality) {
  /// @param playback what its client says; null if it has said nothing
  ObjectNode json(@Nullable PathKind path, @Nullable Playback playback) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("path", path == null ? null : WireNames.of(path));
    seconds(json, "roundTripTime", now.roundTripNanos());
    json.put("freezes", playback == null ? null : (Long) playback.freezes());
    json.put("frozenTime", playback == null ? null : (Double) (playback.frozenMillis() / 1e3));
    ArrayNode layers = json.putArray("layers");
    now.layers().forEach(layer -> layers.add(layer(layer)));
    ArrayNode slots = json.putArray("slots");
    now.slots().forEach(slot -> slots.add(slot(slot)));
    return json;
  }

  private ObjectNode layer(LayerStatistics layer) {
    long earlier =
        before.layers().stream()
            .filter(
                each ->
                    each.track().equals(layer.track())
                        && String.valueOf(each.rid()).equals(String.valueOf(layer.rid())))
            .mapToLong(LayerStatistics::bytes)
            .findFirst()
            .orElse(layer.bytes());
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("track", layer.track().value())
            .put("source", WireNames.of(layer.source()))
            .put("rid", layer.rid() == null ? null : layer.rid().value())
            .put("codec", CodecNames.mimeType(layer.codec()))
            .put("height", layer.height())
            .put("bitrate", bitrate(layer.bytes() - earlier))
            .put("packets", layer.packets())
            .put("lost", layer.lost());
    seconds(json, "jitter", layer.jitterNanos());
    return json;
  }

  private ObjectNode slot(SlotStatistics slot) {
    long earlier =
        before.slots().stream()
            .filter(each -> each.mid().equals(slot.mid()))
            .mapToLong(SlotStatistics::bytes)
            .findFirst()
            .orElse(slot.bytes());
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("mid", slot.mid().value())
            .put("participant", slot.publisher().value())
            .put("source", WireNames.of(slot.source()))
            .put("rid", slot.rid() == null ? null : slot.rid().value())
            .put("height", slot.height())
            .put("bitrate", bitrate(slot.bytes() - earlier))
            .put("packets", slot.packets())
            .put("retransmitted", slot.retransmitted());
    Report report = slot.report();
    json.put("lost", report == null ? null : (Integer) report.lost());
    seconds(json, "jitter", report == null ? ParticipantStatistics.UNKNOWN : report.jitterNanos());
    seconds(
        json,
        "roundTripTime",
        report == null ? ParticipantStatistics.UNKNOWN : report.roundTripNanos());
    json.set("quality", Views.quality(quality.get(slot.mid())));
    return json;
  }

  /// Bits a second between the readings.
  private long bitrate(long bytes) {
    long nanos = now.atNanos() - before.atNanos();
    return nanos <= 0 ? 0 : Math.max(0, Math.round(bytes * 8e9 / nanos));
  }

  private static void seconds(ObjectNode json, String field, long nanos) {
    if (nanos == ParticipantStatistics.UNKNOWN) {
      json.putNull(field);
    } else {
      json.put(field, nanos / 1e9);
    }
  }
}
