package org.plenum.sfu.send;

import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;

/// What waits to be sent to one viewer, in the order in which it leaves: sound, which never waits
/// for the budget but is charged to it; then what is sent again, then video. Holds references and
/// numbers, never packets. One thread, no clock.
///
/// @param <S> the streams that packets are sent on
public final class SendQueue<S> {
  /// Whose turn it is.
  public enum Turn {
    SOUND,
    RETRANSMISSION,
    VIDEO
  }

  private final PacketReferences<S> sound = new PacketReferences<>();
  private final PacketReferences<S> video = new PacketReferences<>();
  private final NumberQueue retransmissions = new NumberQueue();
  private final Pacer pacer = new Pacer();

  public PacketReferences<S> sound() {
    return sound;
  }

  public PacketReferences<S> video() {
    return video;
  }

  /// Transport-wide numbers of packets that are to be sent again, unwrapped.
  public NumberQueue retransmissions() {
    return retransmissions;
  }

  /// The budget that all of it shares.
  public Pacer pacer() {
    return pacer;
  }

  public boolean isEmpty() {
    return sound.isEmpty() && retransmissions.isEmpty() && video.isEmpty();
  }

  /// What may leave now; null if nothing waits, or if what waits must wait for the budget.
  public @Nullable Turn next(long nowNanos) {
    if (!sound.isEmpty()) {
      return Turn.SOUND;
    }
    if (retransmissions.isEmpty() && video.isEmpty() || !pacer.mayRelease(nowNanos)) {
      return null;
    }
    return retransmissions.isEmpty() ? Turn.VIDEO : Turn.RETRANSMISSION;
  }

  /// When [#next] will have something, unless more comes; [NanoTime#NEVER] if nothing waits.
  public long nextNanos(long nowNanos) {
    if (isEmpty()) {
      return NanoTime.NEVER;
    }
    return sound.isEmpty() ? pacer.nextReleaseNanos(nowNanos) : NanoTime.at(nowNanos);
  }

  /// How long the video that waits takes to leave at the present budget, in nanoseconds.
  public long delayNanos() {
    long rate = pacer.rateBps();
    if (rate == Pacer.UNLIMITED || video.isEmpty()) {
      return 0;
    }
    return video.bytes() * 8 * 1_000_000_000L / Math.max(1, rate);
  }
}
