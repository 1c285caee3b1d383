package org.plenum.sfu.forward;

import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Rid;
import org.plenum.sfu.receive.ByteRate;
import org.plenum.sfu.receive.FrameLayers;
import org.plenum.sfu.receive.InsertedNumbers;
import org.plenum.sfu.receive.LayerReader;
import org.plenum.sfu.receive.NackGenerator;
import org.plenum.sfu.receive.PacketCache;
import org.plenum.sfu.receive.ParameterSets;
import org.plenum.sfu.receive.PeakRate;
import org.plenum.sfu.receive.ReceiveStream;

/// One encoding of a track as its publisher sends it under one SSRC. Without simulcast a track has
/// one layer at a time; when a publisher changes the SSRC, a new layer takes the old one's place.
/// Owned by the worker's thread.
public final class Layer implements AutoCloseable {
  /// Of RTP and SRTP, on top of a packet's extensions and payload.
  private static final int HEADER_BYTES = 30;

  /// Roughly how many ordinary frames a key frame is as large as. It is measured as one, because
  /// it is rare, and often comes only because somebody begins to be sent this layer.
  private static final int KEY_FRAME_SIZE = 4;

  /// A publisher that was told to send it again, and does not within this time, cannot: its encoder
  /// or its network does not reach that far.
  private static final long RETURN_NANOS = 2_000_000_000L;

  /// For this long after it is back, what came in the last second tells less than what came
  /// before.
  private static final long RATE_NANOS = 1_000_000_000L;

  private final Track track;
  private final @Nullable Rid rid;
  private final ReceiveStream stream;
  private final NackGenerator nacks = new NackGenerator();
  private final KeyFrameRequests keyFrames = new KeyFrameRequests();
  private final PacketCache cache;
  private final SoundRuns sound = new SoundRuns();
  private final ByteRate rate = new ByteRate();

  /// Of the bytes of a second.
  private final PeakRate peak = new PeakRate();

  private final boolean nackNegotiated;
  private boolean hadKeyFrame;
  private int keyFrameTimestamp;
  private boolean parameterSetsInBand;
  private int height;
  private long bytes;
  private long frames;
  private long recovered;
  private long probes;
  private final Rhythm rhythm = new Rhythm();
  private final InsertedNumbers numbers = new InsertedNumbers();
  private final ParameterSets parameterSets = new ParameterSets();
  private final LayerReader reader = new LayerReader();
  private final Ceiling ceiling = new Ceiling();

  /// What comes of the layers within it; null while it seems to have none.
  private @Nullable Targets targets;

  private boolean stalled;

  /// Whether its publisher was told not to send it.
  private boolean off;

  /// Since when it is awaited, after its publisher was told to send it again; else NEVER.
  private long awaitedNanos = NanoTime.NEVER;

  private long returnedNanos = NanoTime.NEVER;
  private long rateBeforeBps;
  private long neededNanos = NanoTime.NEVER;

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

  /// Which of its packets are worth hearing; of video, all are.
  public SoundRuns sound() {
    return sound;
  }

  /// Notes what a packet will take on the way to a viewer.
  void measure(
      int lengthBytes, int timestamp, long layers, boolean isKeyFrameStart, long nowNanos) {
    if (isKeyFrameStart && track.source().kind() == MediaKind.VIDEO) {
      hadKeyFrame = true;
      keyFrameTimestamp = timestamp;
    }
    boolean isKey = hadKeyFrame && timestamp == keyFrameTimestamp;
    int bytes = lengthBytes + HEADER_BYTES;
    int counted = isKey ? bytes / KEY_FRAME_SIZE : bytes;
    rate.add(counted, nowNanos);
    peak.note(rate.bytes(nowNanos), nowNanos);
    if (layers != FrameLayers.NONE && track.source().kind() == MediaKind.VIDEO) {
      if (targets == null) {
        targets = new Targets();
      }
      targets.onPacket(layers, counted, timestamp, nowNanos);
    }
  }

  /// Reads what its packets say of layers within it.
  public LayerReader reader() {
    return reader;
  }

  /// What comes of the layers within it; null while it seems to have none.
  public @Nullable Targets targets() {
    return isAbsent() ? null : targets;
  }

  /// What its packets take on the way to a viewer, UDP and IP not included, and each key frame
  /// taken for an ordinary one.
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

  /// What [#rate] says, bit/s; while it is switched off, and until it has been back for a second,
  /// what it was before (no more than its ceiling).
  public long expectedBps(long nowNanos) {
    long beforeBps = Math.min(rateBeforeBps, ceiling.bps());
    if (isAbsent()) {
      return beforeBps;
    }
    long presentBps = rate.bitsPerSecond(nowNanos);
    return returnedNanos != NanoTime.NEVER && nowNanos - returnedNanos < RATE_NANOS
        ? Math.max(presentBps, beforeBps)
        : presentBps;
  }

  /// What it takes when its picture moves: the most that [#expectedBps] said in the last seconds.
  public long peakBps(long nowNanos) {
    long highest = Math.min(8 * peak.most(nowNanos), ceiling.bps());
    return Math.max(expectedBps(nowNanos), highest);
  }

  /// The least that it could be switched on with: its publisher can be told at the same time to
  /// encode no more.
  ///
  /// @param smallerBps what the next smaller layer takes
  public long leastBps(long smallerBps, long nowNanos) {
    long wholeBps = peakBps(nowNanos);
    return Math.min(wholeBps, (long) Ceiling.leastToBegin(wholeBps, smallerBps));
  }

