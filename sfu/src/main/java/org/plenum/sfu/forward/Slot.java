package org.plenum.sfu.forward;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.EgressVerdict;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Mid;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.receive.FrameLayers;
import org.plenum.sfu.receive.PacketCache;

/// A viewer's receiving media section: an SSRC whose numbers run on for life while the track behind
/// it, or the layer of that track, changes. This class decides *what* goes out (binding, layer,
/// key-frame gate); [SlotNumbers] under which numbers. Owned by the worker's thread.
///
/// A video slot is gated: what it is to carry is forwarded from its next key frame on, and until
/// then what it carried before, so that the picture never breaks.
public final class Slot implements TrackSink {
  /// Packets of sound that a viewer may get late, all at once: 0.2 s of them.
  private static final int MOST_FIRST_WORD = 10;

  private final Mid mid;
  private final MediaKind kind;
  private final SlotOutput output;
  private final SlotNumbers numbers;
  private final WorkerCounters counters;
  private List<Codec> codecs;

  /// What it is meant to carry.
  private @Nullable Track bound;

  /// Which layer of that; null until one has arrived.
  private @Nullable Layer target;

  /// What goes out now: the target if the gate is open, else what went out before, maybe of another
  /// track; null if nothing does.
  private @Nullable Layer forwarded;

  /// A layer of the bound track that it carries until the target, which its publisher was told to
  /// send only now, has come; null unless nothing of that track goes out yet.
  private @Nullable Layer standIn;

  /// How much of the target's stream it is meant to carry: see [FrameLayers].
  private int quality = FrameLayers.EVERYTHING;

  /// Leaves layers out of the stream that goes out; null as long as none ever was.
  private @Nullable LayerFilter filter;

  /// Height of the picture on the viewer's page in pixels.
  private int maxHeight = Integer.MAX_VALUE;

  /// Whether somebody else decides which layer it carries; then it chooses by itself only while
  /// that one's choice cannot be had.
  private boolean directed;

  /// Whether it carries nothing because the viewer's bandwidth does not reach that far.
  private boolean starved;

  /// Until when it carries nothing, for what is bound did not get to the viewer.
  private long restNanos = NanoTime.NEVER;

  /// Whether it carries nothing because what is bound comes to the viewer by another way.
  private boolean direct;

  /// What there is bandwidth for; null: nobody said.
  private @Nullable Layer fitting;

  private long fittingBps;

  /// Whether it is to be told which layer to carry, and until then carries the smallest.
  private boolean smallestFirst;

  /// First packets of splices that were handed on and have not yet been sent or dropped.
  private int startsWaiting;

  private long generation;

  // The latest look-up of a codec, which is the same for nearly all packets.
  private @Nullable Codec asked;
  private @Nullable Codec answered;

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

  /// What the viewer negotiated, by its own payload types.
  public List<Codec> codecs() {
    return codecs;
  }

  public void codecs(List<Codec> renegotiated) {
    codecs = renegotiated;
    asked = null;
    answered = null;
  }

  /// The track this slot is meant to carry, be it behind its gate or not; null if empty.
  public @Nullable Track bound() {
    return bound;
  }

  /// The layer whose packets go out now; null if none do.
  public @Nullable Layer forwarded() {
    return forwarded;
  }

  /// The layer it is meant to carry; null while there is none, and while it [#isStarved].
  public @Nullable Layer target() {
    return target;
  }

  /// How much of its [#target] it is meant to carry: a target of [FrameLayers].
  public int quality() {
    return quality;
  }

  /// The highest spatial layer of a stream that its viewer can put together, 0 to 3. Chromium takes
  /// each of AV1's for a picture of its own unless a dependency descriptor tells.
  public int mostSpatial() {
    boolean needsDescriptors = bound != null && bound.activeCodec().name() == CodecName.AV1;
    return needsDescriptors && !output.carriesDescriptors() ? 0 : FrameLayers.MOST_SPATIAL;
  }

  /// Height of what it is meant to carry, in pixels; 0 while unknown, and if there is nothing.
  public int targetHeight() {
    return target == null ? 0 : target.height(quality);
  }

