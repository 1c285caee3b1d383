package org.plenum.sfu;

/// Why two who talk directly talk through the SFU from now on.
public enum DirectEnd {
  /// Somebody else is in the room, a hidden viewer included, and needs what they send.
  COMPANY,
  /// The room is broadcast or recorded here.
  OBSERVED,
  /// It is not allowed any more, or one of them may not receive, or sends nothing.
  RULE,
  /// The other one has left.
  LEFT,
  /// No path was found in time.
  NOT_CONNECTED,
  /// Nothing comes by the path any more.
  LOST,
  /// Too much is lost on the path.
  LOSS;

  /// Whether it is the path's fault, which only the clients see.
  public boolean isOfPath() {
    return this == NOT_CONNECTED || this == LOST || this == LOSS;
  }
}