  /// How much of it its publisher is to encode.
  Ceiling ceiling() {
    return ceiling;
  }

  /// How much of it its publisher was told to encode at the most, bit/s; `Long.MAX_VALUE` if it was
  /// not.
  public long ceilingBps() {
    return ceiling.bps();
  }

  /// Meaningful only if [#nackNegotiated].
  public NackGenerator nacks() {
    return nacks;
  }

  /// What a target within it ([FrameLayers]) is expected to take, bit/s.
  public long expectedBps(int target, long nowNanos) {
    long wholeBps = expectedBps(nowNanos);
    if (targets == null || target == FrameLayers.EVERYTHING) {
      return wholeBps;
    }
    long presentBps = Math.max(1, targets.bitsPerSecond(FrameLayers.EVERYTHING, nowNanos));
    return wholeBps * Math.min(targets.bitsPerSecond(target, nowNanos), presentBps) / presentBps;
  }

  /// The same when its picture moves, as [#peakBps(long)].
  public long peakBps(int target, long nowNanos) {
    long wholeBps = Math.max(1, expectedBps(nowNanos));
    return (long) ((double) expectedBps(target, nowNanos) * peakBps(nowNanos) / wholeBps);
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

  /// Height of the picture of a target within it ([FrameLayers]) in pixels; 0 while unknown. Where
  /// the stream does not say, each spatial layer is taken for half as high as the next.
  public int height(int target) {
    int top = targets == null ? 0 : targets.highestSpatial();
    int spatial = FrameLayers.spatial(target);
    if (spatial >= top) {
      return height;
    }
    int told = reader.height(spatial);
    return told > 0 ? told : height >> top - spatial;
  }

  /// The target of the largest picture that is not higher than this many pixels; else of the
  /// smallest.
  int targetFor(int maxHeight) {
    int top = targets == null ? 0 : targets.highestSpatial();
    if (top == 0 || height <= maxHeight) {
      return FrameLayers.EVERYTHING;
    }
    int spatial = top - 1;
    while (spatial > 0 && height(FrameLayers.target(spatial, 0)) > maxHeight) {
      spatial--;
    }
    return FrameLayers.target(spatial, FrameLayers.MOST_TEMPORAL);
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
  boolean noteHeight(int pixels) {
    boolean changed = pixels != height;
    height = pixels;
    return changed;
  }

  /// Payload bytes that arrived.
  public long bytes() {
    return bytes;
  }

  /// Frames of which a packet arrived.
  public long frames() {
    return frames;
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
    if (awaitedNanos != NanoTime.NEVER) {
      awaitedNanos = NanoTime.NEVER;
      returnedNanos = nowNanos;
      keyFrames.resume();
    }
    boolean isFrame = rhythm.onPacket(timestamp, nowNanos);
    frames += isFrame ? 1 : 0;
    return isFrame;
  }

  /// How regularly its frames come.
  Rhythm rhythm() {
    return rhythm;
  }

  /// Whether its publisher seems to have stopped sending it, while others of the track go on.
  public boolean isStalled() {
    return stalled;
  }

  /// Its publisher stopped sending it, or sends it again. Meanwhile it is asked for nothing.
  void stalled(boolean is) {
    stalled = is;
    if (is) {
      awaitedNanos = NanoTime.NEVER;
      keyFrames.suspend();
    } else if (!off) {
      keyFrames.resume();
    }
  }

  /// Whether it does not come because its publisher was told so, or was told to send it again
  /// only now. It may be chosen all the same: whoever chooses it gets it a moment later.
  public boolean isAbsent() {
    return off || isAwaited();
  }

  /// Whether its publisher was told to send it again, and nothing came yet.
  boolean isAwaited() {
    return awaitedNanos != NanoTime.NEVER;
  }

  /// Whether its publisher was told not to send it.
  public boolean isOff() {
    return off;
  }

  /// Whether its publisher was told to send it again, and has had the time to.
  boolean isOverdue(long nowNanos) {
    return awaitedNanos != NanoTime.NEVER && nowNanos - awaitedNanos > RETURN_NANOS;
  }

  /// When somebody needed it last; NEVER before the first look.
  long neededNanos() {
    return neededNanos;
  }

  /// Somebody needs it.
  void needed(long nowNanos) {
    neededNanos = nowNanos;
  }

  /// Its publisher is told not to send it. Until it is back it is asked for nothing: encoders begin
  /// with a key frame by themselves.
  void switchOff(long nowNanos) {
    rateBeforeBps = peakBps(nowNanos);
    off = true;
    keyFrames.suspend();
  }

  /// Its publisher is told to send it again.
  void switchOn(long nowNanos) {
    off = false;
    awaitedNanos = nowNanos;
  }

  /// Its packets are relayed to here, and none come before somebody here needs it.
  public void relayed() {
    off = true;
    keyFrames.suspend();
  }

  /// What is said of it where it comes from, for as long as it does not come here.
  ///
  /// @param pixels height of its picture; 0 while unknown
  /// @param bps what it takes there, bit/s
  /// @param isStalled whether its publisher stopped it by itself
  /// @return whether it may be another choice than before
  boolean announced(int pixels, long bps, boolean isStalled) {
    boolean changed = isStalled != stalled && (isStalled || isAbsent());
    if (isAbsent()) {
      rateBeforeBps = bps;
    }
    if (changed) {
      stalled(isStalled);
    }
    return pixels > 0 && noteHeight(pixels) || changed;
  }

  @Override
  public void close() {
    cache.close();
  }
}
