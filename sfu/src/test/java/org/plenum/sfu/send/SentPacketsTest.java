package org.plenum.sfu.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.plenum.sfu.bandwidth.SentHistory;

class SentPacketsTest {
  private static final long MILLI = 1_000_000L;

  private final SentPackets<String> sent = new SentPackets<>();

  private long add(String stream, long sequenceNumber, long nowNanos) {
    return sent.add(
        SentPackets.Kind.MEDIA,
        stream,
        null,
        10 * sequenceNumber,
        sequenceNumber,
        0,
        1200,
        0,
        nowNanos);
  }

  @Test
  void numberIsTakenOnlyByWhatWasBuilt() {
    assertEquals(0, sent.nextNumber());
    assertEquals(0, sent.nextNumber());
    assertEquals(0, add("a", 5, 0));
    assertEquals(1, sent.nextNumber());
  }

  @Test
  void countsAsSentOnlyOnceThePortTookIt() {
    int entry = sent.find(add("a", 5, 0));
    assertFalse(sent.contains(0));
    sent.confirm(0);
    assertTrue(sent.contains(0));
    assertEquals(entry, sent.find(0));
    sent.confirm(77); // never sent
  }

  @Test
  void remembersWhatIsYoungAndForgetsWhatIsOld() {
    // Near the end of the time scale, so that it wraps around.
    long start = Long.MAX_VALUE - 2_000 * MILLI;
    for (int i = 0; i < 20_000; i++) {
      long now = start + i * 5 * MILLI;
      add("a", i, now);
      int oldest = i - (int) (SentPackets.KEPT_NANOS / (5 * MILLI)) + 1;
      if (oldest >= 0) {
        int entry = sent.find(oldest);
        assertEquals(10L * oldest, sent.source(entry));
        assertEquals(start + oldest * 5 * MILLI, sent.sentNanos(entry));
      }
    }
    assertEquals(512, sent.capacity());
    assertEquals(SentPackets.NOT_FOUND, sent.find(10_000));
  }

  @Test
  void isBounded() {
    for (int i = 0; i < 3 * SentPackets.MOST; i++) {
      add("a", i, 0);
    }
    assertEquals(SentPackets.MOST, sent.capacity());
    assertEquals(SentPackets.NOT_FOUND, sent.find(2 * SentPackets.MOST - 1));
    assertEquals(2 * SentPackets.MOST, sent.number(sent.find(2 * SentPackets.MOST)));
  }

  @Test
  void feedbackAndRequestsCountOnce() {
    int entry = sent.find(add("a", 5, 0));
    assertEquals(SentHistory.Fate.UNREPORTED, sent.fate(0));
    sent.fate(0, SentHistory.Fate.LOST);
    assertEquals(SentHistory.Fate.LOST, sent.fate(0));
    sent.fate(0, SentHistory.Fate.RECEIVED); // it came later than it was reported lost
    assertEquals(SentHistory.Fate.RECEIVED, sent.fate(0));
    assertTrue(sent.askFor(entry));
    assertFalse(sent.askFor(entry));
    sent.withdraw(entry);
    assertTrue(sent.askFor(entry));
    assertEquals(SentPackets.Kind.MEDIA, sent.kind(entry));
  }

  @Test
  void indexFindsWhatAStreamSentLast() {
    var a = new SentIndex<>("a", sent);
    var b = new SentIndex<>("b", sent);
    assertEquals(SentPackets.NOT_FOUND, a.find(0));
    for (int i = 0; i < 1000; i++) {
      a.put(65_000 + i, add("a", 65_000 + i, i * MILLI));
      b.put(65_000 + i, add("b", 65_000 + i, i * MILLI));
    }
    for (int i = 0; i < 1000; i++) {
      int entry = a.find(65_000 + i & 0xFFFF);
      assertEquals("a", sent.stream(entry));
      assertEquals(65_000 + i, sent.sequenceNumber(entry));
    }
    a.put(65_990, add("a", 65_990, 1000 * MILLI));
    assertEquals(2000, sent.number(a.find(65_990 & 0xFFFF)));
    assertEquals(SentPackets.NOT_FOUND, a.find(64_999));
    assertEquals(SentPackets.NOT_FOUND, a.find(66_000 & 0xFFFF));
  }

  @Test
  void tellsWhichSendingOfAPacketWasTheLastHoweverHighItsNumber() {
    var index = new SentIndex<>("a", sent);
    long packet = 70_000;
    assertFalse(index.isLatest(packet, 0));
    long first = add("a", packet, 0);
    index.put(packet, first);
    assertTrue(index.isLatest(packet, first));
    long again = add("a", packet, 0);
    index.put(packet, again);
    assertFalse(index.isLatest(packet, first));
    assertTrue(index.isLatest(packet, again));
    assertEquals(sent.find(again), index.find((int) (packet & 0xFFFF)));
  }
}
