package org.plenum.ice.turn;

import org.plenum.ice.AddressPrefix;
import org.plenum.ice.NetworkPath;

/// Keeps a server from being worth abusing as a reflector: whoever has shown nothing is sent no
/// more than came from there, but for an allowance that is not renewed until somebody there has
/// authenticated themselves. IP and UDP headers count. A table of fixed size, in which prefixes
/// ([AddressPrefix]) may share a place, and then an allowance. Owned by one thread.
final class AnswerCredit {
  /// Bytes sent to a prefix beyond those received from it: some 60 first requests of browsers,
  /// which are shorter than the answer has to be.
  static final int ALLOWANCE_BYTES = 1_500;

  private static final int PLACES = 4_096;
  private static final int IPV4_HEADERS = 28;
  private static final int IPV6_HEADERS = 48;

  private final int[] beyond = new int[PLACES];
  private final long seed;

  /// @param seed unknown to clients, so that nobody can aim at another's place
  AnswerCredit(long seed) {
    this.seed = seed;
  }

  /// A request came from somebody unknown.
  void received(NetworkPath from, int bytes) {
    int place = place(from);
    beyond[place] = Math.max(0, beyond[place] - packet(from, bytes));
  }

  /// Whether it may be answered so; the answer then counts.
  boolean maySend(NetworkPath to, int bytes) {
    int place = place(to);
    int after = beyond[place] + packet(to, bytes);
    if (after > ALLOWANCE_BYTES) {
      return false;
    }
    beyond[place] = after;
    return true;
  }

  /// Somebody there has authenticated themselves, and so receives what is sent there.
  void prove(NetworkPath from) {
    beyond[place(from)] = 0;
  }

  private static int packet(NetworkPath path, int bytes) {
    return bytes + (path.isIpv4() ? IPV4_HEADERS : IPV6_HEADERS);
  }

  private int place(NetworkPath path) {
    long prefix = AddressPrefix.of(path.remoteHigh(), path.remoteLow());
    return (int) ((prefix ^ seed) * 0x9E37_79B9_7F4A_7C15L >>> 52);
  }
}
