package org.plenum.sfu.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.plenum.sfu.EgressVerdict;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Mid;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.receive.PacketCache;
import org.plenum.sfu.send.SentIndex;
import org.plenum.sfu.send.SentPackets;

/// A viewer with one slot: sends as the sending half of a transport does, and checks as a browser
/// would what it receives.
final class TestViewer implements SlotOutput {
  private record Reference(Layer layer, long source, long omitted, int flags) {}

  /// A packet as sent.
  ///
  /// @param number the slot's sequence number, unwrapped
  /// @param content the publisher's name for the packet
  record Sent(
      long number,
      int timestamp,
      int pictureId,
      int tl0PicIdx,
      Splice splice,
      long content,
      boolean frameStart,
      boolean keyFrameStart,
      boolean marker) {
    Layer layer() {
      return splice.layer();
    }
  }

  final Slot slot;
  final WorkerCounters counters = new WorkerCounters();
  final TreeMap<Long, Sent> sent = new TreeMap<>();
  final TreeMap<Long, Sent> recovered = new TreeMap<>();
  boolean open = true;

  /// How often it was told that its slot waits for a key frame.
  int keyFramesWanted;

  /// References that overflow from now on.
  int overflowing;

  private final SentPackets<TestViewer> ring = new SentPackets<>();
  private final SentIndex index = new SentIndex(ring);
  private final Map<Splice, Integer> origins = new HashMap<>();
  private final ArrayDeque<Reference> queue = new ArrayDeque<>();
  private int pictureIdBits;

  TestViewer(MediaKind kind) {
    var codec = kind == MediaKind.VIDEO ? TestPublisher.VP8 : TestPublisher.OPUS;
    var numbers = new SlotNumbers(1, 2, codec.name().clockRate(), 65_400, -30_000);
    slot = new Slot(new Mid("5"), kind, List.of(codec), numbers, this, counters);
  }

