package org.plenum.ice.port;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NetworkPath;

/// Datagrams that wait for [MediaPort#flush], in one off-heap slab. The writer fills the slot
/// at [#nextOffset], then calls [#commit]. Owned by the port's worker thread.
public final class SendBatch {
  public static final int CAPACITY = 64;

  /// Bytes of slab per datagram.
  public static final int SLOT_BYTES = 2048;

  private final MemorySegment slab = Arena.ofAuto().allocate((long) CAPACITY * SLOT_BYTES, 64);

  final int[] length = new int[CAPACITY];

  /// What follows upon one another takes most often one way, which is kept once.
  private final @Nullable NetworkPath[] paths = new @Nullable NetworkPath[CAPACITY];

  private final byte[] pathOf = new byte[CAPACITY];
  private int pathCount;

  final boolean[] sent = new boolean[CAPACITY];
  private final int[] tag = new int[CAPACITY];
  private int count;

  /// All datagrams; datagram i starts at [#offset].
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
    return offset(count);
  }

  public long offset(int i) {
    return (long) i * SLOT_BYTES;
  }

  /// Appends the datagram that was written at [#nextOffset].
  ///
  /// @param lengthBytes 0 to [#SLOT_BYTES]
  /// @param to the way it takes
  /// @param owner a number of the caller's choosing, handed back by [#tag] after the flush
  public void commit(int lengthBytes, NetworkPath to, int owner) {
    if (lengthBytes < 0 || lengthBytes > SLOT_BYTES) {
      throw new IllegalArgumentException(
          "a datagram has 0 to " + SLOT_BYTES + " bytes, not " + lengthBytes);
    }
    length[count] = lengthBytes;
    if (pathCount == 0 || paths[pathCount - 1] != to) {
      paths[pathCount++] = to;
    }
    pathOf[count] = (byte) (pathCount - 1);
    tag[count] = owner;
    sent[count] = false;
    count++;
  }

  /// The end of the run that starts at datagram i, before `to`: datagrams over one path, of one
  /// length but for a shorter last one, which the kernel can cut from one message.
  int endOfRun(int i, int to, int maxDatagrams) {
    int bytes = length[i];
    int limit = Math.min(to, i + maxDatagrams);
    int end = i + 1;
    while (end < limit && length[end] > 0 && length[end] <= bytes && hasSamePath(i, end)) {
      if (length[end++] < bytes) {
        break;
      }
    }
    return end;
  }

  private boolean hasSamePath(int i, int j) {
    return pathOf[i] == pathOf[j] || Objects.equals(path(i), path(j));
  }

  /// For a port that is implemented elsewhere: datagram i has left.
  public void markSent(int i) {
    sent[i] = true;
  }

  /// After a flush: whether the kernel took datagram i.
  public boolean wasSent(int i) {
    return sent[i];
  }

  public int lengthBytes(int i) {
    return length[i];
  }

  /// The way that datagram i takes.
  public @Nullable NetworkPath path(int i) {
    return paths[pathOf[i]];
  }

  /// What the caller gave to [#commit] for datagram i.
  public int tag(int i) {
    return tag[i];
  }

  /// Forgets all datagrams; called by the owner once it has looked at the outcome of a flush.
  public void clear() {
    count = 0;
    Arrays.fill(paths, 0, pathCount, null);
    pathCount = 0;
  }
}
