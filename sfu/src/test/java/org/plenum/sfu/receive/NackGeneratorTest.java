package org.plenum.sfu.receive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.plenum.ice.NanoTime;
import org.plenum.sfu.rtp.SequenceNumbers;

class NackGeneratorTest {
  private static final long MILLI = 1_000_000;

  private final NackGenerator nacks = new NackGenerator();
  private final int[] into = new int[128];

  private int[] poll(long nowNanos) {
    return Arrays.copyOf(into, nacks.pollDue(nowNanos, into));
  }

  /// Original and retransmitted packets and the requests themselves are lost alike.
  private static TreeSet<Long> call(long seed, double loss, long jitterNanos, long startNanos) {
    var uplink = new SimulatedLink<Long>(seed, loss, 20 * MILLI, jitterNanos);
    var requests = new SimulatedLink<Integer>(seed + 1, loss, 20 * MILLI);
    var nacks = new NackGenerator();
    var received = new TreeSet<Long>();
    int[] due = new int[128];
    long first = 65_000;
    for (int millis = 0; millis < 3_000; millis++) {
      long now = startNanos + millis * MILLI;
      if (millis < 2_000) {
        uplink.send(first + millis, now);
      }
      uplink.deliver(
          now,
          number -> {
            received.add(number);
            nacks.onPacket(number, now);
          });
      int count = nacks.pollDue(now, due);
      for (int i = 0; i < count; i++) {
        requests.send(due[i], now);
      }
      long highest = received.isEmpty() ? first : received.last();
      requests.deliver(now, asked -> uplink.send(SequenceNumbers.unwrap(asked, highest), now));
    }
    assertFalse(nacks.takeGaveUp());
    assertEquals(0, nacks.missingCount());
    return received;
  }

  @Test
  void idleUnlessSomethingIsMissingOrWasGivenUp() {
    assertTrue(nacks.isIdle());
    nacks.onPacket(1, 0);
    nacks.onPacket(2, 0);
    assertTrue(nacks.isIdle());
    nacks.onPacket(4, 0);
    assertFalse(nacks.isIdle());
    nacks.onPacket(3, 0);
    assertTrue(nacks.isIdle());
    nacks.onPacket(4 + 2 * NackGenerator.MAX_MISSING, 0);
    assertFalse(nacks.isIdle(), "given up, and not told yet");
    assertTrue(nacks.takeGaveUp());
    assertTrue(nacks.isIdle());
  }

  @Test
  void fillsEveryGapAtFivePercentLossBothWays() {
    for (long seed = 0; seed < 10; seed++) {
      var received = call(seed, 0.05, 0, 0);
      assertTrue(received.size() > 1_950);
      assertEquals(received.last() - received.first() + 1, received.size());
    }
  }

  @Test
  void fillsEveryGapWhereTheClockWrapsAroundAndPacketsOvertake() {
    var received = call(77, 0.05, 8 * MILLI, Long.MAX_VALUE - 1_000 * MILLI);
    assertEquals(received.last() - received.first() + 1, received.size());
  }

  @Test
  void asksForNothingThatArrivesWithinTenMilliseconds() {
    nacks.onPacket(1, 0);
    nacks.onPacket(4, MILLI);
    assertArrayEquals(new int[0], poll(10 * MILLI));
    nacks.onPacket(3, 10 * MILLI);
    nacks.onPacket(2, 10 * MILLI);
    assertArrayEquals(new int[0], poll(50 * MILLI));
    assertEquals(0, nacks.missingCount());
  }

  @Test
  void asksInAscendingOrderAcrossTheWrapAround() {
    nacks.onPacket(65_533, 0);
    nacks.onPacket(65_538, 0);
    assertArrayEquals(new int[] {65_534, 65_535, 0, 1}, poll(10 * MILLI));
  }

  @Test
  void duplicatesAndPacketsNotMissedChangeNothing() {
    nacks.onPacket(10, 0);
    nacks.onPacket(12, 0);
    nacks.onPacket(12, 0);
    nacks.onPacket(10, 0);
    nacks.onPacket(5, 0);
    assertEquals(1, nacks.missingCount());
    nacks.onPacket(11, 0);
    nacks.onPacket(11, 0);
    assertEquals(0, nacks.missingCount());
  }

  @Test
  void pausesForARoundTripBetweenRequests() {
    nacks.roundTrip(100 * MILLI);
    nacks.onPacket(1, 0);
    nacks.onPacket(3, 0);
    assertArrayEquals(new int[] {2}, poll(10 * MILLI));
    assertArrayEquals(new int[0], poll(134 * MILLI));
    assertArrayEquals(new int[] {2}, poll(135 * MILLI));
  }