  @Override
  public void onKeyFrameWanted() {
    keyFramesWanted++;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void enqueue(Layer layer, long sequenceNumber, int entry, long omitted, int flags) {
    if (overflowing > 0) {
      overflowing--;
      taken(flags);
      if (slot.kind() == MediaKind.VIDEO || (flags & NEW_SPLICE) != 0) {
        slot.onOverflow(layer);
      }
      count(flags, EgressVerdict.PACER_OVERFLOW);
    } else {
      queue.add(new Reference(layer, sequenceNumber, omitted, flags));
    }
  }

  private void drop(Layer layer, int flags) {
    if (slot.kind() == MediaKind.VIDEO || (flags & NEW_SPLICE) != 0) {
      slot.onSpliceLost(layer);
    }
    count(flags, EgressVerdict.PACER_OVERFLOW);
  }

  private void count(int flags, EgressVerdict verdict) {
    if ((flags & UNCOUNTED) == 0) {
      counters.count(verdict);
    }
  }

  long verdicts() {
    long sum = 0;
    for (EgressVerdict verdict : EgressVerdict.values()) {
      sum += counters.value(verdict);
    }
    return sum;
  }

  /// The out phase.
  void flush(long nowNanos) {
    for (var next = queue.poll(); next != null; next = queue.poll()) {
      send(next, nowNanos);
    }
  }

  private void taken(int flags) {
    if ((flags & NEW_SPLICE) != 0) {
      slot.onStartTaken();
    }
  }

  private void send(Reference reference, long nowNanos) {
    taken(reference.flags);
    Layer layer = reference.layer;
    PacketCache cache = layer.cache();
    int entry = cache.find(reference.source);
    if (entry == PacketCache.NOT_FOUND) {
      drop(layer, reference.flags);
      return;
    }
    SlotNumbers numbers = slot.numbers();
    boolean isNew = (reference.flags & NEW_SPLICE) != 0;
    Splice splice =
        numbers.spliceFor(layer, reference.source, reference.omitted, entry, isNew, nowNanos);
    if (splice == null) {
      if (numbers.isSpliceLost()) {
        slot.onSpliceLost(layer);
      }
      count(reference.flags, EgressVerdict.AWAITING_KEYFRAME);
      return;
    }
    Sent packet = packet(splice, reference.source, reference.omitted, entry);
    assertNull(sent.put(packet.number, packet), "number used twice: " + packet.number);
    numbers.onSent(splice, reference.source, reference.omitted, entry, nowNanos);
    long number =
        ring.add(
            SentPackets.Kind.MEDIA,
            origins.computeIfAbsent(splice, each -> ring.open(this, each)),
            reference.source,
            packet.number,
            reference.omitted,
            cache.length(entry),
            0,
            nowNanos);
    index.put(packet.number, number);
    count(reference.flags, EgressVerdict.FORWARDED);
  }

  private Sent packet(Splice splice, long source, long omitted, int entry) {
    PacketCache cache = splice.layer().cache();
    int pictureId = -1;
    int tl0PicIdx = -1;
    if (cache.pictureIdBits(entry) != 0) {
      pictureIdBits = cache.pictureIdBits(entry);
      pictureId = splice.pictureId(cache.pictureId(entry), omitted, pictureIdBits);
      tl0PicIdx = splice.tl0PicIdx(cache.tl0PicIdx(entry));
    }
    return new Sent(
        splice.sequenceNumber(source, omitted),
        splice.timestamp(cache.timestamp(entry)),
        pictureId,
        tl0PicIdx,
        splice,
        TestPublisher.numberIn(
            cache.bytes(), cache.payloadOffset(entry), cache.payloadLength(entry)),
        cache.frameStart(entry),
        cache.keyFrameStart(entry),
        cache.marker(entry));
  }

  /// Asks again for every number it misses; what is answered came by RTX.
  void nackGaps() {
    if (sent.isEmpty()) {
      return;
    }
    for (long number = sent.firstKey(); number < sent.lastKey(); number++) {
      if (!sent.containsKey(number)) {
        nack(number);
      }
    }
  }

  /// @return whether the packet was sent again
  boolean nack(long number) {
    int found = index.find((int) number & 0xFFFF);
    if (found == SentPackets.NOT_FOUND) {
      return false;
    }
    Splice splice = ring.splice(found);
    PacketCache cache = splice.layer().cache();
    int entry = cache.find(ring.source(found));
    if (entry == PacketCache.NOT_FOUND) {
      return false;
    }
    Sent packet = packet(splice, ring.source(found), ring.omittedBefore(found), entry);
    assertEquals(number, packet.number);
    Sent before = recovered.put(number, packet);
    assertTrue(before == null || before.equals(packet), "sent again, but otherwise: " + number);
    return true;
  }

  /// Asks again for the latest it was sent; of what comes again, nothing may be different.
  void nackLatest(int most) {
    sent.descendingKeySet().stream().limit(most).forEach(this::nack);
  }

  /// Each splice begins with a key frame, at a later time than what was sent before it.
  void assertSplicesBeginWell() {
    Sent before = null;
    for (Sent packet : sent.values()) {
      if (before == null || before.splice != packet.splice) {
        assertTrue(packet.keyFrameStart, packet + " is no key frame");
        assertTrue(
            before == null || packet.timestamp - before.timestamp > 0, before + " then " + packet);
      }
      before = packet;
    }
  }

  /// What it has, in order; a packet that came both ways must be the same.
  List<Sent> all() {
    var all = new TreeMap<>(recovered);
    sent.forEach(
        (number, packet) -> {
          Sent before = all.put(number, packet);
          assertTrue(before == null || before.equals(packet), "two packets for " + number);
        });
    return new ArrayList<>(all.values());
  }

  /// Numbers without a gap, frames whole, picture ids and TL0PICIDX up by one, time going on; only
  /// before a new splice, which begins with a key frame, may something be missing.
  void assertPlaysWithoutABreak() {
    List<Sent> all = all();
    Sent first = all.getFirst();
    assertTrue(first.keyFrameStart, "starts with a key frame");
    for (int i = 1; i < all.size(); i++) {
      Sent before = all.get(i - 1);
      if (isHoleOfTheFormerBinding(before, all.get(i))) {
        i = nextSplice(all, i);
      } else {
        assertFollows(before, all.get(i));
      }
    }
  }

  /// A packet that the publisher's network lost, and that came when the slot carried something else
  /// already, is not forwarded any more: what the viewer has of that binding after it is of no use.
  private boolean isHoleOfTheFormerBinding(Sent before, Sent packet) {
    return packet.number > before.number + 1
        && packet.splice == before.splice
        && (packet.splice != slot.numbers().newest() || slot.forwarded() != packet.layer());
  }

  private static int nextSplice(List<Sent> all, int from) {
    Splice former = all.get(from).splice;
    int i = from;
    while (i < all.size() && all.get(i).splice == former) {
      i++;
    }
    assertTrue(i == all.size() || all.get(i).keyFrameStart, "no key frame at " + i);
    return i;
  }

  private void assertFollows(Sent before, Sent packet) {
    String where = before + " then " + packet;
    assertEquals(before.number + 1, packet.number, where);
    if (before.splice != packet.splice) {
      assertTrue(packet.keyFrameStart, where);
    } else {
      assertEquals(before.marker, packet.frameStart, where);
    }
    int step = packet.frameStart ? 1 : 0;
    if (packet.pictureId >= 0) {
      int mask = (1 << pictureIdBits) - 1;
      assertEquals(before.pictureId + step & mask, packet.pictureId, where);
      assertEquals(before.tl0PicIdx + step & 0xFF, packet.tl0PicIdx, where);
    }
    int passed = packet.timestamp - before.timestamp;
    assertTrue(step == 0 ? passed == 0 : passed > 0, where);
  }
}
