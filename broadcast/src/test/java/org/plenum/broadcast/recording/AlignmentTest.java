package org.plenum.broadcast.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.broadcast.recording.RecordedTrack.Place;
import org.plenum.sfu.TappedStream.Captured;

class AlignmentTest {
  private static final int SCALE = 90_000;
  private static final long SECOND = 1_000_000_000L;
  private static final long MILLI = 1_000_000L;
  private static final long HOUR = 3_600 * SECOND;

  /// Near the wrap-around of the clock.
  private static final long ZERO = Long.MAX_VALUE - 2 * SECOND;

  /// RTP's, of the file's first picture, near its wrap-around.
  private static final int ORIGIN = -100;

  private final Alignment alignment = new Alignment(SCALE, ZERO, ZERO + SECOND);

  @ParameterizedTest
  @ValueSource(longs = {-6 * HOUR, -10 * SECOND, 10 * SECOND, 6 * HOUR})
  void aReportThatIsFarFromArrivalIsNotBelieved(long offNanos) {
    packetAt(1, new Captured(ORIGIN, ZERO + SECOND + offNanos));
    assertEquals(SECOND, alignment.startNanos());
    assertEquals(List.of(), alignment.places());

    packetAt(2, new Captured(ORIGIN, ZERO + SECOND - 50 * MILLI));
    packetAt(5, new Captured(ORIGIN + 3 * SCALE, ZERO + 4 * SECOND + offNanos));
    packetAt(6, new Captured(ORIGIN + 4 * SCALE, ZERO + 5 * SECOND - 30 * MILLI));
    assertEquals(950 * MILLI, alignment.startNanos());
    assertEquals(
        List.of(new Place(0, 950 * MILLI), new Place(4 * SECOND, 4_970 * MILLI)),
        alignment.places());
  }

  @Test
  void aReportOfAnotherTimestampIsNotBelieved() {
    packetAt(1, new Captured(ORIGIN + Integer.MIN_VALUE, ZERO + SECOND));
    assertEquals(List.of(), alignment.places());
  }

  /// A packet that came so many seconds after the recording began; the first came after one.
  private void packetAt(int seconds, Captured report) {
    int ticks = (seconds - 1) * SCALE;
    alignment.onPacket(report, ORIGIN + ticks, ticks, ZERO + seconds * SECOND);
  }
}
