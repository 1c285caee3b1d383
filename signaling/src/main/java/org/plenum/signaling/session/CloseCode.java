package org.plenum.signaling.session;

/// Why a socket is closed (RFC 6455 §7.4.1), as PROTOCOL.md lists them.
public enum CloseCode {
  /// After `bye`.
  NORMAL(1000),
  /// The server stops.
  GOING_AWAY(1001),
  /// After a fatal `error` that was the client's fault.
  POLICY_VIOLATION(1008),
  /// After a fatal `error` of ours.
  INTERNAL(1011),
  /// After `too-slow`, `overloaded` and the like: the session may be resumed.
  TRY_AGAIN_LATER(1013);

  private final int code;

  CloseCode(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
