package org.plenum.bench.client;

import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.srtp.SrtpSender;

/// A track that a load client publishes: when its frames are due and how large they are. Owned by
/// the loop, but for [#arrived].
public final class MediaSource {
  /// RTP bytes of a full packet, SRTP tag not included.
  static final int PACKET_BYTES = 1200;

  private static final int FIRST_SSRC = 0x1000_0000;

  /// Of an ordinary frame's size.
  private static final int KEY_FRAME_SIZE = 4;

  /// A window that saw nothing arrive for so long takes what is missing for lost.
  private static final long STALL_NANOS = 200_000_000;

  final int id;
  final boolean video;
  final int ssrc;
  final int rtxSsrc;
  final byte[] mid;
  final SentPackets sent = new SentPackets();
  final AtomicLong arrived = new AtomicLong();
  final int viewers;
  private final Presence presence;
  private final Audience audience;
  SrtpSender.@Nullable Stream media;
  SrtpSender.@Nullable Stream rtx;
  long nextNanos;
  boolean keyFrameWanted;
  boolean midNeeded = true;
  long number;
  long rtxNumber;
  long counter;
  int frame;
  int pictureId;
  int tl0PicIdx;
  long octets;
  long measuredExpected;
  long keyFrames;
  long retransmitted;
  long nacksUnanswered;

  private final ClientOptions options;
  private final int firstTimestamp;
  private final long intervalNanos;
  private final Random random;
  private long creditBytes;
  private long expected;
  private long arrivedBefore;
  private long progressNanos;
  private int level = 30;

  /// @param id numbers it, and its SSRCs
  /// @param viewers how many slots carry it once all are there
  /// @param presence when its client counts
  /// @param audience who else receives in the room
  MediaSource(
      int id,
      boolean video,
      byte[] mid,
      int viewers,
      Presence presence,
      Audience audience,
      ClientOptions options) {
    this.id = id;
    this.video = video;
    this.ssrc = FIRST_SSRC + 2 * id;
    this.rtxSsrc = video ? ssrc + 1 : 0;
    this.mid = mid.clone();
    this.viewers = viewers;
    this.presence = presence;
    this.audience = audience;
    this.options = options;
    this.random = new Random(id);
    this.number = random.nextInt(1, 1 << 15);
    this.rtxNumber = random.nextInt(1, 1 << 15);
    this.firstTimestamp = random.nextInt();
    this.pictureId = random.nextInt(1 << 15);
    this.tl0PicIdx = random.nextInt(256);
    this.intervalNanos =
        video ? 1_000_000_000L / options.framesPerSecond() : ClientOptions.AUDIO_INTERVAL_NANOS;
    this.keyFrameWanted = video;
  }

  public int ssrc() {
    return ssrc;
  }

  /// 0 without retransmissions.
  public int rtxSsrc() {
    return rtxSsrc;
  }

  public boolean isVideo() {
    return video;
  }

  /// Of a video source.
  VideoShape shape() {
    return options.shape();
  }

  /// When its next frame is due.
  public long nextNanos() {
    return nextNanos;
  }

  /// Sets the next frame's time; a source that fell behind by more than a frame skips frames
  /// instead of sending them in a heap.
  public void advance(long nowNanos) {
    nextNanos += intervalNanos;
    while (nextNanos + intervalNanos - nowNanos < 0) {
      nextNanos += intervalNanos;
    }
  }

  /// A packet of this source came to a viewer. Any thread.
  void onArrived() {
    if (options.window() > 0) {
      arrived.incrementAndGet();
    }
  }

  /// Begins at a random point of the interval, so that sources do not beat in step.
  void start(long nowNanos) {
    nextNanos = nowNanos + (long) (random.nextDouble() * intervalNanos);
    progressNanos = nowNanos;
  }

  /// Whether the window of a source that sends without a rate has room for a frame.
  public boolean hasRoom(long nowNanos) {
    long there = arrived.get();
    if (there != arrivedBefore) {
      arrivedBefore = there;
      progressNanos = nowNanos;
    } else if (nowNanos - progressNanos > STALL_NANOS) {
      expected = there;
      progressNanos = nowNanos;
    }
    return expected - there <= (long) (options.window() - 1) * packetsOfAFrame() * viewers;
  }

  /// Whether what is sent at this time counts.
  boolean counts(long nowNanos) {
    return presence.includes(nowNanos);
  }

  /// How many should get what is sent at this time.
  int receiversAt(long nowNanos) {
    return audience.othersAt(nowNanos, presence);
  }

  void onSent(int packets) {
    expected += (long) packets * viewers;
  }

  private long packetsOfAFrame() {
    return Math.max(1, options.videoBps() / 8 / options.framesPerSecond() / PACKET_BYTES);
  }

  /// Packets of the next frame: whole ones, so many that the rate is met over time.
  int takePackets() {
    if (!video) {
      return 1;
    }
    long frameBytes = options.videoBps() / 8 / options.framesPerSecond();
    if (keyFrameWanted) {
      return (int) Math.max(1, frameBytes * KEY_FRAME_SIZE / PACKET_BYTES);
    }
    creditBytes += frameBytes;
    int packets = (int) Math.max(1, creditBytes / PACKET_BYTES);
    creditBytes -= (long) packets * PACKET_BYTES;
    return packets;
  }

  int timestamp(long nowNanos) {
    return firstTimestamp + (int) (nowNanos / 1000 * (video ? 90 : 48) / 1000);
  }

  /// The next audio level in -dBov, a random walk between speech and a pause.
  int takeLevel() {
    level = Math.clamp(level + random.nextInt(-3, 4), 10, 80);
    return level;
  }
}