  /// What goes out now is expected to take, bit/s.
  public long forwardedBps(long nowNanos) {
    if (forwarded == null) {
      return 0;
    }
    int within = filter == null ? FrameLayers.EVERYTHING : filter.current();
    return forwarded.expectedBps(within, nowNanos);
  }

  /// Whether it was told to carry nothing, for want of bandwidth.
  public boolean isStarved() {
    return starved;
  }

  /// Whether what is bound, whatever it is, comes to the viewer directly from its publisher, so
  /// that nothing of it is carried or asked for.
  public boolean isDirect() {
    return direct;
  }

  /// @return whether it was otherwise
  public boolean direct(boolean yes) {
    if (direct == yes) {
      return false;
    }
    direct = yes;
    directed = false;
    starved = false;
    if (yes) {
      target = null;
      standIn = null;
      forward(null);
    } else {
      retarget();
    }
    return true;
  }

  /// Whether it carries this layer, or waits for it.
  @Override
  public boolean wants(Layer layer) {
    return layer == forwarded || layer == target || layer == standIn;
  }

  /// The viewer's bandwidth would allow for so much of this layer, which is the one it carries
  /// whole or the next better one.
  ///
  /// @param layer null if there is none, or if nothing is known of the bandwidth
  public void roomFor(@Nullable Layer layer, long bitrateBps) {
    fitting = layer;
    fittingBps = bitrateBps;
  }

  @Override
  public long roomFor(Layer layer) {
    if (layer == fitting) {
      return fittingBps;
    }
    return wants(layer) ? UNLIMITED : 0;
  }

  /// How many bindings there were.
  public long generation() {
    return generation;
  }

  /// Whether it waits for a key frame, or for any packet at all.
  public boolean isGated() {
    return bound != null && (target == null || forwarded != target);
  }

  /// Whether its viewer cannot decode what the bound track's publisher sends.
  public boolean isPausedForCodec() {
    return bound != null && codec(bound.activeCodec()) == null;
  }

  /// The viewer's codec for a publisher's, or null if it did not negotiate one that matches.
  public @Nullable Codec codec(Codec published) {
    if (published != asked) {
      asked = published;
      answered = find(published);
    }
    return answered;
  }

  /// The first codec of the viewer's that can be sent again by RTX; null without one.
  public @Nullable Codec firstCodecWithRtx() {
    for (int i = 0; i < codecs.size(); i++) {
      if (codecs.get(i).hasRtx()) {
        return codecs.get(i);
      }
    }
    return null;
  }

  /// Binds another track, or none. The caller tells the viewer, with the new [#generation].
  public void bind(@Nullable Track track) {
    Track before = bound;
    if (before == track) {
      return;
    }
    generation++;
    bound = track;
    target = null;
    standIn = null;
    directed = false;
    starved = false;
    quality = FrameLayers.EVERYTHING;
    fitting = null;
    restNanos = NanoTime.NEVER;
    if (track == null || kind == MediaKind.AUDIO || track.muted()) {
      // Nothing to wait for, or who knows how long: the former track would go on under a new name.
      forward(null);
    }
    if (before != null) {
      letGo(before);
    }
    if (track != null) {
      counters.add(SfuCounter.SLOTS_BOUND, 1);
      track.attach(this);
      if (!smallestFirst) {
        retarget();
      }
    }
  }

  /// The viewer shows the picture this high (pixels): layers that are higher are not forwarded.
  public void maxHeight(int pixels) {
    if (pixels != maxHeight) {
      maxHeight = pixels;
      retarget();
    }
  }

  /// Somebody will tell it which layer to carry, by [#carry]; of a track whose first layer comes
  /// before that, it begins with the smallest, rather than with the largest that fits the picture
  /// on the page.
  public void smallestFirst(boolean yes) {
    smallestFirst = yes && kind == MediaKind.VIDEO;
  }

  /// It shall carry this layer of the bound track, from its next key frame on; until then what it
  /// carries goes on. Within the layer's stream it goes down with the next picture, and up where
  /// the stream can be gone up.
  ///
  /// @param target how much of the layer's stream: see [FrameLayers]
  public void carry(Layer layer, int target) {
    directed = true;
    starved = false;
    quality = target;
    aim(layer);
    thin();
  }

