package org.plenum.signaling.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.ParticipantDetails.PathKind;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.ParticipantStatistics;
import org.plenum.sfu.ParticipantStatistics.LayerStatistics;
import org.plenum.sfu.ParticipantStatistics.Report;
import org.plenum.sfu.ParticipantStatistics.SlotStatistics;
import org.plenum.sfu.Permissions;
import org.plenum.sfu.Playback;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;

class MediaSummaryTest {
  private static final ParticipantId ADA = new ParticipantId("ada");
  private static final TrackId TRACK = new TrackId("t");
  private static final Mid MID = new Mid("0");

  @Test
  void saysWhoseFaultABadCallWas() {
    var layer =
        new LayerStatistics(
            TRACK,
            TrackSource.CAMERA,
            MID,
            null,
            CodecName.VP8,
            720,
            900,
            1_000_000,
            100,
            12_000_000,
            5,
            4,
            0,
            1);
    var report = new Report(1, 3_000_000, 40_000_000);
    var slot =
        new SlotStatistics(
            MID, ADA, TRACK, TrackSource.CAMERA, null, 720, 999, 500_000, 2, 2, 1, report);
    var media = new ParticipantStatistics(0, 40_000_000, List.of(layer), List.of(slot));
    assertEquals(
        Map.ofEntries(
            Map.entry("seconds", "10"),
            Map.entry("path", "relay"),
            Map.entry("roundTripMillis", "40"),
            Map.entry("inKbps", "800"),
            Map.entry("inLoss", "0.1000"),
            Map.entry("inJitterMillis", "12"),
            Map.entry("layers", "1"),
            Map.entry("outKbps", "400"),
            Map.entry("outLoss", "0.0010"),
            Map.entry("outJitterMillis", "3"),
            Map.entry("freezes", "3"),
            Map.entry("frozenMillis", "1700")),
        fields(
            new MediaSummary(
                details(PathKind.RELAY, media, new Playback(3, 1700, true)), 10_000_000_000L)));
  }

  @Test
  void ofWhoHadNoMediaItSaysHowLongTheyStayed() {
    var media = new ParticipantStatistics(0, ParticipantStatistics.UNKNOWN, List.of(), List.of());
    assertEquals(
        Map.of("seconds", "3"),
        fields(new MediaSummary(details(null, media, null), 3_999_999_999L)));
  }

  private static ParticipantDetails details(
      PathKind path, ParticipantStatistics media, Playback playback) {
    return new ParticipantDetails(
        ADA,
        "Ada",
        false,
        null,
        null,
        Permissions.ALL,
        null,
        null,
        List.of(),
        0,
        path,
        media,
        playback,
        Map.of());
  }

  private static Map<String, String> fields(MediaSummary summary) {
    var logger = new LoggerContext().getLogger("test");
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    logger.addAppender(lines);
    summary.addTo(logger.atInfo()).log("left");
    Map<String, String> fields = new TreeMap<>();
    lines.list.getFirst().getKeyValuePairs().forEach(pair -> fields.put(pair.key, "" + pair.value));
    return fields;
  }
}
