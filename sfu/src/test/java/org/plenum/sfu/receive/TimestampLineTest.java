package org.plenum.sfu.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A camera of 30 frames a second, whose clock soon wraps.
class TimestampLineTest {
  private static final long MILLI = 1_000_000;
  private static final int FRAME = 3_000;
  private static final long FRAME_NANOS = 33_333_333;

  private final TimestampLine line = new TimestampLine(90_000);
  private long now = Long.MAX_VALUE - 500 * MILLI;
  private long number = 65_600;
  private int timestamp = -FRAME * 5;

  @BeforeEach
  void begin() {
    line.begin(timestamp, now);
    for (int i = 0; i < 10; i++) {
      assertEquals(FRAME, frame(FRAME, FRAME_NANOS));
    }
  }

  /// The next frame, two packets of it.
  ///
  /// @param step of its timestamp
  /// @return how far the line went on
  private int frame(int step, long passedNanos) {
    int before = line.of(number, timestamp);
    timestamp += step;
    now += passedNanos;
    line.onNext(++number, timestamp, now);
    int first = line.of(number, timestamp);
    line.onNext(++number, timestamp, now + 5 * MILLI);
    assertEquals(first, line.of(number, timestamp), "one frame has one timestamp");
    return first - before;
  }

  @Test
  void goesOnByTheTimePassedWhenTheClockBeginsAnewAfterAPause() {
    assertEquals(12 * 90_000, frame(-1_000_000, 12_000 * MILLI));
    assertEquals(FRAME, frame(FRAME, FRAME_NANOS));
    assertEquals(12 * 90_000, frame(-3_000, 12_000 * MILLI));
  }

  @Test
  void goesOnByTheTimePassedWhenTheClockLeaps() {
    assertEquals(FRAME, frame(1_500_000_000, FRAME_NANOS), 1);
    assertEquals(FRAME, frame(FRAME, FRAME_NANOS));
    assertEquals(FRAME, frame(-1_500_000_000, FRAME_NANOS), 1);
    assertEquals(FRAME, frame(FRAME, FRAME_NANOS));
  }

  @Test
  void pauseIsWhatThePublisherSaysItWas() {
    assertEquals(12 * 90_000 + 700, frame(12 * 90_000 + 700, 12_000 * MILLI));
    assertEquals(FRAME, frame(FRAME, 12_000 * MILLI), "held back on the way");
  }

  @Test
  void picturesOutOfOrderAndBurstsStayAsTheyAre() {
    assertEquals(3 * FRAME, frame(3 * FRAME, FRAME_NANOS));
    assertEquals(-2 * FRAME, frame(-2 * FRAME, FRAME_NANOS));
    assertEquals(FRAME, frame(FRAME, FRAME_NANOS));
    for (int i = 0; i < 30; i++) {
      assertEquals(FRAME, frame(FRAME, MILLI / 10));
    }
  }

  @Test
  void latePacketFromBeforeAJumpKeepsItsPlace() {
    long late = number;
    int sent = timestamp;
    int place = line.of(late, sent);
    frame(-1_000_000, 100 * MILLI);
    assertEquals(place, line.of(late, sent));
  }

  @Test
  void reportsOfBothSidesOfAJumpAreTold() {
    int before = timestamp;
    int placeBefore = line.of(number, before);
    frame(900_000_000, FRAME_NANOS);
    assertEquals(placeBefore, line.ofReport(before, now));
    assertEquals(line.of(number, timestamp), line.ofReport(timestamp, now));
  }
}
