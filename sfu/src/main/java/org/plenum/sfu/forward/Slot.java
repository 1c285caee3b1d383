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

  /// What shall be forwarded from its next key frame on; null if that is `current` already.
  private @Nullable Track pending;

  private long gateOpenedAt;
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
    if (pending != null && pending != current) {
      pending.detach(this);
    }
    pending = null;
    if (track == current) {
      return;
    }
    if (track == null) {
      dropCurrent();
      return;
    }
    counters.add(SfuCounter.SLOTS_BOUND, 1);
    pending = track;
    track.attach(this);
    if (kind == MediaKind.VIDEO) {
      track.keyFrames().want();
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

  /// The layer's numbers start anew: wait for a key frame again.
  void onLayerReplaced(Track track) {
    if (track == current && pending == null) {
      pending = track;
      if (kind == MediaKind.VIDEO) {
        track.keyFrames().want();
      }
    }
  }

  void onTrackEnded(Track track) {
    if (pending == track) {
      pending = null;
    }
    if (current == track) {
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
    } else if (sequenceNumber < gateOpenedAt) {
      // From before the key frame, late: the decoder has no use for it, the slot no number.
      counters.count(EgressVerdict.AWAITING_KEYFRAME);
    } else {
      output.enqueue(layer, sequenceNumber, 0);
    }
  }

  private void offerAtGate(Track track, Layer layer, long sequenceNumber, int entry) {
    PacketCache cache = layer.cache();
    if (kind == MediaKind.VIDEO && !cache.keyFrameStart(entry)) {
      counters.count(EgressVerdict.AWAITING_KEYFRAME);
      return;
    }
    if (current != track) {
      dropCurrent();
    }
    current = track;
    pending = null;
    gateOpenedAt = sequenceNumber;
    output.enqueue(layer, sequenceNumber, SlotOutput.NEW_SPLICE);
    // A key frame whose first packet came late: what followed is in the cache, and had its verdict.
    long next = sequenceNumber + 1;
    while (cache.find(next) != PacketCache.NOT_FOUND) {
      output.enqueue(layer, next++, SlotOutput.UNCOUNTED);
    }
  }

  private void dropCurrent() {
    if (current != null && current != pending) {
      current.detach(this);
    }
    current = null;
  }
}
