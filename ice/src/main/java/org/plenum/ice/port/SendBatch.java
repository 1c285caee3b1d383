package org.plenum.ice.port;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NetworkPath;

/// Datagrams that wait for [MediaPort#flush], in one off-heap slab. The writer fills the slot at
/// [#nextOffset], then
/// calls [#commit]. Owned by the port's worker thread.
public final class SendBatch {
  public static final int CAPACITY = 64;

  /// Bytes of slab per datagram.
  public static final int SLOT_BYTES = 2048;

  private final MemorySegment slab = Arena.ofAuto().allocate((long) CAPACITY * SLOT_BYTES, 64);

  final int[] length = new int[CAPACITY];
  final @Nullable NetworkPath[] path = new @Nullable NetworkPath[CAPACITY];
  final boolean[] sent = new boolean[CAPACITY];
  private final int[] tag = new int[CAPACITY];
  private int count;

  public MemorySegment slab() {
    return slab;
  }

  public boolean isFull() {
    return count == CAPACITY;
  }

  /// Datagrams committed since the last [#clear].
  public int count() {
    return count;
  }

  /// Where in the slab the next datagram must be written; the batch must not be full.
  public long nextOffset() {
    return (long) count * SLOT_BYTES;
  }

  /// Appends the datagram that was written at [#nextOffset].
  ///
  /// @param lengthBytes 1 to [#SLOT_BYTES]
  /// @param to the way it takes
  /// @param owner a number of the caller's choosing, handed back by [#tag] after the flush
  public void commit(int lengthBytes, NetworkPath to, int owner) {
    length[count] = lengthBytes;
    path[count] = to;
    tag[count] = owner;
    sent[count] = false;
    count++;
  }

  /// After a flush: whether the kernel took datagram i.
  public boolean wasSent(int i) {
    return sent[i];
  }

  public int lengthBytes(int i) {
    return length[i];
  }

  /// What the caller gave to [#commit] for datagram i.
  public int tag(int i) {
    return tag[i];
  }

  /// Forgets all datagrams; called by the owner once it has looked at the outcome of a flush.
  public void clear() {
    count = 0;
  }
}
