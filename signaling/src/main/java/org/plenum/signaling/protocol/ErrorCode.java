package org.plenum.signaling.protocol;

/// What went wrong, for a program; the codes of PROTOCOL.md.
public enum ErrorCode {
  INVALID_MESSAGE,
  UNSUPPORTED_VERSION,
  INVALID_OFFER,
  UNAUTHORIZED,
  FORBIDDEN,
  ROOM_FULL,
  ROOM_LOCKED,
  ROOM_CLOSED,
  OVERLOADED,
  TOO_MANY,
  TOO_SLOW,
  INTERNAL
}
