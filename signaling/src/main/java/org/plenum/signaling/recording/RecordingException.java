package org.plenum.signaling.recording;

/// What was asked of a recording is refused; the message is for a person. Nothing that was stored
/// is lost by it.
public final class RecordingException extends RuntimeException {
  /// Why.
  public enum Reason {
    UNKNOWN,
    INVALID,
    /// It belongs to somebody else.
    FORBIDDEN,
    /// The upload must go on at another offset, which [#offset] names.
    WRONG_OFFSET,
    /// Another upload to it is at work.
    BUSY,
    COMPLETE,
    TOO_LARGE,
    /// One person has begun too many.
    TOO_MANY,
    /// Its bytes ended before the upload did.
    BROKEN_OFF,
    /// No more of it came for too long.
    STALLED,
    /// The bucket in which it is does not answer.
    UNAVAILABLE
  }

  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final long offset;

  public RecordingException(Reason reason, String message) {
    this(reason, message, -1);
  }

  RecordingException(Reason reason, String message, long offset) {
    super(message);
    this.reason = reason;
    this.offset = offset;
  }

  public Reason reason() {
    return reason;
  }

  /// How much is stored, -1 if that is no part of the answer.
  public long offset() {
    return offset;
  }
}
