package org.plenum.sfu.node;

import org.plenum.sfu.relay.RelayMessage;

/// Times that cross to a machine with another clock: they go as how long ago they were.
public final class Ages {
  private Ages() {}

  /// Puts an age in place of each time, or a time in place of each age: that is the same.
  ///
  /// @param nowNanos by this machine's monotonic clock
  public static RelayMessage turn(RelayMessage message, long nowNanos) {
    return message
            instanceof RelayMessage.LayerReported(int stream, long ntp, int timestamp, long nanos)
        ? new RelayMessage.LayerReported(stream, ntp, timestamp, nowNanos - nanos)
        : message;
  }
}
