package org.plenum.sfu.transport;

import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Mid;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.Slot;
import org.plenum.sfu.forward.SlotNumbers;
import org.plenum.sfu.forward.SlotOutput;
import org.plenum.sfu.forward.Splice;
import org.plenum.sfu.receive.PacketCache;

/// A viewer of one slot whose receiver does as browsers' do: it decodes frames in the order of
/// their numbers, throws away one whose timestamp is not after the one before, shows one from the
/// future when its time has come, and asks for a key frame when something is missing.
final class SimulatedViewer implements SlotOutput {
  private static final long MILLI = 1_000_000;

  /// It waits so long for a missing packet.
  private static final long PATIENCE_NANOS = 60 * MILLI;

  /// Between two requests for a key frame.
  private static final long REQUEST_NANOS = 200 * MILLI;

  private record Packet(int timestamp, byte[] payload, boolean marker) {}

  private record Frame(int number, boolean key, int timestamp, boolean hasSets) {}

  final Slot slot;
  final List<Long> shownNanos = new ArrayList<>();
  private final Codec codec;
  private final SlotNumbers numbers;
  private final TreeMap<Long, Packet> waiting = new TreeMap<>();
  private long now;
  private long next = Long.MIN_VALUE;
  private long stuckNanos = -1;
  private long requestedNanos = -REQUEST_NANOS;
  private boolean broken = true;
  private boolean sets;

  // What relates the slot's clock to ours: the frame that came earliest for its timestamp.
  private boolean related;
  private int relatedTimestamp;
  private long relatedNanos;
  private int lastTimestamp;

  SimulatedViewer(Codec codec) {
    this.codec = codec;
    numbers = new SlotNumbers(1, 0, codec.name().clockRate(), 300, -1_000);
    slot =
        new Slot(
            new Mid("5"), codec.name().kind(), List.of(codec), numbers, this, new WorkerCounters());
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void enqueue(Layer layer, long number, int entry, long omitted, int flags) {
    PacketCache cache = layer.cache();
    boolean isNew = (flags & SlotOutput.NEW_SPLICE) != 0;
    if (isNew) {
      slot.onStartTaken();
    }
    Splice splice = numbers.spliceFor(layer, number, omitted, entry, isNew, now);
    if (splice == null) {
      if (numbers.isSpliceLost()) {
        slot.onSpliceLost(layer);
      }
      return;
    }
    byte[] payload =
        cache
            .bytes()
            .asSlice(cache.payloadOffset(entry), cache.payloadLength(entry))
            .toArray(ValueLayout.JAVA_BYTE);
    var packet = new Packet(splice.timestamp(cache.timestamp(entry)), payload, cache.marker(entry));
    if (waiting.put(splice.sequenceNumber(number, omitted), packet) != null) {
      throw new AssertionError("a number was used twice");
    }
    numbers.onSent(splice, number, omitted, entry, now);
  }

  void turn(long nowNanos) {
    now = nowNanos;
    if (next == Long.MIN_VALUE && !waiting.isEmpty()) {
      next = waiting.firstKey();
    }
    for (boolean goesOn = true; goesOn; ) {
      goesOn = takeFrame();
    }
    if (broken && slot.forwarded() != null && now - requestedNanos >= REQUEST_NANOS) {
      requestedNanos = now;
      slot.onKeyFrameNeeded();
    }
  }

  /// Takes the next whole frame out, or steps over what does not come.
  private boolean takeFrame() {
    if (waiting.isEmpty()) {
      return false;
    }
    List<Packet> parts = new ArrayList<>();
    for (long number = next; waiting.containsKey(number); number++) {
      Packet packet = waiting.get(number);
      if (packet.payload.length == 0) {
        if (parts.isEmpty()) {
          waiting.remove(number);
          next = number + 1;
        }
        continue;
      }
      if (!parts.isEmpty() && parts.getLast().timestamp != packet.timestamp) {
        break;
      }
      parts.add(packet);
      if (packet.marker || codec.name().kind() == MediaKind.AUDIO) {
        next = number + 1;
        waiting.headMap(next).clear();
        stuckNanos = -1;
        decode(parts);
        return true;
      }
    }
    return stepOver();
  }

  private boolean stepOver() {
    if (waiting.isEmpty()) {
      return false;
    }
    if (stuckNanos < 0) {
      stuckNanos = now;
    }
    if (now - stuckNanos < PATIENCE_NANOS) {
      return false;
    }
    // The frame at hand is lost: on behind it.
    long number = next;
    while (waiting.containsKey(number)) {
      number++;
    }
    Long after = waiting.ceilingKey(number);
    waiting.headMap(number).clear();
    broken = true;
    stuckNanos = -1;
    if (after == null) {
      next = number;
      return false;
    }
    next = after;
    return true;
  }

  private void decode(List<Packet> parts) {
    Frame frame = read(parts);
    sets |= frame.hasSets;
    boolean decodable = codec.name() != CodecName.H264 || sets;
    if (frame.key && decodable) {
      broken = false;
    }
    if (!broken) {
      show(frame.timestamp);
    }
  }

  private void show(int timestamp) {
    if (related && timestamp - lastTimestamp <= 0) {
      return; // an old frame
    }
    lastTimestamp = timestamp;
    long due = now;
    if (related) {
      long ahead = (timestamp - relatedTimestamp) * 1_000_000_000L / codec.name().clockRate();
      due = Math.max(now, relatedNanos + ahead);
    }
    if (!related || due <= now) {
      related = true;
      relatedTimestamp = timestamp;
      relatedNanos = now;
    }
    shownNanos.add(due);
  }

  private Frame read(List<Packet> parts) {
    boolean hasSps = false;
    boolean hasPps = false;
    Packet last = parts.getLast();
    for (Packet part : parts) {
      int type = codec.name() == CodecName.H264 ? part.payload[0] & 0x1F : 0;
      hasSps |= type == 7;
      hasPps |= type == 8;
    }
    var content = ByteBuffer.wrap(last.payload, last.payload.length - 8, 8);
    boolean key = content.getInt() == 1;
    return new Frame(content.getInt(), key, last.timestamp, hasSps && hasPps);
  }

  /// The longest time without a new picture between two moments, in ms.
  long longestFreezeMillis(long from, long until) {
    long longest = 0;
    long before = from;
    for (long shown : shownNanos) {
      if (shown >= from && shown <= until) {
        longest = Math.max(longest, shown - before);
        before = shown;
      }
    }
    return Math.max(longest, until - before) / MILLI;
  }
}
