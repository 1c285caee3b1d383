package org.plenum.sfu;

/// What happened to a packet at one bound slot: exactly one for each pair, so a drop is never
/// silent. Each constant is also a metric label.
public enum EgressVerdict {
  /// The kernel took it.
  FORWARDED,
  /// The viewer's media path is not up, or it does not want this slot now.
  PAUSED,
  ABOVE_TARGET_LAYER,
  BELOW_TARGET_LAYER,
  /// The slot waits for a key frame.
  AWAITING_KEYFRAME,
  /// Sound that is not worth sending: silence where many have microphones, or one voice too many.
  UNHEARD,
  /// Waited too long for its turn, or fell out of the track's cache.
  PACER_OVERFLOW,
  /// The kernel did not take it, or its index had been used.
  SEND_FAILED
}
