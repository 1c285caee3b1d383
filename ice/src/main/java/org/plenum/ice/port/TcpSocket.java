package org.plenum.ice.port;

import org.plenum.ice.tcp.FrameBuffer;
import org.plenum.ice.tcp.FrameQueue;

/// One end of a TCP connection, non-blocking. Owned by one thread at a time.
abstract class TcpSocket implements Pollable {
  /// [#read]: the connection has ended or broken.
  static final int ENDED = -1;

  // As in NetworkPath.
  final long remoteHigh;
  final long remoteLow;
  final int remotePort;
  final long localHigh;
  final long localLow;

  TcpSocket(long remoteHigh, long remoteLow, int remotePort, long localHigh, long localLow) {
    this.remoteHigh = remoteHigh;
    this.remoteLow = remoteLow;
    this.remotePort = remotePort;
    this.localHigh = localHigh;
    this.localLow = localLow;
  }

  /// Reads what is there, as far as there is room.
  ///
  /// @return number of bytes, 0 if nothing is there now, or [#ENDED]
  abstract int read(FrameBuffer into);

  /// Writes as much as goes.
  ///
  /// @return false if the connection has broken
  abstract boolean write(FrameQueue from);

  @Override
  public abstract void close();
}
