package org.plenum.sfu.forward;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Codec;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.Rid;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackInfo;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.receive.PacketCache;

/// A published track: its layers and the slots it is bound to. Owned by the worker's thread.
public final class Track {
  private static final int SILENCE = 127;

  private final TrackId id;
  private final ParticipantId publisher;
  private final Mid mid;
  private final TrackSource source;
  private final PublisherClock clock;
  private final Layers layers = new Layers();
  private final List<Slot> slots = new ArrayList<>();
  private List<Codec> codecs;
  private @Nullable Codec active;
  private boolean codecChanged;
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

  /// What the publisher may send, by its own payload types; what it was asked to send first.
  public List<Codec> codecs() {
    return codecs;
  }

  public void codecs(List<Codec> renegotiated) {
    codecs = renegotiated;
  }

  /// What the publisher sends; until a packet came, what it was asked to send.
  public Codec activeCodec() {
    return active == null ? codecs.getFirst() : active;
  }

  /// Notes the codec of a packet.
  public void activeCodec(Codec codec) {
    if (codec != active) {
      codecChanged = true;
      active = codec;
    }
  }

  /// Whether the codec has changed since the last call.
  public boolean takeCodecChanged() {
    boolean result = codecChanged;
    codecChanged = false;
    return result;
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

  /// What arrives now, the layer of the largest picture first; empty until the first packet.
  public List<Layer> layers() {
    return layers.bestFirst();
  }

  /// The layer of an encoding, or null if none of its packets came yet.
  ///
  /// @param rid null without simulcast
  public @Nullable Layer layer(@Nullable Rid rid) {
    return layers.find(rid);
  }

  /// The encodings that the publisher may send, in the order of its offer; empty without simulcast.
  public void rids(List<Rid> offered) {
    layers.rids(offered);
    for (Layer gone : layers.takeUnlisted()) {
      remove(gone);
    }
    retarget();
  }

  /// Whether its publisher may send this encoding.
  public boolean accepts(@Nullable Rid rid) {
    return layers.accepts(rid);
  }

  /// Whether a new layer may be made for this SSRC. Not for one that was replaced before (a late
  /// packet, or two senders at once), nor for ever more of them.
  public boolean acceptsLayer(int ssrc) {
    return layers.acceptsSsrc(ssrc);
  }

  /// The publisher began an SSRC that [#acceptsLayer]; it takes the place of the layer of the same
  /// encoding, if there is one. Slots wait for its first key frame.
  public void addLayer(Layer fresh) {
    Layer old = layers.add(fresh);
    if (old != null) {
      remove(old);
    }
    retarget();
  }

  /// A new packet, just entered into the layer's cache: offers it to every slot.
  ///
  /// @param height of the picture in pixels, if a key frame begins here that says so; else 0
  public void onPacket(Layer from, long sequenceNumber, int entry, int height, long nowNanos) {
    PacketCache cache = from.cache();
    int payloadBytes = cache.payloadLength(entry);
    boolean changed = layers.onArrival(from, cache.timestamp(entry), payloadBytes, nowNanos);
    boolean isKey = cache.keyFrameStart(entry);
    changed |= isKey && height > 0 && from.height(height);
    if (changed) {
      layers.sort();
      retarget();
    }
    if (isKey) {
      from.keyFrames().arrived(); // after the slots that took it for their target asked for it
    }
    // Backwards: a slot that waits for another track may take itself off this list.
    for (int i = slots.size() - 1; i >= 0; i--) {
      slots.get(i).offer(from, sequenceNumber, entry);
    }
  }

  /// The layer for a viewer that shows the picture so high: the largest that is not higher, else
  /// the smallest; one that its publisher stopped sending only if there is no other. Null until the
  /// first packet.
  @Nullable Layer layerFor(int maxHeight) {
    return layers.choose(maxHeight);
  }

  /// Whether a layer's picture is larger than another's.
  boolean isAbove(Layer layer, Layer other) {
    return layers.isAbove(layer, other);
  }

  /// Whether some slot carries this layer, or waits for it.
  public boolean isWanted(Layer layer) {
    for (int i = 0; i < slots.size(); i++) {
      if (slots.get(i).wants(layer)) {
        return true;
      }
    }
    return false;
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

  /// Ends the track: every slot lets go of it, the caches are freed.
  public void end() {
    for (Slot slot : List.copyOf(slots)) {
      slot.onTrackEnded(this);
    }
    slots.clear();
    layers.close();
  }

  private void remove(Layer gone) {
    // Backwards: a slot may take itself off the list.
    for (int i = slots.size() - 1; i >= 0; i--) {
      slots.get(i).onLayerGone(gone);
    }
    gone.close();
  }

  private void retarget() {
    for (int i = slots.size() - 1; i >= 0; i--) {
      slots.get(i).onLayersChanged(this);
    }
  }
}
