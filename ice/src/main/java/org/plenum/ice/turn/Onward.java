package org.plenum.ice.turn;

import org.plenum.ice.NetworkPath;

/// What a relay has to send on after [TurnVerdict#FORWARDED]: a piece of the batch. Filled anew by
/// each; allocates nothing.
public final class Onward {
  private long offset;
  private int lengthBytes;
  private NetworkPath path = new NetworkPath(0, 0, 0, 0, 0);

  void set(long from, int length, NetworkPath to) {
    offset = from;
    lengthBytes = length;
    path = to;
  }

  /// Where it lies in the batch's slab.
  public long offset() {
    return offset;
  }

  public int lengthBytes() {
    return lengthBytes;
  }

  /// By a relay's own port to a peer, or, for [TurnServer#wrap], to a client.
  public NetworkPath path() {
    return path;
  }
}
