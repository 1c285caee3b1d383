package org.plenum.broadcast.recording;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.box.InitSegment;
import org.plenum.broadcast.frame.ReorderBuffer;
import org.plenum.broadcast.sound.OpusPacket;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.TappedPacket;
import org.plenum.sfu.TappedStream;

/// Records a microphone or the sound of a screen: its packets as they came, and silence where none
/// came, for players lose time at gaps. Another stream of the same track, after its publisher came
/// back or changed the SSRC, counts and keeps time anew: it goes to another file.
final class SoundRecorder implements TrackRecorder {
  /// Where nothing came for longer, another file begins.
  static final long MOST_SILENCE_SAMPLES = 600L * InitSegment.SOUND_SCALE;

  /// A stream whose clock ran ahead of its arrival by so much, or backwards, has jumped.
  private static final long MOST_JUMP_NANOS = 3_000_000_000L;

  private static final String CODEC = "opus";

  private final Parts parts;
  private @Nullable TappedStream recorded;
  private ReorderBuffer packets = new ReorderBuffer();

  /// RTP's, of the latest packet, and its place in the file.
  private int timestamp;

  private long ticks;
  private long arrivalNanos;

  /// Where the next packet lies if none is missing.
  private long nextTicks;

  SoundRecorder(Parts parts) {
    this.parts = parts;
  }

  @Override
  public void onPacket(TappedPacket packet, long nowNanos) {
    if (packet.stream() == recorded) {
      packets.put(packet);
      take(nowNanos);
    }
  }

  @Override
  public void onTimeout(List<TappedStream> streams, long nowNanos) {
    take(nowNanos);
    // The latest takes the place of the others.
    follow(streams.isEmpty() ? null : streams.getLast());
    for (TappedStream stream : streams) {
      stream.want(stream == recorded);
    }
    parts.onTimeout(nowNanos);
  }

  @Override
  public void end(Set<TappedStream> streams) {
    streams.forEach(stream -> stream.want(false));
    follow(null);
  }

  private void follow(@Nullable TappedStream stream) {
    if (stream == recorded) {
      return;
    }
    for (TappedPacket packet = packets.pollRest(); packet != null; packet = packets.pollRest()) {
      take(packet);
    }
    parts.end();
    recorded = stream;
    packets = new ReorderBuffer();
  }

  private void take(long nowNanos) {
    for (TappedPacket packet = packets.poll(nowNanos);
        packet != null;
        packet = packets.poll(nowNanos)) {
      take(packet);
    }
  }

  private void take(TappedPacket packet) {
    int samples = packet.codec() == CodecName.OPUS ? OpusPacket.samples(packet.payload()) : 0;
    if (samples > 0) {
      add(packet, samples);
    }
  }

  private void add(TappedPacket packet, int samples) {
    long at = ticks + (packet.timestamp() - timestamp);
    if (!parts.isOpen() || hasJumped(packet, at) || at - nextTicks > MOST_SILENCE_SAMPLES) {
      if (!parts.begin(TrackFile.sound(), CODEC, 0, 0, packet.arrivalNanos())) {
        return;
      }
      at = 0;
      nextTicks = 0;
    } else if (at < nextTicks) {
      return; // it stands for what is there already
    }
    fill(packet, at);
    parts.add(
        packet.stream(),
        packet.timestamp(),
        at,
        samples,
        packet.payload(),
        false,
        true,
        packet.arrivalNanos());
    timestamp = packet.timestamp();
    ticks = at;
    arrivalNanos = packet.arrivalNanos();
    nextTicks = at + samples;
  }

  private boolean hasJumped(TappedPacket packet, long at) {
    long media = (at - ticks) * 1_000_000 / 48;
    // What comes late after a pause of the network has not jumped.
    return media - (packet.arrivalNanos() - arrivalNanos) > MOST_JUMP_NANOS
        || media < -MOST_JUMP_NANOS;
  }

  /// Silence up to `at`; the last of it may be shorter than its packet says.
  private void fill(TappedPacket packet, long at) {
    while (nextTicks < at) {
      int samples = (int) Math.min(OpusPacket.SILENCE_SAMPLES, at - nextTicks);
      long until = (at - nextTicks) * 1_000_000 / 48;
      parts.add(
          packet.stream(),
          (int) (packet.timestamp() - (at - nextTicks)),
          nextTicks,
          samples,
          OpusPacket.silence(),
          false,
          true,
          packet.arrivalNanos() - until);
      nextTicks += samples;
    }
  }
}
