package org.plenum.sfu.forward;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Codec;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackInfo;
import org.plenum.sfu.TrackSource;

/// A published track: its layer and the slots it is bound to. Owned by the worker's thread.
public final class Track {
  private static final int SILENCE = 127;

  /// SSRCs that a publisher may use for one track, one after the other; each costs a cache.
  static final int MOST_LAYERS = 32;

  private final TrackId id;
  private final ParticipantId publisher;
  private final Mid mid;
  private final TrackSource source;
  private final PublisherClock clock;
  private final KeyFrameRequests keyFrames = new KeyFrameRequests();
  private final List<Slot> slots = new ArrayList<>();
  private List<Codec> codecs;
  private final int[] formerSsrcs = new int[MOST_LAYERS];
  private int formerCount;
  private @Nullable Layer layer;
  private boolean muted;
  private boolean silenced;
  private int audioLevel = SILENCE;

  public Track(
      TrackId id,
      ParticipantId publisher,
      Mid mid,
      TrackSource source,
      List<Codec> codecs,
      PublisherClock clock) {
    this.id = id;
    this.publisher = publisher;
    this.mid = mid;
    this.source = source;
    this.codecs = codecs;
    this.clock = clock;
  }

  public TrackId id() {
    return id;
  }

  public ParticipantId publisher() {
    return publisher;
  }

  /// The publisher's media section.
  public Mid mid() {
    return mid;
  }

  public TrackSource source() {
    return source;
  }

  public PublisherClock clock() {
    return clock;
  }

  public TrackInfo info() {
    return new TrackInfo(id, source, muted || silenced);
  }

  /// What the publisher may send, by its own payload types.
  public List<Codec> codecs() {
    return codecs;
  }

  public void codecs(List<Codec> renegotiated) {
    codecs = renegotiated;
  }

  /// The codec behind one of the publisher's payload types, or null.
  public @Nullable Codec codec(int payloadType) {
    for (int i = 0; i < codecs.size(); i++) {
      if (codecs.get(i).payloadType() == payloadType) {
        return codecs.get(i);
      }
    }
    return null;
  }

  /// The codec whose retransmissions have this payload type, or null.
  public @Nullable Codec codecOfRtx(int rtxPayloadType) {
    for (int i = 0; i < codecs.size(); i++) {
      if (codecs.get(i).rtxPayloadType() == rtxPayloadType) {
        return codecs.get(i);
      }
    }
    return null;
  }

  public boolean muted() {
    return muted;
  }

  public void muted(boolean value) {
    muted = value;
  }

  /// Whether a moderator muted it.
  public boolean silenced() {
    return silenced;
  }

  public void silenced(boolean value) {
    silenced = value;
  }

  /// Notes the level of a packet, in -dBov: 0 is loudest, 127 silence (RFC 6464).
  public void onAudioLevel(int level) {
    audioLevel = Math.min(audioLevel, level);
  }

  /// The loudest level since the last call; 127 if no packet came.
  public int takeAudioLevel() {
    int level = audioLevel;
    audioLevel = SILENCE;
    return level;
  }

  public KeyFrameRequests keyFrames() {
    return keyFrames;
  }

  /// What arrives now; null until the first packet.
  public @Nullable Layer layer() {
    return layer;
  }

  /// Whether a new layer may be made for this SSRC. Not for one that was replaced before (a late
  /// packet, or two senders at once), nor for ever more of them.
  public boolean acceptsLayer(int ssrc) {
    for (int i = 0; i < formerCount; i++) {
      if (formerSsrcs[i] == ssrc) {
        return false;
      }
    }
    return formerCount < MOST_LAYERS;
  }

  /// The publisher began a (new) SSRC that [#acceptsLayer]; slots wait for its first key frame.
  public void replaceLayer(Layer fresh) {
    Layer old = layer;
    if (old != null) {
      formerSsrcs[formerCount++] = old.stream().ssrc();
    }
    layer = fresh;
    // Backwards: a slot may take itself off the list.
    for (int i = slots.size() - 1; i >= 0; i--) {
      slots.get(i).onLayerReplaced(this);
    }
    if (old != null) {
      old.close();
    }
  }

  /// Offers a new packet, just entered into the layer's cache, to every slot.
  public void onPacket(Layer from, long sequenceNumber, int entry) {
    if (from.cache().keyFrameStart(entry)) {
      keyFrames.arrived();
    }
    // Backwards: a slot that waits for another track may take itself off this list.
    for (int i = slots.size() - 1; i >= 0; i--) {
      slots.get(i).offer(this, from, sequenceNumber, entry);
    }
  }

  /// The slots that this track is bound to or about to be.
  public List<Slot> slots() {
    return slots;
  }

  void attach(Slot slot) {
    if (!slots.contains(slot)) {
      slots.add(slot);
    }
  }

  void detach(Slot slot) {
    slots.remove(slot);
  }

  /// Ends the track: every slot lets go of it, the cache is freed.
  public void end() {
    for (Slot slot : List.copyOf(slots)) {
      slot.onTrackEnded(this);
    }
    slots.clear();
    if (layer != null) {
      layer.close();
      layer = null;
    }
  }
}
