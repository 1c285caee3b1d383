package org.plenum.broadcast.recording;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.frame.Frame;
import org.plenum.broadcast.frame.StreamReader;
import org.plenum.broadcast.frame.VideoFormat;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.TappedPacket;
import org.plenum.sfu.TappedStream;

/// Records a camera or a screen: the largest picture that its publisher sends. Another file begins
/// where a decoder must be set up anew.
final class VideoRecorder implements TrackRecorder {
  /// What can be recorded.
  static final Set<CodecName> CODECS =
      Set.of(CodecName.VP8, CodecName.H264, CodecName.VP9, CodecName.AV1);

  /// Encoders ignore requests that come faster.
  private static final long ASK_NANOS = 500_000_000L;

  /// Places where players can begin: so often a key frame is asked for if none came by itself.
  static final long KEY_NANOS = 10_000_000_000L;

  /// Layers come and go when a link changes; so long another one has to be the largest.
  private static final long STEADY_NANOS = 2_000_000_000L;

  /// A stream whose clock ran ahead of its arrival by so much, or backwards, has jumped.
  private static final long MOST_JUMP_NANOS = 3_000_000_000L;

  private final Parts parts;
  private final Map<TappedStream, StreamReader> readers = new HashMap<>();
  private @Nullable TappedStream recorded;
  private @Nullable TappedStream coming;
  private @Nullable TappedStream best;
  private long bestNanos;
  private @Nullable VideoFormat format;

  /// RTP's, of the open file's first picture and of its latest.
  private long originTimestamp;

  private long lastTimestamp;
  private long lastArrivalNanos;

  /// Nothing can be added until a key frame.
  private boolean broken = true;

  private boolean asked;
  private long askedNanos;
  private long keyNanos;

  VideoRecorder(Parts parts) {
    this.parts = parts;
  }

  @Override
  public void onPacket(TappedPacket packet, long nowNanos) {
    StreamReader reader = readers.get(packet.stream());
    if (reader != null) {
      reader.onPacket(packet, nowNanos, frame -> onFrame(packet.stream(), frame));
    }
  }

  @Override
  public void onTimeout(List<TappedStream> streams, long nowNanos) {
    // Some may change places meanwhile.
    Map.copyOf(readers)
        .forEach((stream, reader) -> reader.onTimeout(nowNanos, frame -> onFrame(stream, frame)));
    choose(streams, nowNanos);
    parts.onTimeout(nowNanos);
    askKeyFrames(nowNanos);
  }

  @Override
  public void end(Set<TappedStream> streams) {
    streams.forEach(stream -> stream.want(false));
    readers.clear();
    parts.end();
  }

  private void choose(List<TappedStream> streams, long nowNanos) {
    TappedStream largest =
        streams.stream()
            .filter(VideoRecorder::isUsable)
            .max(Comparator.comparingInt(stream -> stream.state().height()))
            .orElse(null);
    if (!Objects.equals(largest, best)) {
      best = largest;
      bestNanos = nowNanos;
    }
    boolean isGone = recorded != null && !streams.contains(recorded);
    boolean isLost = recorded == null || isGone || !isUsable(recorded);
    if (isGone) {
      recorded = null;
      parts.end();
    }
    if (coming != null && !streams.contains(coming)) {
      coming = null;
    }
    if (largest != null
        && !largest.equals(recorded)
        && (isLost || nowNanos - bestNanos >= STEADY_NANOS)) {
      coming = largest;
    } else if (coming != null && Objects.equals(largest, recorded)) {
      coming = null;
    }
    for (TappedStream stream : streams) {
      boolean wanted = stream.equals(recorded) || stream.equals(coming);
      if (wanted != stream.isWanted()) {
        stream.want(wanted);
      }
      if (wanted) {
        readers.computeIfAbsent(stream, _ -> new StreamReader(CODECS));
      }
    }
    readers.keySet().removeIf(stream -> !stream.equals(recorded) && !stream.equals(coming));
  }

  private static boolean isUsable(TappedStream stream) {
    return !stream.state().stalled() && CODECS.contains(stream.state().codec());
  }

  private void onFrame(TappedStream stream, Frame frame) {
    if (stream.equals(coming) && frame.isKey()) {
      recorded = coming;
      coming = null;
      parts.end();
    }
    if (!stream.equals(recorded)) {
      return;
    }
    VideoFormat its = frame.format();
    boolean isNew = !parts.isOpen() || its != null && !its.equals(format) || hasJumped(frame);
    if (its == null && (isNew || broken)) {
      broken = true;
      return;
    }
    if (its != null) {
      keyNanos = frame.arrivalNanos();
      broken = isNew && !begin(its, frame);
      if (broken) {
        return;
      }
    }
    lastTimestamp = frame.timestamp();
    lastArrivalNanos = frame.arrivalNanos();
    parts.add(
        stream,
        (int) frame.timestamp(),
        frame.timestamp() - originTimestamp,
        0,
        frame.data(),
        frame.isKey(),
        frame.isKey(),
        frame.arrivalNanos());
  }

  private boolean begin(VideoFormat its, Frame frame) {
    boolean begun =
        parts.begin(
            TrackFile.video(its), its.name(), its.width(), its.height(), frame.arrivalNanos());
    if (begun) {
      format = its;
      originTimestamp = frame.timestamp();
    }
    return begun;
  }

  private boolean hasJumped(Frame frame) {
    long media = (frame.timestamp() - lastTimestamp) * 100_000 / 9;
    long passed = frame.arrivalNanos() - lastArrivalNanos;
    // What comes late after a pause of the network has not jumped.
    return media - passed > MOST_JUMP_NANOS || media < -MOST_JUMP_NANOS;
  }

  private void askKeyFrames(long nowNanos) {
    if (asked && nowNanos - askedNanos < ASK_NANOS) {
      return;
    }
    if (coming != null) {
      ask(coming, nowNanos);
    }
    StreamReader reader = recorded == null ? null : readers.get(recorded);
    if (recorded != null
        && reader != null
        && !recorded.state().muted()
        && !parts.waits(nowNanos)
        && (broken || reader.needsKeyFrame() || nowNanos - keyNanos >= KEY_NANOS)) {
      ask(recorded, nowNanos);
    }
  }

  private void ask(TappedStream stream, long nowNanos) {
    asked = true;
    askedNanos = nowNanos;
    stream.askKeyFrame();
  }
}
