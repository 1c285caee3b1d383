package org.plenum.sfu.forward;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Codec;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.Rid;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackInfo;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.receive.PacketCache;
import org.plenum.sfu.speaker.SoundGate;
import org.plenum.sfu.speaker.Speech;

/// A published track: its layers, and the sinks that get its packets. Owned by the worker's thread.
public final class Track {
  private final TrackId id;
  private final ParticipantId publisher;
  private final Mid mid;
  private final TrackSource source;
  private final PublisherClock clock;
  private final Layers layers = new Layers();
  private final LayerSwitch layerSwitch = new LayerSwitch(layers);
  private final LayerCeilings ceilings = new LayerCeilings(layers);
  private final RelayedLayers relayed = new RelayedLayers(layers);
  private final List<TrackSink> sinks = new ArrayList<>();
  private List<Codec> codecs;
  private @Nullable Codec active;
  private boolean codecChanged;
  private boolean muted;
  private boolean silenced;
  private final Speech speech = new Speech();
  private final SoundGate soundGate = new SoundGate(speech);

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

  /// The codec whose redundant form (RFC 2198) has this payload type, or null.
  public @Nullable Codec codecOfRed(int redPayloadType) {
    for (int i = 0; i < codecs.size(); i++) {
      if (codecs.get(i).redPayloadType() == redPayloadType) {
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

  /// How much speech there is in it, by the levels of its packets (RFC 6464).
  public Speech speech() {
    return speech;
  }

  /// Whether what comes of it is worth sending; of anything but a microphone, all is.
  public SoundGate soundGate() {
    return soundGate;
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

  /// Those encodings.
  public List<Rid> rids() {
    return layers.rids();
  }

  /// Whether its publisher may send this encoding.
  public boolean accepts(@Nullable Rid rid) {
    return layers.accepts(rid);
  }

  /// Whether a new layer may be made for this SSRC. Not for one that was replaced before (a late
  /// packet, or two senders at once), nor beyond a bound.
  public boolean acceptsLayer(int ssrc) {
    return layers.acceptsSsrc(ssrc);
  }

  /// The publisher began an SSRC that [#acceptsLayer]; it takes the place of the layer of the same
  /// encoding, if there is one.
  public void addLayer(Layer fresh) {
    Layer old = layers.add(fresh);
    if (old != null) {
      remove(old);
    }
    retarget();
  }

  /// A new packet, just entered into the layer's cache: hands it to every sink.
  ///
  /// @param height of the picture in pixels, if a key frame begins here that says so; else 0
  public void onPacket(Layer from, long sequenceNumber, int entry, int height, long nowNanos) {
    PacketCache cache = from.cache();
    int payloadBytes = cache.payloadLength(entry);
    boolean changed = layers.onArrival(from, cache.timestamp(entry), payloadBytes, nowNanos);
    boolean isKey = cache.keyFrameStart(entry);
    from.measure(cache.length(entry), cache.timestamp(entry), cache.layers(entry), isKey, nowNanos);
    changed |= isKey && height > 0 && from.noteHeight(height);
    if (changed) {
      layers.sort();
      retarget();
    }
    if (isKey) {
      from.keyFrames().arrived(); // after the slots that took it for their target asked for it
    }
    // Backwards: a sink that waits for another track may take itself off this list.
    for (int i = sinks.size() - 1; i >= 0; i--) {
      sinks.get(i).onPacket(from, sequenceNumber, entry);
    }
  }

  /// The layer for a viewer whose picture is this high: the largest that is not higher, else
  /// the smallest; one that its publisher stopped sending only if there is no other. Null until the
  /// first packet.
  @Nullable Layer layerFor(int maxHeight) {
    return layers.choose(maxHeight);
  }

  /// The layer of the smallest picture that its publisher sends now; null until the first packet.
  public @Nullable Layer smallestLayer() {
    return layers.smallest();
  }

  /// Whether a layer's picture is larger than another's.
  boolean isAbove(Layer layer, Layer other) {
    return layers.isAbove(layer, other);
  }

  /// Whether some sink needs this layer.
  public boolean isWanted(Layer layer) {
    for (int i = 0; i < sinks.size(); i++) {
      if (sinks.get(i).wants(layer)) {
        return true;
      }
    }
    return false;
  }

  /// Finds out which of its layers some sink needs, switches the others off after a while, and
  /// limits one that nobody has the bandwidth for.
  ///
  /// @return what the publisher's client is to be told, if it was told otherwise; else null
  public RoomEvent.@Nullable LayersWanted reviewLayers(long nowNanos) {
    boolean switched = layerSwitch.review(this::isWanted, nowNanos);
    boolean limited = ceilings.review(this::mostRoomFor, switched, nowNanos);
    return switched || limited
        ? new RoomEvent.LayersWanted(mid, layerSwitch.tell(), ceilings.present())
        : null;
  }

  /// Notes what is said of a layer where it is relayed from.
  ///
  /// @param height of its picture in pixels; 0 while unknown
  /// @param bps what it takes there, bit/s
  /// @param isStalled whether its publisher stopped it by itself
  public void announce(Layer layer, int height, long bps, boolean isStalled) {
    if (layer.announced(height, bps, isStalled)) {
      layers.sort();
      retarget();
    }
  }

  /// A layer is not relayed to here any more.
  public void removeLayer(Layer gone) {
    layers.remove(gone);
    remove(gone);
    retarget();
  }

  /// Finds out which of its layers are to be relayed to here, and how much of them anybody has room
  /// for.
  ///
  /// @param isHeard whether its sound is to come whoever listens
  /// @return whether that is otherwise than before
  public boolean reviewRelayed(boolean isHeard, long nowNanos) {
    boolean switched = relayed.review(layer -> isHeard || isWanted(layer), nowNanos);
    boolean limited = ceilings.review(this::mostRoomFor, switched, nowNanos);
    return switched || limited;
  }

  /// All of its layers were needed until now.
  public void needed(long nowNanos) {
    for (Layer layer : layers.bestFirst()) {
      layer.needed(nowNanos);
    }
  }

  private long mostRoomFor(Layer layer) {
    long most = 0;
    for (int i = 0; i < sinks.size(); i++) {
      most = Math.max(most, sinks.get(i).roomFor(layer));
    }
    return most;
  }

  /// The publisher's client may have missed what it was told: the next review says it again.
  public void repeatLayers() {
    layerSwitch.repeat();
  }

  /// Those who get its packets.
  public List<TrackSink> sinks() {
    return sinks;
  }

  /// From now on the sink gets this track's packets; no effect if it does already.
  public void attach(TrackSink sink) {
    if (!sinks.contains(sink)) {
      sinks.add(sink);
    }
  }

  /// The sink gets no more packets.
  public void detach(TrackSink sink) {
    sinks.remove(sink);
  }

  /// Ends the track: every sink lets go of it, the caches are freed.
  public void end() {
    for (TrackSink sink : List.copyOf(sinks)) {
      sink.onTrackEnded(this);
    }
    sinks.clear();
    layers.close();
  }

  private void remove(Layer gone) {
    // Backwards: a sink may take itself off the list.
    for (int i = sinks.size() - 1; i >= 0; i--) {
      sinks.get(i).onLayerGone(gone);
    }
    gone.close();
  }

  private void retarget() {
    for (int i = sinks.size() - 1; i >= 0; i--) {
      sinks.get(i).onLayersChanged(this);
    }
  }
}
