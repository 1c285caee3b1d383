package org.plenum.sfu.bandwidth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.bandwidth.SentHistory.Fate;

/// Two streams take turns: even numbers of the sender are of one, odd ones of the other.
class StreamFeedbackTest {
  private static final long MILLIS = 1_000_000;
  private static final int EVEN = 0x1111;
  private static final int ODD = 0x2222;
  private static final int STRANGER = 0x3333;

  private final SentEvery10Ms sent = new SentEvery10Ms();
  private final BandwidthEstimator estimator =
      new BandwidthEstimator(300_000, 50_000, 10_000_000, 0);
  private final StreamFeedback feedback =
      new StreamFeedback(sent, StreamFeedbackTest::numberOf, estimator);
  private long now;

  private static long numberOf(int ssrc, int sequenceNumber) {
    return switch (ssrc) {
      case EVEN -> 2L * sequenceNumber;
      case ODD -> 2L * sequenceNumber + 1;
      default -> -1;
    };
  }

  private void send(int count) {
    for (int i = 0; i < count; i++) {
      now = sent.send();
      estimator.onSent(SentEvery10Ms.BYTES, now);
    }
  }

  /// A message on ten packets of the sender from `base`, an even number, on, made 100 ms after the
  /// first of them arrived, at `reportMillis` by the receiver's clock: `+` received, `-` lost.
  private static MemorySegment message(int base, long reportMillis, String statuses) {
    var out = ByteBuffer.allocate(64).order(ByteOrder.BIG_ENDIAN);
    block(out, EVEN, base / 2, statuses, 0);
    block(out, ODD, base / 2, statuses, 1);
    out.putInt((int) ((reportMillis << 16) / 1_000));
    return MemorySegment.ofArray(Arrays.copyOf(out.array(), out.position()));
  }

  private static void block(ByteBuffer out, int ssrc, int first, String statuses, int from) {
    out.putInt(ssrc).putShort((short) first).putShort((short) 5);
    for (int i = from; i < 10; i += 2) {
      int ago = (100 - 10 * i) * 1_024 / 1_000;
      out.putShort((short) (statuses.charAt(i) == '+' ? 0x8000 | ago : 0));
    }
    out.putShort((short) 0);
  }

  private boolean read(MemorySegment message) {
    now += 30 * MILLIS;
    return feedback.onMessage(message, 0, (int) message.byteSize(), now);
  }

  @Test
  void whatArrivesAndWhatIsLostIsTold() {
    for (int at = 0; at < 1_200; at += 10) {
      send(10);
      assertTrue(read(message(at, 10L * at + 100, "++++++++-+")));
      assertEquals(Fate.LOST, sent.fateOf(at + 8));
      assertEquals(Fate.RECEIVED, sent.fateOf(at + 9));
    }
    assertEquals(0.1, estimator.loss(), 0.01);
    assertEquals(720_000, estimator.acknowledgedBps(), 80_000);
    assertEquals(0, feedback.refused());
  }

  @Test
  void theEstimateIsThatOfTransportWideFeedback() {
    var other = new BandwidthEstimator(300_000, 50_000, 10_000_000, 0);
    var otherSent = new SentEvery10Ms();
    var transportWide = new TransportFeedback(otherSent, other);
    for (int at = 0; at < 1_200; at += 10) {
      send(10);
      for (int i = 0; i < 10; i++) {
        other.onSent(SentEvery10Ms.BYTES, otherSent.send());
      }
      read(message(at, 10L * at + 100, "++++++++++"));
      MemorySegment same = TransportFeedbackTest.message(at, 10L * at, "++++++++++");
      transportWide.onMessage(same, 0, (int) same.byteSize(), now);
    }
    assertTrue(estimator.targetBps() > 300_000);
    assertEquals(other.targetBps(), estimator.targetBps(), 0.01 * other.targetBps());
    assertTrue(estimator.queueingDelayNanos() < 20 * MILLIS);
  }

  @Test
  void theClockWraps() {
    long start = 65_536_000L - 5_000;
    for (int at = 0; at < 1_200; at += 10) {
      send(10);
      assertTrue(read(message(at, start + 10L * at + 100, "++++++++++")));
    }
    assertEquals(0, estimator.loss());
    assertEquals(800_000, estimator.acknowledgedBps(), 80_000);
    assertTrue(estimator.queueingDelayNanos() < 20 * MILLIS);
  }

  @Test
  void whatCameLateIsNotLost() {
    for (int at = 0; at < 1_200; at += 10) {
      send(10);
      read(message(at, 10L * at + 100, "++++------"));
      read(message(at, 10L * at + 100, "++++++++++"));
    }
    assertEquals(0, estimator.loss(), 0.001);
  }

  @Test
  void unknownStreamsAreCountedAndNoMore() {
    send(10);
    MemorySegment message = message(0, 100, "----------");
    ByteBuffer bytes = message.asByteBuffer();
    bytes.putInt(0, STRANGER);
    assertTrue(read(message));
    assertEquals(Fate.UNREPORTED, sent.fateOf(0));
    assertEquals(Fate.LOST, sent.fateOf(1));
    assertEquals(5, feedback.refused());
  }

  @Test
  void packetsThatWereNeverSentAreRefused() {
    send(4);
    assertTrue(read(message(0, 100, "++++++++++")));
    assertEquals(6, feedback.refused());
  }

  @Test
  void anUnsoundMessageChangesNothing() {
    send(10);
    MemorySegment whole = message(0, 100, "----------");
    assertFalse(read(whole.asSlice(0, whole.byteSize() - 2)));
    assertFalse(read(MemorySegment.ofArray(new byte[7])));
    assertEquals(Fate.UNREPORTED, sent.fateOf(0));
    assertFalse(estimator.hasFeedback());
  }
}
