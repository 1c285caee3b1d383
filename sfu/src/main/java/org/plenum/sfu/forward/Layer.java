package org.plenum.sfu.forward;

import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Rid;
import org.plenum.sfu.receive.ByteRate;
import org.plenum.sfu.receive.InsertedNumbers;
import org.plenum.sfu.receive.NackGenerator;
import org.plenum.sfu.receive.PacketCache;
import org.plenum.sfu.receive.ParameterSets;
import org.plenum.sfu.receive.ReceiveStream;

/// One encoding of a track as its publisher sends it under one SSRC. Without simulcast a track has
/// one layer at a time; when a publisher changes the SSRC, a new layer takes the old one's place.
/// Owned by the worker's thread.
public final class Layer implements AutoCloseable {
  /// Of RTP and SRTP, on top of a packet's extensions and payload.
  static final int HEADER_BYTES = 30;

  private final Track track;
  private final @Nullable Rid rid;
  private final ReceiveStream stream;
  private final NackGenerator nacks = new NackGenerator();
  private final KeyFrameRequests keyFrames = new KeyFrameRequests();
  private final PacketCache cache;
  private final ByteRate rate = new ByteRate();
  private final boolean nackNegotiated;
  private boolean parameterSetsInBand;
  private int height;
  private long bytes;
  private long recovered;
  private long probes;
  private final Rhythm rhythm = new Rhythm();
  private final InsertedNumbers numbers = new InsertedNumbers();
  private final ParameterSets parameterSets = new ParameterSets();

  /// @param rid which of the track's encodings, null without simulcast
  public Layer(
      Track track,
      @Nullable Rid rid,
      ReceiveStream stream,
      PacketCache cache,
      boolean nackNegotiated) {
    this.track = track;
    this.rid = rid;
    this.stream = stream;
    this.cache = cache;
    this.nackNegotiated = nackNegotiated;
  }

  public Track track() {
    return track;
  }

  public @Nullable Rid rid() {
    return rid;
  }

  public ReceiveStream stream() {
    return stream;
  }

  public PacketCache cache() {
    return cache;
  }

  /// What its packets take on the way to a viewer, UDP and IP not included.
  public ByteRate rate() {
    return rate;
  }

  /// Its numbers, by which packets are in the cache and go to slots.
  public InsertedNumbers numbers() {
    return numbers;
  }

  /// The highest of those numbers that arrived.
  long highestNumber() {
    return numbers.of(stream.highestSequenceNumber());
  }

  /// H264 and H265: what a decoder needs before a key frame.
  public ParameterSets parameterSets() {
    return parameterSets;
  }

  /// Meaningful only if [#nackNegotiated].
  public NackGenerator nacks() {
    return nacks;
  }

  public boolean nackNegotiated() {
    return nackNegotiated;
  }

  public KeyFrameRequests keyFrames() {
    return keyFrames;
  }

  /// Height of the picture in pixels by its latest key frame; 0 while unknown.
  public int height() {
    return height;
  }

  /// Where a decoder can start: at parameter sets if the stream carries them; if it never did, they
  /// came by signaling (sprop-parameter-sets), and at each IDR picture.
  public boolean startsAtIdr() {
    return !parameterSetsInBand;
  }

  /// The stream carries parameter sets.
  public void onParameterSets() {
    parameterSetsInBand = true;
  }

  /// @return whether it has changed
  boolean height(int pixels) {
    boolean changed = pixels != height;
    height = pixels;
    return changed;
  }

  /// Payload bytes that arrived.
  public long bytes() {
    return bytes;
  }

  /// Packets that came by RTX only.
  public long recovered() {
    return recovered;
  }

  /// Packets that came by RTX and brought nothing new: padding, or what was there already.
  public long probes() {
    return probes;
  }

  /// A packet of RTX brought nothing new.
  public void onProbe() {
    probes++;
  }

  /// A missing packet came by RTX.
  public void onRecovered() {
    recovered++;
  }

  /// Notes that a packet came.
  ///
  /// @param timestamp its own, of the layer's clock
  /// @param payloadBytes its length
  /// @return whether a frame began with it
  boolean onArrival(int timestamp, int payloadBytes, long nowNanos) {
    bytes += payloadBytes;
    return rhythm.onPacket(timestamp, nowNanos);
  }

  /// How regularly its frames come.
  Rhythm rhythm() {
    return rhythm;
  }

  /// Whether its publisher seems to have stopped sending it, while others of the track go on.
  public boolean isStalled() {
    return keyFrames.isSuspended();
  }

  /// Its publisher stopped sending it, or sends it again. Meanwhile it is asked for nothing.
  void stalled(boolean is) {
    if (is) {
      keyFrames.suspend();
    } else {
      keyFrames.resume();
    }
  }

  @Override
  public void close() {
    cache.close();
  }
}