  /// What it carries, and is about to leave, is far more than the viewer's bandwidth: nothing of it
  /// helps any more, so nothing goes out until the key frame of what it is meant to carry.
  public void leaveNow() {
    if (target != null && forwarded != target) {
      forward(null);
    }
  }

  /// Whether a layer with a smaller picture is to take this one's place.
  public boolean isLeaving(Layer layer) {
    return target != null && target != layer && target.height() < layer.height();
  }

  /// It shall carry nothing, for want of bandwidth, until it is told to [#carry] something.
  public void starve() {
    directed = true;
    starved = true;
    target = null;
    standIn = null;
    forward(null);
  }

  /// What it carries is more than the viewer's path has ever brought there: it carries nothing, and
  /// asks for nothing, until then, or until another track is bound.
  public void rest(long untilNanos) {
    restNanos = untilNanos;
    starve();
  }

  /// Whether it is to carry nothing yet.
  public boolean isResting(long nowNanos) {
    return restNanos != NanoTime.NEVER && !NanoTime.isDue(restNanos, nowNanos);
  }

  /// The viewer's transport can send now: what was bound before has been waiting for that.
  public void onOutputOpen() {
    if (target != null && target != forwarded) {
      await(target);
    }
  }

  /// The viewer lost its picture (PLI, FIR).
  public void onKeyFrameNeeded() {
    Layer awaited = standIn != null ? standIn : target;
    Layer layer = forwarded != null ? forwarded : awaited;
    if (layer != null) {
      wantKeyFrame(layer);
    }
  }

  /// The viewer was not told which of the stream's layers are left: its next picture says so.
  public void sayTargetAgain() {
    if (filter != null) {
      filter.sayTargetAgain();
    }
  }

  /// The first packet of a splice has left the queue, sent or dropped.
  public void onStartTaken() {
    startsWaiting--;
  }

  /// A packet of this layer was dropped behind all that waits: that goes out, but nothing can
  /// follow it. The gate closes, even if the key frame that it opened for is still on its way.
  public void onOverflow(Layer layer) {
    numbers.onSpliceLost();
    if (kind == MediaKind.VIDEO && forwarded == layer) {
      stop();
    }
  }

  /// A packet of this layer was dropped before others that wait, or its numbers could not go on:
  /// what was sent ends here. The gate closes, unless a key frame that it opened for is still on
  /// its way.
  public void onSpliceLost(Layer layer) {
    numbers.onSpliceLost();
    if (kind == MediaKind.VIDEO && forwarded == layer && startsWaiting == 0) {
      stop();
    }
  }

  @Override
  public void onLayerGone(Layer layer) {
    if (target == layer) {
      target = null;
    }
    if (standIn == layer) {
      standIn = null;
    }
    if (fitting == layer) {
      fitting = null;
    }
    if (forwarded == layer) {
      forward(null);
    }
  }

  @Override
  public void onLayersChanged(Track track) {
    if (track == bound) {
      retarget();
      output.onLayersChanged();
    }
  }

  /// If the track was bound, be it forwarded yet or not, the slot is empty.
  @Override
  public void onTrackEnded(Track track) {
    if (track == bound) {
      bound = null;
      target = null;
      standIn = null;
      forward(null);
    } else if (isOf(forwarded, track)) {
      forwarded = null;
    }
  }

  /// Ends the slot: it lets go of its tracks.
  public void end() {
    Track before = bound;
    bound = null;
    target = null;
    standIn = null;
    forward(null);
    if (before != null) {
      before.detach(this);
    }
  }

  /// Gives the packet its egress verdict or hands it on.
  @Override
  public void onPacket(Layer layer, long sequenceNumber, int entry) {
    if (!output.isOpen() || starved || direct) {
      counters.count(EgressVerdict.PAUSED);
    } else if (layer.sound().isLeftOut(sequenceNumber)) {
      counters.count(EgressVerdict.UNHEARD);
    } else if (layer == forwarded) {
      offerForwarded(layer, sequenceNumber, entry);
    } else if (layer == target || layer == standIn) {
      offerAtGate(layer, sequenceNumber, entry);
    } else {
      Layer wanted = isOf(target, layer.track()) ? target : forwarded;
      boolean above = wanted != null && layer.track().isAbove(layer, wanted);
      counters.count(above ? EgressVerdict.ABOVE_TARGET_LAYER : EgressVerdict.BELOW_TARGET_LAYER);
    }
  }

