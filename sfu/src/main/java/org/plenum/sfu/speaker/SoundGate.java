package org.plenum.sfu.speaker;

import org.jspecify.annotations.Nullable;

/// Whether the packets of one microphone are worth sending, decided as they come. Where there are
/// few microphones, all are. Where there are more than [SpeakerRanking#MOST_FORWARDED], there are
/// places for so many: a microphone takes a free one with the first packet in which something is to
/// be heard, so that no word begins without its first syllable, and gives it back after a pause. If
/// more speak than there are places, [SpeakerRanking] decides at each sample who has one.
///
/// Silence is what DTX sends, what is no louder than noise, and all of a muted microphone. One that
/// never says its level has sound in whatever its encoder did not mark as DTX. Allocates nothing;
/// owned by one thread.
public final class SoundGate {
  /// The packet does not say how loud it is.
  public static final int NO_LEVEL = -1;

  /// Shared by the microphones of a room.
  static final class Places {
    /// Whether there are more microphones than places.
    boolean scarce;

    int taken;
  }

  /// What libopus calls a packet that need not be sent.
  private static final int MOST_DTX_BYTES = 2;

  private final Speech speech;
  private @Nullable Places places;
  private boolean open = true;
  private boolean hadSound;
  private long soundNanos;

  public SoundGate(Speech speech) {
    this.speech = speech;
  }

  /// A packet came, whose level the microphone's [Speech] knows already.
  ///
  /// @param level in -dBov, 0 to 127, or [#NO_LEVEL]
  /// @return whether it is worth sending
  public boolean onPacket(int level, int payloadBytes, boolean muted, long nowNanos) {
    boolean hasSound = !muted && hasSound(level, payloadBytes);
    if (hasSound) {
      hadSound = true;
      soundNanos = nowNanos;
    }
    Places all = places;
    if (all == null || !all.scarce) {
      return true;
    }
    if (open) {
      open = !muted && isSounding(nowNanos);
      all.taken -= open ? 0 : 1;
    } else if (hasSound && all.taken < SpeakerRanking.MOST_FORWARDED) {
      open = true;
      all.taken++;
    }
    return open;
  }

  private boolean hasSound(int level, int payloadBytes) {
    if (payloadBytes <= MOST_DTX_BYTES) {
      return false;
    }
    return level == NO_LEVEL ? !speech.hasBegun() : speech.isLoud(level);
  }

  /// Whether something was to be heard, but for a pause as they belong to speech.
  private boolean isSounding(long nowNanos) {
    return hadSound && nowNanos - soundNanos <= SpeakerRanking.PAUSE_NANOS;
  }

  /// Gives it a place, or takes it away; to be called for all microphones by rank, after
  /// [Places#taken] was set to 0.
  void place(Places all, boolean muted, long nowNanos) {
    places = all;
    open = !muted && isSounding(nowNanos) && all.taken < SpeakerRanking.MOST_FORWARDED;
    all.taken += open ? 1 : 0;
  }

  /// It is no microphone of the room any more.
  void leave() {
    places = null;
  }
}
