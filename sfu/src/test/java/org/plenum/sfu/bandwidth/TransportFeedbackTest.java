package org.plenum.sfu.bandwidth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.Garbage;

class TransportFeedbackTest {
  private static final long MILLIS = 1_000_000;
  private static final int BYTES = SentEvery10Ms.BYTES;

  private final SentEvery10Ms sent = new SentEvery10Ms();
  private final BandwidthEstimator estimator =
      new BandwidthEstimator(300_000, 50_000, 10_000_000, 0);
  private final TransportFeedback feedback = new TransportFeedback(sent, estimator);
  private long now;

  private void send(int count) {
    for (int i = 0; i < count; i++) {
      now = sent.send();
      estimator.onSent(BYTES, now);
    }
  }

  /// A message about `statuses.length()` packets from `base` on, 10 ms apart, the first of which
  /// was due at `millis` by the receiver's clock: `+` for received, `-` for lost.
  static MemorySegment message(int base, long millis, String statuses) {
    var out = ByteBuffer.allocate(2_048).order(ByteOrder.BIG_ENDIAN);
    int reference = (int) (millis / 64);
    out.putShort((short) base).putShort((short) statuses.length());
    out.put((byte) (reference >> 16)).putShort((short) reference).put((byte) 0);
    for (int at = 0; at < statuses.length(); at += 14) {
      int chunk = 0x8000;
      for (int i = at; i < Math.min(at + 14, statuses.length()); i++) {
        chunk |= statuses.charAt(i) == '+' ? 1 << 13 - (i - at) : 0;
      }
      out.putShort((short) chunk);
    }
    long told = millis / 64 * 64;
    for (int i = 0; i < statuses.length(); i++) {
      if (statuses.charAt(i) == '+') {
        out.put((byte) (4 * (millis + 10 * i - told)));
        told = millis + 10 * i;
      }
    }
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return MemorySegment.ofArray(bytes);
  }

  private boolean read(MemorySegment message) {
    now += 30 * MILLIS;
    return feedback.onMessage(message, 0, (int) message.byteSize(), now);
  }

  @Test
  void whatArrivesAndWhatIsLostIsTold() {
    for (int at = 0; at < 1_200; at += 10) {
      send(10);
      assertTrue(read(message(at, 10L * at, "++++++++-+")));
    }
    assertTrue(estimator.hasFeedback());
    assertEquals(0.1, estimator.loss(), 0.01);
    assertEquals(720_000, estimator.acknowledgedBps(), 80_000);
    assertEquals(0, feedback.refused());
  }

  @Test
  void numbersAndClocksWrap() {
    sent.next = 65_500;
    long start = ((1 << 24) - 10) * 64L;
    for (int at = 65_500; at < 67_000; at += 10) {
      send(10);
      assertTrue(read(message(at & 0xFFFF, start + (at - 65_500) * 10L, "++++++++++")));
    }
    assertEquals(0, feedback.refused());
    assertEquals(0, estimator.loss());
    assertEquals(800_000, estimator.acknowledgedBps(), 80_000);
    assertTrue(estimator.queueingDelayNanos() < 70 * MILLIS);
  }

  @Test
  void aPacketIsToldOnce() {
    for (int at = 0; at < 1_200; at += 10) {
      send(10);
      read(message(at, 10L * at, "++++------"));
      read(message(at, 10L * at, "++++++++++")); // they were only late
    }
    assertEquals(0, estimator.loss(), 0.001);
    assertEquals(800_000, estimator.acknowledgedBps(), 80_000);
  }

  @Test
  void lostFeedbackIsNotLoss() {
    for (int at = 0; at < 1_200; at += 10) {
      send(10);
      if (at % 40 != 0) {
        read(message(at, 10L * at, "++++++++++"));
      }
    }
    assertEquals(0, estimator.loss(), 0.001);
    assertEquals(800_000, estimator.acknowledgedBps(), 150_000);
  }

  @Test
  void packetsThatWereNeverSentCountForNothing() {
    send(10);
    assertTrue(read(message(5, 0, "+++++++++++++++")));
    assertTrue(read(message(30_000, 0, "++++------")));
    assertEquals(20, feedback.refused());
    assertEquals(0, estimator.loss());
  }

  @Test
  void absurdClocksAreHarmless() {
    for (int at = 0; at < 2_000; at += 10) {
      send(10);
      long millis = at % 30 == 0 ? -at * 256_000L : at * 448_000L;
      read(message(at, millis, "++++++++++"));
      assertTrue(estimator.targetBps() >= 50_000 && estimator.targetBps() <= 10_000_000);
      assertTrue(estimator.queueingDelayNanos() >= 0);
    }
    assertFalse(read(MemorySegment.ofArray(new byte[7])));
  }

  @Test
  void nothingIsAllocatedPerPacket() {
    var probe = new Probe();
    MemorySegment message = message(0, 0, "++++++++-+");
    long bytes =
        Garbage.ofCalmest(
            () -> {
              for (int i = 0; i < 10_000; i++) {
                long at = sent.next;
                send(10);
                message.set(BE_SHORT, 0, (short) at);
                message.set(BE_SHORT, 5, (short) (at * 10 / 64));
                message.set(ValueLayout.JAVA_BYTE, 4, (byte) (at * 10 / 64 >> 16));
                now += 30 * MILLIS;
                feedback.onMessage(message, 0, (int) message.byteSize(), now);
                estimator.onTimeout(now);
                estimator.takeProbe(probe, now);
              }
            });
    assertEquals(0, bytes, "bytes for 10 000 messages");
  }

  private static final ValueLayout.OfShort BE_SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  @Tag("fuzz")
  @FuzzTest(maxDuration = "5s")
  void noFeedbackTakesTheEstimateOutOfItsBounds(byte[] bytes) {
    for (int at = 0; at < bytes.length; at += 40) {
      send(1 + (bytes[at] & 0x1F));
      int length = Math.min(40, bytes.length - at);
      feedback.onMessage(MemorySegment.ofArray(bytes).asSlice(at, length), 0, length, now);
      assertTrue(estimator.targetBps() >= 50_000 && estimator.targetBps() <= 10_000_000);
      assertTrue(estimator.pacingBps() > 0 && estimator.queueingDelayNanos() >= 0);
      assertTrue(estimator.loss() >= 0 && estimator.loss() <= 1);
    }
  }
}