  private void offerForwarded(Layer layer, long sequenceNumber, int entry) {
    if (codec(layer.cache().codec(entry)) == null) {
      // Its numbers go on without us: later it begins anew, with a key frame.
      counters.count(EgressVerdict.PAUSED);
      stop();
    } else {
      offer(layer, sequenceNumber, entry, 0);
    }
  }

  private void offer(Layer layer, long sequenceNumber, int entry, int flags) {
    if (kind == MediaKind.AUDIO) {
      enqueueSound(layer, sequenceNumber, entry, flags);
      return;
    }
    if (filter == null) {
      if (FrameLayers.isIn(layer.cache().layers(entry), FrameLayers.EVERYTHING)) {
        output.enqueue(layer, sequenceNumber, entry, Omitted.NOTHING, flags);
        return;
      }
      filter = new LayerFilter();
    }
    offerFiltered(filter, layer, sequenceNumber, entry, flags);
  }

  private void offerFiltered(
      LayerFilter within, Layer layer, long sequenceNumber, int entry, int flags) {
    PacketCache cache = layer.cache();
    boolean isKey = cache.keyFrameStart(entry);
    int verdict = filter(within, cache, sequenceNumber, entry, isKey);
    if (within.takeStuck()) {
      wantKeyFrame(layer);
    }
    if (verdict == LayerFilter.FORWARD) {
      output.enqueue(layer, sequenceNumber, entry, within.omitted(), flags);
      return;
    }
    if ((flags & SlotOutput.UNCOUNTED) == 0) {
      counters.count(EgressVerdict.ABOVE_TARGET_LAYER);
    }
    if (verdict == LayerFilter.BLANK) {
      int blank = SlotOutput.BLANK | SlotOutput.UNCOUNTED;
      output.enqueue(layer, sequenceNumber, entry, within.omitted(), blank);
    }
  }

  private static int filter(
      LayerFilter within, PacketCache cache, long sequenceNumber, int entry, boolean isKey) {
    within.picture(cache.pictureId(entry), cache.pictureIdBits(entry), cache.tl0PicIdx(entry));
    return within.onPacket(sequenceNumber, cache.timestamp(entry), cache.layers(entry), isKey);
  }

  private void offerAtGate(Layer layer, long sequenceNumber, int entry) {
    PacketCache cache = layer.cache();
    if (codec(cache.codec(entry)) == null) {
      counters.count(EgressVerdict.PAUSED);
      return;
    }
    if (kind == MediaKind.VIDEO && !cache.keyFrameStart(entry)) {
      // Asked for again if the last one came while the output was closed.
      wantKeyFrame(layer);
      counters.count(EgressVerdict.AWAITING_KEYFRAME);
      return;
    }
    forward(layer);
    startsWaiting++;
    if (kind == MediaKind.AUDIO) {
      beginSound(layer, sequenceNumber, entry);
    } else {
      long omitted = Omitted.NOTHING;
      if (filter != null) {
        filter.start();
        filter(filter, cache, sequenceNumber, entry, true);
        omitted = filter.omitted();
      }
      output.enqueue(layer, sequenceNumber, entry, omitted, SlotOutput.NEW_SPLICE);
      if (forwarded == layer) {
        catchUp(layer, sequenceNumber + 1, layer.highestNumber());
      }
    }
  }

  /// Somebody who has just begun to speak was given this slot because of that: their first word is
  /// in the cache.
  private void beginSound(Layer layer, long sequenceNumber, int entry) {
    long first = layer.sound().talkspurtStart(sequenceNumber, MOST_FIRST_WORD);
    int firstEntry = layer.cache().find(first);
    if (first < sequenceNumber && firstEntry != PacketCache.NOT_FOUND) {
      enqueueSound(layer, first, firstEntry, SlotOutput.NEW_SPLICE | SlotOutput.UNCOUNTED);
      catchUp(layer, first + 1, sequenceNumber - 1);
      enqueueSound(layer, sequenceNumber, entry, 0);
    } else {
      enqueueSound(layer, sequenceNumber, entry, SlotOutput.NEW_SPLICE);
    }
  }

