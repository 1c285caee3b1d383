package org.plenum.broadcast.live;

/// Why a broadcast ended.
public enum BroadcastEnd {
  STOPPED,
  ROOM_CLOSED,
  SERVER_STOPPED,
  /// A fault of our own.
  FAULT
}
