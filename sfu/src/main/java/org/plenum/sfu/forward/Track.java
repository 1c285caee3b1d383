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
  private final TrackId id;
  private final ParticipantId publisher;
  private final Mid mid;
  private final TrackSource source;
  private final PublisherClock clock;
  private final KeyFrameRequests keyFrames = new KeyFrameRequests();
  private final List<Slot> slots = new ArrayList<>();
  private List<Codec> codecs;
  private @Nullable Layer layer;
  private boolean muted;
  private int audioLevel = 127;

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
    return new TrackInfo(id, source, muted);
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

  /// The latest level its publisher reported, in -dBov: 0 is loudest, 127 silence (RFC 6464).
  public int audioLevel() {
    return audioLevel;
  }

  public void audioLevel(int level) {
    audioLevel = level;
  }

  public KeyFrameRequests keyFrames() {
    return keyFrames;
  }

  /// What arrives now; null until the first packet.
  public @Nullable Layer layer() {
    return layer;
  }

  /// The publisher began a (new) SSRC; slots wait for its first key frame.
  public void replaceLayer(Layer fresh) {
    Layer old = layer;
    layer = fresh;
    for (int i = 0; i < slots.size(); i++) {
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
    // Backwards: a slot whose gate opens takes itself off its former track's list, never off this
    // one.
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
