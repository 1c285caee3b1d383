package org.plenum.signaling.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.ParticipantStatistics;
import org.plenum.sfu.ParticipantStatistics.LayerStatistics;
import org.plenum.sfu.ParticipantStatistics.Report;
import org.plenum.sfu.ParticipantStatistics.SlotStatistics;
import org.plenum.sfu.Rid;

/// Writes the fields of `stats` (PROTOCOL.md): times in seconds, as browsers' statistics have them.
final class StatisticsWriter {
  private final JsonGenerator json;

  StatisticsWriter(JsonGenerator json) {
    this.json = json;
  }

  void write(ParticipantStatistics statistics) throws IOException {
    json.writeNumberField("at", TimeUnit.NANOSECONDS.toMillis(statistics.atNanos()));
    seconds("roundTripTime", statistics.roundTripNanos());
    json.writeArrayFieldStart("layers");
    for (LayerStatistics layer : statistics.layers()) {
      json.writeStartObject();
      layer(layer);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("slots");
    for (SlotStatistics slot : statistics.slots()) {
      json.writeStartObject();
      slot(slot);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void layer(LayerStatistics layer) throws IOException {
    json.writeStringField("mid", layer.mid().value());
    json.writeStringField("track", layer.track().value());
    json.writeStringField("source", WireNames.of(layer.source()));
    rid(layer.rid());
    json.writeStringField("codec", CodecNames.mimeType(layer.codec()));
    json.writeNumberField("height", layer.height());
    json.writeNumberField("packets", layer.packets());
    json.writeNumberField("bytes", layer.bytes());
    json.writeNumberField("lost", layer.lost());
    seconds("jitter", layer.jitterNanos());
    json.writeNumberField("nacks", layer.nacks());
    json.writeNumberField("recovered", layer.recovered());
    json.writeNumberField("probes", layer.probes());
    json.writeNumberField("keyFrameRequests", layer.keyFrameRequests());
  }

  private void slot(SlotStatistics slot) throws IOException {
    json.writeStringField("mid", slot.mid().value());
    json.writeStringField("participant", slot.publisher().value());
    json.writeStringField("track", slot.track().value());
    json.writeStringField("source", WireNames.of(slot.source()));
    rid(slot.rid());
    json.writeNumberField("height", slot.height());
    json.writeNumberField("packets", slot.packets());
    json.writeNumberField("bytes", slot.bytes());
    json.writeNumberField("retransmitted", slot.retransmitted());
    json.writeNumberField("nacks", slot.nacks());
    json.writeNumberField("keyFrameRequests", slot.keyFrameRequests());
    Report report = slot.report();
    if (report == null) {
      json.writeNullField("lost");
      json.writeNullField("jitter");
      json.writeNullField("roundTripTime");
    } else {
      json.writeNumberField("lost", report.lost());
      seconds("jitter", report.jitterNanos());
      seconds("roundTripTime", report.roundTripNanos());
    }
  }

  private void rid(@Nullable Rid rid) throws IOException {
    json.writeStringField("rid", rid == null ? null : rid.value());
  }

  private void seconds(String field, long nanos) throws IOException {
    if (nanos == ParticipantStatistics.UNKNOWN) {
      json.writeNullField(field);
    } else {
      json.writeNumberField(field, nanos / 1e9);
    }
  }
}
