package org.plenum.ice.port;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.plenum.ice.NetworkPath;

/// The datagrams of one [MediaPort#receive] call, in one off-heap slab that the next call
/// overwrites. Owned by the port's worker thread. Ports write the public arrays; everyone else
/// only reads.
public final class ReceiveBatch {
  /// Datagrams a batch can hold; more gains nothing (measured: half of the gain comes with the
  /// second datagram).
  public static final int CAPACITY = 64;

  /// Bytes of slab per datagram. Longer datagrams are dropped and counted by the port.
  public static final int SLOT_BYTES = 2048;

  private final MemorySegment slab = Arena.ofAuto().allocate((long) CAPACITY * SLOT_BYTES, 64);

  // Filled by the port; index = position in the batch.
  final int[] length = new int[CAPACITY];
  final long[] remoteHigh = new long[CAPACITY];
  final long[] remoteLow = new long[CAPACITY];
  final int[] remotePort = new int[CAPACITY];
  final long[] localHigh = new long[CAPACITY];
  final long[] localLow = new long[CAPACITY];
  final int[] connection = new int[CAPACITY];

  /// All datagrams; datagram i starts at [#offset].
  public MemorySegment slab() {
    return slab;
  }

  public long offset(int i) {
    return (long) i * SLOT_BYTES;
  }

  /// Bytes of datagram i.
  public int length(int i) {
    return length[i];
  }

  /// The TCP connection that datagram i came over, as in [NetworkPath#connection]; 0 for UDP.
  public int connection(int i) {
    return connection[i];
  }

  /// The upper half of the address that datagram i came from, as in [NetworkPath].
  public long remoteHigh(int i) {
    return remoteHigh[i];
  }

  /// The lower half of the address that datagram i came from.
  public long remoteLow(int i) {
    return remoteLow[i];
  }

  /// The port that datagram i came from.
  public int remotePort(int i) {
    return remotePort[i];
  }

  /// Whether datagram i came over this path; allocates nothing.
  public boolean cameOver(int i, NetworkPath path) {
    return remoteLow[i] == path.remoteLow()
        && remoteHigh[i] == path.remoteHigh()
        && remotePort[i] == path.remotePort()
        && localLow[i] == path.localLow()
        && localHigh[i] == path.localHigh()
        && connection[i] == path.connection();
  }

  /// A hash of the path of datagram i; equal to [#hash(NetworkPath)] of an equal path.
  public int pathHash(int i) {
    return hash(
        remoteHigh[i], remoteLow[i], remotePort[i] + connection[i], localHigh[i], localLow[i]);
  }

  /// The hash of a path as [#pathHash] computes it.
  public static int hash(NetworkPath path) {
    return hash(
        path.remoteHigh(),
        path.remoteLow(),
        path.remotePort() + path.connection(),
        path.localHigh(),
        path.localLow());
  }

  /// The path of datagram i as an object of its own. Allocates: not for every datagram.
  public NetworkPath path(int i) {
    return new NetworkPath(
        remoteHigh[i], remoteLow[i], remotePort[i], localHigh[i], localLow[i], connection[i]);
  }

  /// Datagram i turns out to be one that a relay brings: what lies in it takes its place, and came
  /// over the relay's path.
  ///
  /// @param from bytes before what lies in it
  /// @param lengthBytes of that
  public void unwrap(int i, int from, int lengthBytes, NetworkPath path) {
    long offset = offset(i);
    MemorySegment.copy(slab, offset + from, slab, offset, lengthBytes);
    length[i] = lengthBytes;
    remoteHigh[i] = path.remoteHigh();
    remoteLow[i] = path.remoteLow();
    remotePort[i] = path.remotePort();
    localHigh[i] = path.localHigh();
    localLow[i] = path.localLow();
    connection[i] = path.connection();
  }

  private static int hash(long rh, long rl, int rp, long lh, long ll) {
    long h = rh * 31 + rl;
    h = h * 31 + rp;
    h = h * 31 + lh;
    h = (h * 31 + ll) * 0x9E37_79B9_7F4A_7C15L;
    return (int) (h >>> 32);
  }
}
