package org.plenum.ice.port;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Counters of one media port: written by its worker with opaque stores, summed by any reader.
public final class MediaPortCounters {
  /// What is counted.
  public enum Counter {
    RECEIVED_DATAGRAMS,
    RECEIVED_BYTES,
    /// Datagrams longer than a slot of the receive slab, dropped.
    OVERSIZED,
    /// Datagrams the kernel dropped because our socket buffer was full (SO_RXQ_OVFL); 0 where it
    /// cannot be told.
    RECEIVE_OVERFLOW,
    SENT_DATAGRAMS,
    SENT_BYTES,
    /// Datagrams dropped because the send buffer was full (EAGAIN, ENOBUFS).
    SEND_BUFFER_FULL,
    /// Datagrams the kernel refused for any other reason.
    SEND_REFUSED,
    RECEIVE_CALLS,
    SEND_CALLS,
  }

  private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] values = new long[Counter.values().length];

  void add(Counter counter, long amount) {
    int i = counter.ordinal();
    ELEMENT.setOpaque(values, i, values[i] + amount);
  }

  /// The present value; any thread.
  public long value(Counter counter) {
    return (long) ELEMENT.getOpaque(values, counter.ordinal());
  }
}
