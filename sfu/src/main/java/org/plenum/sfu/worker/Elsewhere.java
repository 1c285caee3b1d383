package org.plenum.sfu.worker;

import java.net.InetAddress;
import org.plenum.sfu.RoomNodes;

/// How rooms take other nodes.
///
/// @param most nodes that a room takes beside its own
/// @param host where other nodes reach this one's media ports
public record Elsewhere(RoomNodes nodes, int most, InetAddress host) {
  /// Parts of a room on other nodes, each of which is sent everything that somebody there shows.
  public static final int MOST = 8;

  public Elsewhere {
    if (most < 0 || most > MOST) {
      throw new IllegalArgumentException("a room takes 0 to " + MOST + " nodes, not " + most);
    }
  }
}
