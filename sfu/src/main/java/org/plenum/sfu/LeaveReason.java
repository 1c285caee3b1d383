package org.plenum.sfu;

/// Why a participant left, as others are told.
public enum LeaveReason {
  /// It said that it was leaving.
  LEFT,
  /// A newer session of the same client took its place (reload).
  REPLACED,
  /// Its signaling connection was lost and did not come back in time.
  SIGNALING_LOST,
  /// No media path for 30 s.
  MEDIA_LOST,
  /// It was removed, or broke the protocol.
  REMOVED,
  /// The room or the server closed.
  CLOSED,
  /// It went on to another room that belongs to this one, or to which this one belongs.
  MOVED
}
