package org.plenum.ice.port;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Counters of one media port: written by its worker with opaque stores, summed by any reader.
public final class MediaPortCounters {
  /// What is counted.
  public enum Counter {
    /// Datagrams handed to the worker; oversized ones are counted apart.
    RECEIVED_DATAGRAMS,
    RECEIVED_BYTES,
    /// Datagrams longer than a slot of the receive slab, dropped; over TCP the connection is
    /// closed.
    OVERSIZED,
    /// Datagrams the kernel dropped because our socket buffer was full (SO_RXQ_OVFL); 0 where it
    /// cannot be told.
    RECEIVE_OVERFLOW,
    SENT_DATAGRAMS,
    SENT_BYTES,
    /// Datagrams dropped because the send buffer was full (EAGAIN, ENOBUFS; over TCP: ours).
    SEND_BUFFER_FULL,
    /// Datagrams the kernel refused for any other reason, or for a TCP connection that is gone.
    SEND_REFUSED,
    RECEIVE_CALLS,
    SEND_CALLS,
    /// TCP connections accepted; every one is refused, lost or opened later on.
    TCP_ACCEPTED,
    /// TCP connections closed because too many waited for their first frame, in all or from one
    /// source prefix, or because a worker had too many.
    TCP_REFUSED,
    /// TCP connections closed because their first frame was no Binding request for a transport of
    /// ours, or was too long.
    TCP_UNKNOWN,
    /// TCP connections that ended before their first frame was whole.
    TCP_ABANDONED,
    /// TCP connections closed because no authenticated request came in time, first or again.
    TCP_TIMED_OUT,
    /// TCP connections handed to a worker.
    TCP_OPENED,
    /// Of those, how many are closed again.
    TCP_CLOSED,
  }

  private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

  /// Errnos run up to here on Linux; any other counts as 0.
  private static final int MAX_ERRNO = 133;

  private final long[] values = new long[Counter.values().length];
  private final long[] sendErrors = new long[MAX_ERRNO + 1];

  void add(Counter counter, long amount) {
    int i = counter.ordinal();
    ELEMENT.setOpaque(values, i, values[i] + amount);
  }

  /// Counts a failed send by what the kernel said.
  void countSendError(int errno) {
    int i = errno > 0 && errno <= MAX_ERRNO ? errno : 0;
    ELEMENT.setOpaque(sendErrors, i, sendErrors[i] + 1);
  }

  /// How often the kernel failed a send with this errno of Linux; any thread. A full buffer counts
  /// once, however many datagrams were dropped for it. 0 stands for "not told", which is all that
  /// [NioMediaPort] knows.
  public long sendErrors(int errno) {
    return (long) ELEMENT.getOpaque(sendErrors, errno);
  }

  /// The present value; any thread.
  public long value(Counter counter) {
    return (long) ELEMENT.getOpaque(values, counter.ordinal());
  }
}
