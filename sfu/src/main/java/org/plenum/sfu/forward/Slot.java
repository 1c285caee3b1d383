package org.plenum.sfu.forward;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.EgressVerdict;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Mid;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.receive.PacketCache;

/// A viewer's receiving media section: an SSRC whose numbers run on for life while the track behind
/// it changes. This
/// class decides *what* goes out (binding, key-frame gate); [SlotNumbers] under which numbers.
/// Owned by the worker's thread.
///
/// A video slot is gated: a newly bound track is forwarded from its next key frame on, and until
/// then the track before
/// it, so that the picture never breaks.
public final class Slot {
  private final Mid mid;
  private final MediaKind kind;
  private final SlotOutput output;
  private final SlotNumbers numbers;
  private final WorkerCounters counters;
  private List<Codec> codecs;

  /// What is forwarded now.
  private @Nullable Track current;

  /// What shall be forwarded from its next key frame on, never the same as `current`; null if the
  /// gate is open or the slot empty.
  private @Nullable Track pending;

  private long generation;

  public Slot(
      Mid mid,
      MediaKind kind,
      List<Codec> codecs,
      SlotNumbers numbers,
      SlotOutput output,
      WorkerCounters counters) {
    this.mid = mid;
    this.kind = kind;
    this.codecs = codecs;
    this.numbers = numbers;
    this.output = output;
    this.counters = counters;
  }

  public Mid mid() {
    return mid;
  }

  public MediaKind kind() {
    return kind;
  }

  public SlotNumbers numbers() {
    return numbers;
  }

  public void codecs(List<Codec> renegotiated) {
    codecs = renegotiated;
  }

  /// The track this slot is meant to carry: bound, be it behind its gate or not; null if empty.
  public @Nullable Track bound() {
    return pending != null ? pending : current;
  }

  /// The track whose packets go out now; null if none do.
  public @Nullable Track forwarded() {
    return current;
  }

  /// How many bindings there were.
  public long generation() {
    return generation;
  }

  /// Whether it waits for a key frame.
  public boolean isGated() {
    return pending != null;
  }

  /// The viewer's codec of that name, or null if it did not negotiate it.
  public @Nullable Codec codec(CodecName name) {
    for (int i = 0; i < codecs.size(); i++) {
      if (codecs.get(i).name() == name) {
        return codecs.get(i);
      }
    }
    return null;
  }

  /// Binds another track, or none. The caller tells the viewer, with the new [#generation].
  public void bind(@Nullable Track track) {
    if (bound() == track) {
      return;
    }
    generation++;
    if (pending != null) {
      pending.detach(this);
      pending = null;
    }
    if (track == current) {
      return;
    }
    if (track == null || kind == MediaKind.AUDIO || track.muted()) {
      // Nothing to wait for, or who knows how long: the former track would go on under a new name.
      dropCurrent();
    }
    if (track != null) {
      counters.add(SfuCounter.SLOTS_BOUND, 1);
      track.attach(this);
      gate(track);
    }
  }

  /// The viewer's transport can send now: what was bound before has been waiting for that.
  public void onOutputOpen() {
    if (kind == MediaKind.VIDEO && pending != null) {
      pending.keyFrames().want();
    }
  }

  /// The viewer lost its picture (PLI, FIR).
  public void onKeyFrameNeeded() {
    Track track = bound();
    if (track != null && kind == MediaKind.VIDEO) {
      track.keyFrames().want();
    }
  }

  /// The first packet of a splice of this layer was dropped, or its numbers could not go on.
  public void onSpliceLost(Layer layer) {
    numbers.onSpliceLost();
    if (kind == MediaKind.VIDEO && current != null && current.layer() == layer) {
      gateAgain(current);
    }
  }

  /// The layer's numbers start anew: wait for a key frame again.
  void onLayerReplaced(Track track) {
    if (track == current) {
      gateAgain(track);
    }
  }

  /// What was bound is gone, be it forwarded yet or not: the slot is empty.
  void onTrackEnded(Track track) {
    if (pending == track) {
      pending = null;
      dropCurrent();
    } else if (current == track) {
      current = null;
    }
  }

  /// Ends the slot: it lets go of its tracks.
  public void end() {
    if (pending != null) {
      pending.detach(this);
      pending = null;
    }
    dropCurrent();
  }

  /// A packet of a track that this slot is attached to; gives its egress verdict or hands it on.
  void offer(Track track, Layer layer, long sequenceNumber, int entry) {
    PacketCache cache = layer.cache();
    if (!output.isOpen() || codec(cache.codec(entry)) == null) {
      counters.count(EgressVerdict.PAUSED);
    } else if (track == pending) {
      offerAtGate(track, layer, sequenceNumber, entry);
    } else {
      output.enqueue(layer, sequenceNumber, 0);
    }
  }

  private void offerAtGate(Track track, Layer layer, long sequenceNumber, int entry) {
    PacketCache cache = layer.cache();
    if (kind == MediaKind.VIDEO && !cache.keyFrameStart(entry)) {
      // Asked for again if the last one came while the output was closed.
      track.keyFrames().want();
      counters.count(EgressVerdict.AWAITING_KEYFRAME);
      return;
    }
    dropCurrent();
    current = track;
    pending = null;
    output.enqueue(layer, sequenceNumber, SlotOutput.NEW_SPLICE);
    if (kind == MediaKind.VIDEO) {
      catchUp(layer, sequenceNumber + 1, layer.stream().highestSequenceNumber());
    }
  }

  /// A key frame whose first packet came late: what followed is in the cache, and had its verdict.
  /// A packet still missing among it has its number kept free.
  private void catchUp(Layer layer, long from, long to) {
    for (long number = from; number <= to; number++) {
      if (layer.cache().find(number) != PacketCache.NOT_FOUND) {
        output.enqueue(layer, number, SlotOutput.UNCOUNTED);
      }
    }
  }

  private void gate(Track track) {
    pending = track;
    if (kind == MediaKind.VIDEO) {
      track.keyFrames().want();
    }
  }

  /// The current track cannot go on without a key frame; if another one is bound already, only that
  /// one's counts.
  private void gateAgain(Track track) {
    current = null;
    if (pending == null) {
      gate(track);
    } else {
      track.detach(this);
    }
  }

  private void dropCurrent() {
    if (current != null) {
      current.detach(this);
      current = null;
    }
  }
}
