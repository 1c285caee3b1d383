package org.plenum.signaling.token;

/// Somebody may not do what they asked for. The message never repeats a token.
public final class AccessException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// What kind of refusal it is.
  public enum Kind {
    /// There is no token, or it is not valid: HTTP 401.
    UNAUTHORIZED,
    /// The token is valid and does not allow it: HTTP 403.
    FORBIDDEN,
    /// The keys, or the rules of the room, cannot be had now: HTTP 503.
    UNAVAILABLE
  }

  private final Kind kind;

  public AccessException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  static AccessException unauthorized(String message) {
    return new AccessException(Kind.UNAUTHORIZED, message);
  }

  public static AccessException forbidden(String message) {
    return new AccessException(Kind.FORBIDDEN, message);
  }

  public Kind kind() {
    return kind;
  }
}
