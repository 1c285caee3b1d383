package org.plenum.sfu.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.bandwidth.SentHistory;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.PublisherClock;
import org.plenum.sfu.forward.Splice;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.receive.PacketCache;
import org.plenum.sfu.receive.ReceiveStream;

class SentPacketsTest {
  private static final long MILLI = 1_000_000L;

  private final SentPackets<String> sent = new SentPackets<>();

  private long add(long sequenceNumber, long nowNanos) {
    return add(SentPackets.NO_ORIGIN, sequenceNumber, nowNanos);
  }

  private long add(int origin, long sequenceNumber, long nowNanos) {
    return sent.add(
        SentPackets.Kind.MEDIA, origin, 10 * sequenceNumber, sequenceNumber, 0, 1200, 0, nowNanos);
  }

  @Test
  void numberIsTakenOnlyByWhatWasBuilt() {
    assertEquals(0, sent.nextNumber());
    assertEquals(0, sent.nextNumber());
    assertEquals(0, add(5, 0));
    assertEquals(1, sent.nextNumber());
  }

  @Test
  void whatThePortDidNotTakeWasNotSentButCanBeAskedFor() {
    int entry = sent.find(add(5, 0));
    assertEquals(entry, sent.findSent(0));
    sent.refuse(0);
    assertEquals(SentPackets.NOT_FOUND, sent.findSent(0));
    assertEquals(entry, sent.find(0));
    assertEquals(SentPackets.NOT_FOUND, sent.findSent(77)); // never sent
    sent.refuse(77);
    assertEquals(2, sent.refused());
  }

  @Test
  void knowsWhatEachWasSentOfForAsLongAsItIsHere() {
    Splice one = splice(1);
    Splice two = splice(2);
    int first = sent.open("a", one);
    long a = add(first, 5, 0);
    int second = sent.open("b", two);
    long b = add(second, 5, 0);
    assertEquals("a", sent.stream(sent.find(a)));
    assertEquals(one, sent.splice(sent.find(a)));
    assertEquals("b", sent.stream(sent.find(b)));
    assertNull(sent.splice(sent.find(add(6, 0))));
    sent.release(first);
    assertEquals(one, sent.splice(sent.find(a)), "it may be asked for still");
    long again = add(sent.origin(sent.find(a)), 5, 0);
    for (int i = 0; i < 100; i++) {
      add(second, 6 + i, 2 * SentPackets.KEPT_NANOS + i);
    }
    assertEquals(SentPackets.NOT_FOUND, sent.find(again));
    assertEquals(1, sent.origins());
    sent.release(second);
    assertEquals(1, sent.origins());
    sent.clear();
    assertEquals(0, sent.origins());
  }

  private static Splice splice(int number) {
    var track =
        new Track(
            new TrackId("t"),
            new ParticipantId("p"),
            new Mid("0"),
            TrackSource.CAMERA,
            List.of(),
            new PublisherClock());
    var stream = new ReceiveStream(number, 90_000);
    try (var cache = new PacketCache(64, 1)) {
      return new Splice(new Layer(track, null, stream, cache, false), number, 0, 0, 0, 0, 0);
    }
  }

  @Test
  void remembersWhatIsYoungAndForgetsWhatIsOld() {
    // Near the end of the time scale, so that it wraps around.
    long start = Long.MAX_VALUE - 2_000 * MILLI;
    for (int i = 0; i < 20_000; i++) {
      long now = start + i * 5 * MILLI;
      add(i, now);
      int oldest = i - (int) (SentPackets.KEPT_NANOS / (5 * MILLI)) + 1;
      if (oldest >= 0) {
        int entry = sent.findSent(oldest);
        assertEquals(10L * oldest, sent.source(entry));
        assertEquals(start + oldest * 5 * MILLI, sent.sendNanos(entry));
      }
    }
    assertEquals(512, sent.capacity());
    assertEquals(SentPackets.NOT_FOUND, sent.find(10_000));
  }

  @Test
  void isBounded() {
    for (int i = 0; i < 3 * SentPackets.MOST; i++) {
      add(i, 0);
    }
    assertEquals(SentPackets.MOST, sent.capacity());
    assertEquals(SentPackets.NOT_FOUND, sent.find(2 * SentPackets.MOST - 1));
    assertEquals(2 * SentPackets.MOST, sent.number(sent.find(2 * SentPackets.MOST)));
  }

  @Test
  void feedbackAndRequestsCountOnce() {
    int entry = sent.find(add(5, 0));
    assertEquals(SentHistory.Fate.UNREPORTED, sent.fate(entry));
    sent.fate(entry, SentHistory.Fate.LOST);
    assertEquals(SentHistory.Fate.LOST, sent.fate(entry));
    assertEquals(1, sent.lost());
    sent.fate(entry, SentHistory.Fate.RECEIVED); // it came later than it was reported lost
    assertEquals(SentHistory.Fate.RECEIVED, sent.fate(entry));
    assertEquals(0, sent.lost());
    assertEquals(1, sent.reported());
    assertTrue(sent.askFor(entry));
    assertFalse(sent.askFor(entry));
    sent.withdraw(entry);
    assertTrue(sent.askFor(entry));
    assertEquals(SentPackets.Kind.MEDIA, sent.kind(entry));
  }

  @Test
  void indexFindsWhatAStreamSentLast() {
    var a = new SentIndex(sent);
    var b = new SentIndex(sent);
    int origin = sent.open("a", splice(1));
    int other = sent.open("b", splice(2));
    assertEquals(SentPackets.NOT_FOUND, a.find(0));
    for (int i = 0; i < 1000; i++) {
      a.put(65_000 + i, add(origin, 65_000 + i, i * MILLI));
      b.put(65_000 + i, add(other, 65_000 + i, i * MILLI));
    }
    for (int i = 0; i < 1000; i++) {
      int entry = a.find(65_000 + i & 0xFFFF);
      assertEquals("a", sent.stream(entry));
      assertEquals(65_000 + i, sent.sequenceNumber(entry));
    }
    a.put(65_990, add(65_990, 1000 * MILLI));
    assertEquals(2000, sent.number(a.find(65_990 & 0xFFFF)));
    assertEquals(SentPackets.NOT_FOUND, a.find(64_999));
    assertEquals(SentPackets.NOT_FOUND, a.find(66_000 & 0xFFFF));
  }

  @Test
  void tellsWhichSendingOfAPacketWasTheLastHoweverHighItsNumber() {
    var index = new SentIndex(sent);
    long packet = 70_000;
    assertFalse(index.isLatest(packet, 0));
    long first = add(packet, 0);
    index.put(packet, first);
    assertTrue(index.isLatest(packet, first));
    long again = add(packet, 0);
    index.put(packet, again);
    assertFalse(index.isLatest(packet, first));
    assertTrue(index.isLatest(packet, again));
    assertEquals(sent.find(again), index.find((int) (packet & 0xFFFF)));
  }
}
