package org.plenum.signaling.session;

import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.ParticipantStatistics;
import org.plenum.sfu.ParticipantStatistics.LayerStatistics;
import org.plenum.sfu.ParticipantStatistics.Report;
import org.plenum.sfu.ParticipantStatistics.SlotStatistics;
import org.plenum.sfu.Playback;
import org.slf4j.spi.LoggingEventBuilder;

/// How somebody's media was, in a few fields of the line that says that they left: for the question
/// whose fault a bad call was.
///
/// @param nanos for which it was there
record MediaSummary(ParticipantDetails participant, long nanos) {
  LoggingEventBuilder addTo(LoggingEventBuilder line) {
    LoggingEventBuilder known = line.addKeyValue("seconds", nanos / 1_000_000_000L);
    if (participant.path() == null) {
      return known;
    }
    Playback playback = participant.playback();
    return known
        .addKeyValue("path", participant.path().name().toLowerCase(java.util.Locale.ROOT))
        .addKeyValue("roundTripMillis", millis(participant.media().roundTripNanos()))
        .addKeyValue("inKbps", kilobits(bytesIn()))
        .addKeyValue("inLoss", share(lostIn(), packetsIn()))
        .addKeyValue("inJitterMillis", millis(jitterIn()))
        .addKeyValue("layers", participant.media().layers().size())
        .addKeyValue("outKbps", kilobits(bytesOut()))
        .addKeyValue("outLoss", share(lostOut(), packetsOut()))
        .addKeyValue("outJitterMillis", millis(jitterOut()))
        .addKeyValue("freezes", playback == null ? "-" : playback.freezes())
        .addKeyValue("frozenMillis", playback == null ? "-" : playback.frozenMillis());
  }

  private long bytesIn() {
    return participant.media().layers().stream().mapToLong(LayerStatistics::bytes).sum();
  }

  private long packetsIn() {
    return participant.media().layers().stream().mapToLong(LayerStatistics::packets).sum();
  }

  private long lostIn() {
    return participant.media().layers().stream().mapToLong(LayerStatistics::lost).sum();
  }

  /// The worst of all layers.
  private long jitterIn() {
    return participant.media().layers().stream()
        .mapToLong(LayerStatistics::jitterNanos)
        .max()
        .orElse(ParticipantStatistics.UNKNOWN);
  }

  private long bytesOut() {
    return participant.media().slots().stream().mapToLong(SlotStatistics::bytes).sum();
  }

  private long packetsOut() {
    return participant.media().slots().stream().mapToLong(SlotStatistics::packets).sum();
  }

  private long lostOut() {
    long lost = 0;
    for (SlotStatistics slot : participant.media().slots()) {
      Report report = slot.report();
      lost += report == null ? 0 : Math.max(0, report.lost());
    }
    return lost;
  }

  /// The worst of all slots that were reported.
  private long jitterOut() {
    long worst = ParticipantStatistics.UNKNOWN;
    for (SlotStatistics slot : participant.media().slots()) {
      Report report = slot.report();
      worst = Math.max(worst, report == null ? worst : report.jitterNanos());
    }
    return worst;
  }

  private long kilobits(long bytes) {
    return nanos <= 0 ? 0 : Math.round(bytes * 8e6 / nanos);
  }

  private static String share(long lost, long others) {
    double all = Math.max(1, lost + others);
    return String.format(java.util.Locale.ROOT, "%.4f", lost / all);
  }

  /// `-` while unknown.
  private static String millis(long nanos) {
    return nanos < 0 ? "-" : String.valueOf(Math.round(nanos / 1e6));
  }
}
