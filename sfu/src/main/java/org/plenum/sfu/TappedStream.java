package org.plenum.sfu;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// One layer of a track as a [RoomTap] shows it. The room's worker says what it is like, the tap's
/// reader says what it needs; each field has one writer. Any thread.
public final class TappedStream {
  /// @param muted whether its publisher muted it: nothing comes, and nothing need be asked
  /// @param stalled whether its publisher stopped sending this layer while others go on
  /// @param height of the picture in pixels by its latest key frame; 0 while unknown, and of sound
  public record State(CodecName codec, boolean muted, boolean stalled, int height) {}

  /// A moment at which something was captured, by the publisher's sender reports (RFC 3550 §6.4.1).
  /// Streams of one publisher are related exactly; between publishers it lacks the shortest time
  /// that a report of each took to come here.
  ///
  /// @param timestamp of the layer, as its packets have it
  /// @param nanos our monotonic time
  public record Captured(int timestamp, long nanos) {}

  private final ParticipantId publisher;
  private final TrackId track;
  private final TrackSource source;
  private final @Nullable Rid rid;
  private final AtomicBoolean keyFrame = new AtomicBoolean();
  private final AtomicLong dropped = new AtomicLong();
  private volatile State state;
  private volatile @Nullable Captured captured;
  private volatile boolean wanted;

  /// @param rid which of the track's encodings, null without simulcast
  public TappedStream(
      ParticipantId publisher, TrackId track, TrackSource source, @Nullable Rid rid, State state) {
    this.publisher = publisher;
    this.track = track;
    this.source = source;
    this.rid = rid;
    this.state = state;
  }

  public ParticipantId publisher() {
    return publisher;
  }

  public TrackId track() {
    return track;
  }

  public TrackSource source() {
    return source;
  }

  public @Nullable Rid rid() {
    return rid;
  }

  public State state() {
    return state;
  }

  /// By the worker, if it is another than before.
  public void state(State present) {
    state = present;
  }

  /// By the latest sender report; null before the first.
  public @Nullable Captured captured() {
    return captured;
  }

  /// By the worker, after each sender report.
  public void captured(Captured latest) {
    captured = latest;
  }

  /// Whether its packets are to be handed over; losses of it are then mended, and the publisher
  /// goes on sending it, as for any viewer.
  public boolean isWanted() {
    return wanted;
  }

  /// By the reader.
  public void want(boolean yes) {
    wanted = yes;
  }

  /// By the reader: a decoder has to start anew. Asked for within 10 ms, and again until it comes.
  public void askKeyFrame() {
    keyFrame.set(true);
  }

  /// By the worker: whether a key frame was asked for since the last call.
  public boolean takeKeyFrameAsked() {
    return keyFrame.get() && keyFrame.getAndSet(false);
  }

  /// Packets that the reader was too slow for.
  public long dropped() {
    return dropped.get();
  }

  /// By the worker.
  public void countDropped() {
    dropped.setRelease(dropped.getPlain() + 1);
  }
}
