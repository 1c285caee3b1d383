package org.plenum.bench.client;

import java.lang.foreign.MemorySegment;
import org.plenum.ice.NetworkPath;

/// Where clients build what they send. One thread, the loop's.
public interface Outgoing {
  /// The memory of the datagram to be built next, at [#nextOffset].
  MemorySegment slab();

  long nextOffset();

  /// Hands over the datagram built at [#nextOffset].
  void commit(int lengthBytes, NetworkPath path);
}
