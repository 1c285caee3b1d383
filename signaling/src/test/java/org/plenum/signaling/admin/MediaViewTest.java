package org.plenum.signaling.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantDetails.PathKind;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.ParticipantStatistics;
import org.plenum.sfu.ParticipantStatistics.LayerStatistics;
import org.plenum.sfu.ParticipantStatistics.Report;
import org.plenum.sfu.ParticipantStatistics.SlotStatistics;
import org.plenum.sfu.Playback;
import org.plenum.sfu.Rid;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.quality.Quality;
import org.plenum.sfu.quality.QualityCause;

class MediaViewTest {
  private static final TrackId TRACK = new TrackId("t");
  private static final Mid MID = new Mid("0");

  @Test
  void measuresEachLayerAndSlotBetweenTwoReadings() {
    long wraps = Long.MAX_VALUE - 1;
    var before =
        new ParticipantStatistics(
            wraps,
            ParticipantStatistics.UNKNOWN,
            List.of(layer("h", 1_000), layer("q", 500)),
            List.of(slot(7_000, null)));
    var now =
        new ParticipantStatistics(
            wraps + 500_000_000,
            20_000_000,
            List.of(layer("h", 63_500), layer("q", 500), layer("f", 900)),
            List.of(slot(13_250, new Report(4, 1_000_000, 30_000_000))));
    Map<Mid, Quality> quality = Map.of(MID, new Quality(30, QualityCause.PUBLISHER_UPLINK));
    var json =
        new MediaView(before, now, quality).json(PathKind.RELAY, new Playback(2, 1500, true));
    assertEquals("relay", json.get("path").asText());
    assertEquals(2, json.get("freezes").asInt());
    assertEquals(1.5, json.get("frozenTime").asDouble());
    assertEquals(0.02, json.get("roundTripTime").asDouble());
    var layers = json.get("layers");
    assertEquals(1_000_000, layers.get(0).get("bitrate").asLong());
    assertEquals("h", layers.get(0).get("rid").asText());
    assertEquals(720, layers.get(0).get("height").asInt());
    assertEquals(0.005, layers.get(0).get("jitter").asDouble());
    assertEquals(0, layers.get(1).get("bitrate").asLong());
    assertEquals(0, layers.get(2).get("bitrate").asLong(), "it is new");
    var slot = json.get("slots").get(0);
    assertEquals(100_000, slot.get("bitrate").asLong());
    assertEquals(4, slot.get("lost").asInt());
    assertEquals(0.03, slot.get("roundTripTime").asDouble());
    assertEquals(30, slot.get("quality").get("score").asInt());
    assertEquals("bad", slot.get("quality").get("grade").asText());
    assertEquals("publisher-uplink", slot.get("quality").get("cause").asText());
    var unknown = new MediaView(before, before, Map.of()).json(null, null);
    assertTrue(unknown.get("slots").get(0).get("quality").isNull());
    assertTrue(unknown.get("freezes").isNull() && unknown.get("frozenTime").isNull());
    assertTrue(unknown.get("path").isNull() && unknown.get("roundTripTime").isNull());
    assertTrue(unknown.get("slots").get(0).get("lost").isNull());
  }

  private static LayerStatistics layer(String rid, long bytes) {
    return new LayerStatistics(
        TRACK,
        TrackSource.CAMERA,
        MID,
        new Rid(rid),
        CodecName.VP8,
        720,
        10,
        bytes,
        2,
        5_000_000,
        0,
        0,
        0,
        0);
  }

  private static SlotStatistics slot(long bytes, Report report) {
    return new SlotStatistics(
        MID,
        new ParticipantId("bob"),
        TRACK,
        TrackSource.CAMERA,
        null,
        720,
        10,
        bytes,
        0,
        0,
        0,
        report);
  }
}