  private void enqueueSound(Layer layer, long sequenceNumber, int entry, int flags) {
    long omittedBefore = layer.sound().omittedBefore(sequenceNumber);
    output.enqueue(layer, sequenceNumber, entry, omittedBefore, flags);
  }

  /// A key frame whose first packet came late: what followed is in the cache, and had its verdict.
  /// A packet still missing among it has its number kept free.
  private void catchUp(Layer layer, long from, long to) {
    for (long number = from; number <= to; number++) {
      int entry = layer.cache().find(number);
      if (entry != PacketCache.NOT_FOUND) {
        offer(layer, number, entry, SlotOutput.UNCOUNTED);
      }
    }
  }

  private void retarget() {
    if (bound == null || starved || direct) {
      return;
    }
    if (!directed) {
      aim(smallestFirst ? bound.smallestLayer() : bound.layerFor(maxHeight));
      quality = target == null ? FrameLayers.EVERYTHING : target.targetFor(maxHeight);
      thin();
    } else if (target == null || target.isStalled()) {
      int height = target == null ? maxHeight : Math.min(maxHeight, target.height());
      aim(smallestFirst && target == null ? bound.smallestLayer() : bound.layerFor(height));
      quality = FrameLayers.EVERYTHING;
      thin();
    }
  }

  /// What goes out is to be as much of its stream as it is meant to carry; of a stream that is to
  /// be left for one with a smaller picture, as little as there is.
  private void thin() {
    Layer layer = forwarded;
    int most = FrameLayers.EVERYTHING;
    if (layer != null && layer == target) {
      most = quality;
    } else if (layer != null && isLeaving(layer)) {
      most = FrameLayers.target(0, 0);
    }
    if (layer != null) {
      most = Math.min(most, FrameLayers.target(mostSpatial(), FrameLayers.temporal(most)));
    }
    if (filter == null && most != FrameLayers.EVERYTHING) {
      filter = new LayerFilter();
    }
    if (filter != null && filter.want(most) && layer != null && filter.needsKeyFrame()) {
      wantKeyFrame(layer);
    }
  }

  private void aim(@Nullable Layer next) {
    if (next == target) {
      return;
    }
    target = next;
    standIn = null;
    if (next != null && next != forwarded) {
      await(next);
    }
  }

  /// A layer that its publisher does not send at present comes a moment later; a viewer who sees
  /// nothing of the track yet is not left waiting for it.
  private void await(Layer next) {
    wantKeyFrame(next);
    standIn =
        next.isAbsent() && !isOf(forwarded, next.track()) ? next.track().smallestLayer() : null;
    if (standIn != null) {
      wantKeyFrame(standIn);
    }
  }

  /// What goes out cannot go on without a key frame; if it is not what is bound, only that one's
  /// counts.
  private void stop() {
    forward(null);
    if (target != null) {
      await(target);
    }
  }

  private void forward(@Nullable Layer next) {
    Layer before = forwarded;
    forwarded = next;
    if (next != null) {
      standIn = null;
      thin();
    }
    if (before != null) {
      letGo(before.track());
    }
  }

  /// Takes itself off the list of a track that it neither carries nor shall carry.
  private void letGo(Track track) {
    if (track != bound && !isOf(forwarded, track)) {
      track.detach(this);
    }
  }

  /// Not before the viewer can be sent one: encoders would ignore the request that matters.
  private void wantKeyFrame(Layer layer) {
    if (kind == MediaKind.VIDEO && output.isOpen()) {
      layer.keyFrames().want();
      output.onKeyFrameWanted();
    }
  }

  private @Nullable Codec find(Codec published) {
    for (Codec codec : codecs) {
      if (codec.matches(published)) {
        return codec;
      }
    }
    return null;
  }

  private static boolean isOf(@Nullable Layer layer, Track track) {
    return layer != null && layer.track() == track;
  }
}