  @Test
  void roundTripThatThePeerMakesBelieveIsBounded() {
    nacks.roundTrip(60_000 * MILLI);
    nacks.onPacket(1, 0);
    nacks.onPacket(3, 0);
    poll(10 * MILLI);
    assertArrayEquals(new int[] {2}, poll(1_010 * MILLI));
  }

  @Test
  void givesUpOnceAfterItsTries() {
    nacks.onPacket(1, 0);
    nacks.onPacket(3, 0);
    int asked = 0;
    for (int millis = 0; millis < 1_000; millis++) {
      asked += poll(millis * MILLI).length;
    }
    assertEquals(NackGenerator.MAX_TRIES, asked);
    assertEquals(0, nacks.missingCount());
    assertTrue(nacks.takeGaveUp());
    assertFalse(nacks.takeGaveUp());
  }

  @Test
  void whatRequestsBringTellsTheRoundTrip() {
    nacks.roundTrip(100 * MILLI); // nobody knows
    nacks.onPacket(1, 0);
    nacks.onPacket(4, 0);
    assertArrayEquals(new int[] {2, 3}, poll(10 * MILLI));
    nacks.onRetransmission(2, 50 * MILLI);
    assertArrayEquals(new int[] {3}, poll(135 * MILLI), "as it was due");
    assertArrayEquals(new int[0], poll(184 * MILLI));
    assertArrayEquals(new int[] {3}, poll(185 * MILLI), "40 ms and a quarter");
    nacks.onRetransmission(3, 186 * MILLI); // of which request?
    nacks.onPacket(6, 200 * MILLI);
    assertArrayEquals(new int[] {5}, poll(210 * MILLI));
    assertArrayEquals(new int[0], poll(259 * MILLI));
    assertArrayEquals(new int[] {5}, poll(260 * MILLI));
  }

  @Test
  void givesUpSoonerWhereARoundTripIsLong() {
    assertEquals(NackGenerator.MAX_TRIES, triesAt(80));
    assertEquals(4, triesAt(200));
    assertEquals(NackGenerator.LEAST_TRIES, triesAt(400));
    assertEquals(NackGenerator.LEAST_TRIES, triesAt(2_000));
  }

  private static int triesAt(long roundTripMillis) {
    var nacks = new NackGenerator();
    nacks.roundTrip(roundTripMillis * MILLI);
    nacks.onPacket(1, 0);
    nacks.onPacket(3, 0);
    int asked = 0;
    for (int millis = 0; !nacks.takeGaveUp(); millis++) {
      assertTrue(millis < 20_000, "never given up");
      asked += nacks.pollDue(millis * MILLI, new int[1]);
    }
    return asked;
  }

  @Test
  void gapThatIsTooLongIsGivenUpAsAWhole() {
    nacks.onPacket(1, 0);
    nacks.onPacket(2 + NackGenerator.MAX_MISSING, 0);
    assertEquals(NackGenerator.MAX_MISSING, nacks.missingCount());
    assertFalse(nacks.takeGaveUp());
    nacks.onPacket(1_000_000, 0);
    assertEquals(0, nacks.missingCount());
    assertTrue(nacks.takeGaveUp());
  }

  @Test
  void oldestAreGivenUpWhenNewGapsNeedTheirPlaces() {
    nacks.onPacket(1, 0);
    nacks.onPacket(502, 0);
    nacks.onPacket(603, 0);
    assertEquals(NackGenerator.MAX_MISSING, nacks.missingCount());
    assertTrue(nacks.takeGaveUp());
    assertEquals(90, poll(10 * MILLI)[0]);
  }

  @Test
  void asksForAsManyAsFitAndLaterForTheRest() {
    nacks.onPacket(0, 0);
    nacks.onPacket(201, 0);
    assertEquals(128, poll(10 * MILLI).length);
    int[] rest = poll(10 * MILLI);
    assertEquals(72, rest.length);
    assertEquals(129, rest[0]);
  }

  @Test
  void deadlineThatFallsOnNeverStillComes() {
    nacks.onPacket(1, 0);
    nacks.onPacket(3, NanoTime.NEVER - 10 * MILLI);
    assertArrayEquals(new int[] {2}, poll(NanoTime.NEVER + MILLI));
  }

  @Test
  void forgetsWhatNobodyNeeds() {
    nacks.onPacket(10, 0);
    nacks.onPacket(15, 0);
    nacks.forget();
    assertEquals(0, poll(50 * MILLI).length);
    nacks.onPacket(17, 50 * MILLI);
    assertArrayEquals(new int[] {16}, poll(100 * MILLI));
    assertFalse(nacks.takeGaveUp());
  }
}
