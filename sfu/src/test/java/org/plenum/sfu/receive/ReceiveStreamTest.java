package org.plenum.sfu.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ReceiveStreamTest {
  private static final long MILLI = 1_000_000;

  private final ReceiveStream stream = new ReceiveStream(1, 8_000);

  private long receive(int sequenceNumber) {
    return stream.onPacket(sequenceNumber & 0xFFFF, 0, 0, false);
  }

  private void receiveAll(int from, int until) {
    for (int number = from; number < until; number++) {
      receive(number);
    }
  }

  @Test
  void tellsDuplicatesWithinTheWindow() {
    long first = receive(100);
    assertEquals(first + 2, receive(102));
    assertEquals(first + 1, receive(101));
    assertEquals(ReceiveStream.DUPLICATE, receive(101));
    assertEquals(ReceiveStream.DUPLICATE, receive(100));
    assertEquals(3, stream.received());
  }

  @Test
  void countsWhatIsTooOldToTellAsDuplicate() {
    long first = receive(1_000);
    receive(1_000 + ReceiveStream.WINDOW);
    assertEquals(first + 1, receive(1_001));
    assertEquals(ReceiveStream.DUPLICATE, receive(1_000));
    assertEquals(ReceiveStream.DUPLICATE, receive(999));
  }

  @Test
  void numbersRunOnWhenTheyWrapAround() {
    long first = receive(65_534);
    for (int i = 1; i < 200_000; i++) {
      assertEquals(first + i, receive(65_534 + i));
    }
    assertEquals(65_534 + 199_999, stream.extendedHighestSequenceNumber());
    assertEquals(0, stream.cumulativeLost());
  }

  @Test
  void packetsFromBeforeTheFirstAreTaken() {
    long first = receive(0);
    assertEquals(first - 1, receive(65_535));
    assertTrue(first - 1 > 0);
    assertEquals(2, stream.expected());
  }

  @Test
  void jumpAheadForgetsTheWindowBehindIt() {
    long first = receive(10);
    assertEquals(first + 30_000, receive(30_010));
    assertEquals(first + 29_999, receive(30_009));
    assertEquals(first + 30_000 - ReceiveStream.WINDOW + 1, receive(30_011 - ReceiveStream.WINDOW));
    assertEquals(ReceiveStream.DUPLICATE, receive(30_009));
  }

  @Test
  void jumpOfJustLessThanTheWindowKeepsWhatIsStillInIt() {
    long first = receive(10);
    receive(10 + ReceiveStream.WINDOW - 1);
    assertEquals(ReceiveStream.DUPLICATE, receive(10));
    assertEquals(first + 1, receive(11));
  }

  /// RFC 3550 §A.1: two packets in sequence after a jump are a restart.
  @Test
  void publisherThatBeginsAnewFarBehindIsFollowed() {
    receiveAll(30_000, 30_010);
    long highest = stream.highestSequenceNumber();
    assertEquals(ReceiveStream.DUPLICATE, receive(10_000));
    long restarted = receive(10_001);
    assertTrue(restarted > highest, "numbers must not go back");
    assertEquals(10_001, restarted & 0xFFFF);
    assertEquals(restarted + 1, receive(10_002));
    assertEquals(0, stream.cumulativeLost());
    assertEquals(0, stream.takeFractionLost());
  }

  @Test
  void singlePacketsFromFarBehindAreNoRestart() {
    receiveAll(30_000, 30_010);
    assertEquals(ReceiveStream.DUPLICATE, receive(10_000));
    receive(30_010);
    assertEquals(ReceiveStream.DUPLICATE, receive(10_001));
    assertEquals(ReceiveStream.DUPLICATE, receive(10_003));
    assertEquals(11, stream.received());
  }

  @Test
  void retransmissionsFromFarBehindAreNoRestart() {
    receiveAll(30_000, 30_010);
    assertEquals(ReceiveStream.DUPLICATE, stream.onPacket(10_000, 0, 0, true));
    assertEquals(ReceiveStream.DUPLICATE, stream.onPacket(10_001, 0, 0, true));
    assertEquals(ReceiveStream.DUPLICATE, receive(10_001));
  }

  /// RFC 3550 §A.3: 10 expected, 3 lost: 3 * 256 / 10 = 76; then one of them comes late and 10 more
  /// are all there: less than nothing lost.
  @Test
  void whatALaterPacketRepeatsIsLostUntilItComesAfterAll() {
    stream.onPacket(10, 0, 0, false);
    stream.onPacket(13, 0, 0, false);
    long highest = stream.highestSequenceNumber();
    assertTrue(stream.onRepeated(highest - 1));
    assertFalse(stream.onRepeated(highest - 1), "once");
    assertFalse(stream.onRepeated(highest), "it is there");
    assertFalse(stream.onRepeated(highest + 1), "it is not missing yet");
    assertFalse(stream.onRepeated(highest - ReceiveStream.WINDOW));
    assertEquals(2, stream.cumulativeLost());
    assertEquals(ReceiveStream.DUPLICATE, stream.onPacket(12, 0, 0, false));
    assertEquals(1, stream.cumulativeLost());
    assertEquals(ReceiveStream.DUPLICATE, stream.onPacket(12, 0, 0, false));
    assertEquals(1, stream.cumulativeLost());
    for (int number = 14; number < 13 + 2 * ReceiveStream.WINDOW; number++) {
      stream.onPacket(number, 0, 0, false);
    }
    assertTrue(stream.cumulativeLost() == 1, "places are free again");
  }

  @Test
  void fractionLostIsThatOfTheInterval() {
    receiveAll(0, 3);
    receiveAll(6, 10);
    assertEquals(76, stream.takeFractionLost());
    assertEquals(3, stream.cumulativeLost());
    receive(4);
    receiveAll(10, 20);
    assertEquals(0, stream.takeFractionLost());
    assertEquals(2, stream.cumulativeLost());
    assertEquals(0, stream.takeFractionLost());
  }

  @Test
  void fractionLostFitsIntoEightBits() {
    receive(0);
    stream.takeFractionLost();
    receive(9_000);
    assertEquals(255, stream.takeFractionLost());
  }

  /// RFC 3550 §A.8 by hand, 8 kHz, a packet every 20 ms = 160 units; the third is 10 ms = 80 units
  /// late. In sixteenths: 0, 80, 80 + 80 - (88 >> 4) = 155, 155 - (163 >> 4) = 145.
  @Test
  void jitterIsSmoothedAsTheStandardSays() {
    int[] delayMillis = {0, 0, 10, 0, 0};
    int[] expected = {0, 0, 5, 9, 9};
    for (int i = 0; i < delayMillis.length; i++) {
      stream.onPacket(i, 160 * i, (20 * i + delayMillis[i]) * MILLI, false);
      assertEquals(expected[i], stream.jitter(), "after packet " + i);
    }
  }

  @Test
  void evenPacketsHaveNoJitterWhereTimestampsAndClockWrapAround() {
    long start = Long.MAX_VALUE - 100 * MILLI;
    for (int i = 0; i < 50; i++) {
      stream.onPacket(i, -160 * 10 + 160 * i, start + i * 20 * MILLI, false);
    }
    assertEquals(0, stream.jitter());
  }

  @Test
  void retransmissionsSayNothingAboutJitter() {
    stream.onPacket(0, 0, 0, false);
    stream.onPacket(2, 320, 40 * MILLI, false);
    stream.onPacket(1, 160, 300 * MILLI, true);
    assertEquals(0, stream.jitter());
  }

  /// The publisher's network lost it, whatever was done about that.
  @Test
  void reportsCallWhatCameByRetransmissionLost() {
    for (int i = 0; i < 100; i++) {
      if (i % 10 != 5) {
        stream.onPacket(i, 160 * i, i * 20 * MILLI, false);
      }
      if (i % 10 == 9) {
        stream.onPacket(i - 4, 160 * (i - 4), i * 20 * MILLI, true);
      }
    }
    assertEquals(25, stream.takeFractionLost(), "a tenth, in 1/256");
    assertEquals(10, stream.cumulativeLost());
    assertEquals(0, stream.missing());
    assertEquals(100, stream.received());
  }

  @Test
  void reportsRepeatTheLatestSenderReport() {
    assertEquals(0, stream.lastSenderReport());
    assertEquals(0, stream.delaySinceLastSenderReport(MILLI));
    assertFalse(stream.hasSenderReport());
    long arrival = Long.MAX_VALUE - MILLI;
    stream.onSenderReport(0x1234_5678_9ABC_DEF0L, 7, arrival);
    assertEquals(0x5678_9ABC, stream.lastSenderReport());
    assertEquals(65_536 * 3 / 2, stream.delaySinceLastSenderReport(arrival + 1_500 * MILLI));
    assertEquals(-1, stream.delaySinceLastSenderReport(arrival + 50L * 3600 * 1_000 * MILLI));
  }
}
