package org.plenum.sfu;

/// Why the SFU refused a request; futures of [RoomHandle] complete with it.
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// What was wrong; each constant is also an error code of the signaling protocol.
  public enum Reason {
    ROOM_FULL,
    ROOM_CLOSED,
    ROOM_LOCKED,
    /// The participant's permissions do not allow it.
    FORBIDDEN,
    UNKNOWN_PARTICIPANT,
    UNKNOWN_TRACK,
    DUPLICATE_PARTICIPANT,
    /// The offer contradicts the transport (another certificate, a mid that changed kind, too many
    /// sections).
    INVALID_OFFER,
    /// More than a bound in a short time.
    TOO_MANY,
    /// The worker's mailbox is full.
    OVERLOADED,
    /// The server is about to stop, and another takes its place.
    RESTARTING
  }

  private final Reason reason;

  public RefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
