package org.plenum.signaling.protocol;

import org.jspecify.annotations.Nullable;

/// What went wrong, for programs; the codes of PROTOCOL.md.
public enum ErrorCode {
  INVALID_MESSAGE,
  UNSUPPORTED_VERSION,
  INVALID_OFFER,
  UNAUTHORIZED,
  FORBIDDEN,
  ROOM_FULL,
  ROOM_LOCKED,
  ROOM_CLOSED,
  NOT_ADMITTED,
  OVERLOADED,
  RESTARTING,
  TOO_MANY,
  TOO_SLOW,
  INTERNAL;

  /// After how many seconds another attempt may succeed; null if it would not.
  @Nullable Integer retryAfterSeconds() {
    return switch (this) {
      case ROOM_CLOSED, TOO_MANY, TOO_SLOW -> 1;
      case ROOM_FULL, OVERLOADED, RESTARTING -> 5;
      case INVALID_MESSAGE,
          UNSUPPORTED_VERSION,
          INVALID_OFFER,
          UNAUTHORIZED,
          FORBIDDEN,
          ROOM_LOCKED,
          NOT_ADMITTED,
          INTERNAL ->
          null;
    };
  }
}
