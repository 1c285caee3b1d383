package org.plenum.ice.port;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.port.MediaPortCounters.Counter;
import org.plenum.ice.tcp.FrameBuffer;

/// The TCP connections of one media port. Everything but [#offer] belongs to the port's thread.
///
/// A connection's number is its place in a table and how often that place was given: 12 and 19
/// bits.
final class TcpConnections {
  /// Connections at a time.
  static final int CAPACITY = 4_096;

  /// Without an authenticated request for this long a connection is closed, as a transport is.
  static final long IDLE_NANOS = 30_000_000_000L;

  /// Frames taken in one receive call, so that UDP always has most of a batch.
  private static final int FRAMES_PER_CALL = ReceiveBatch.CAPACITY / 4;

  private static final int PLACE_BITS = 12;
  private static final int MAX_TURN = (1 << 31 - PLACE_BITS) - 1;
  private static final long SWEEP_NANOS = 500_000_000L;

  private final TcpPoller poller;
  private final ReceiveBatch batch;
  private final MediaPortCounters counters;
  private final Runnable wakeUp;
  private final @Nullable TcpConnection[] table = new @Nullable TcpConnection[CAPACITY];
  private final int[] turns = new int[CAPACITY];
  private final ArrayDeque<Integer> freePlaces = new ArrayDeque<>();
  private final ArrayDeque<TcpConnection> readable = new ArrayDeque<>();
  private final List<TcpConnection> dirty = new ArrayList<>();
  private final ArrayDeque<TcpConnection> arrivals = new ArrayDeque<>(); // and its lock
  private volatile boolean arrived;
  private final AtomicInteger open = new AtomicInteger();
  private boolean closed; // guarded by arrivals
  private int placesUsed;
  private long nextSweepNanos = NanoTime.NEVER;

  /// @param wakeUp ends the port's wait; any thread
  TcpConnections(
      TcpPoller poller, ReceiveBatch batch, MediaPortCounters counters, Runnable wakeUp) {
    this.poller = new StreamPoller(poller, wakeUp);
    this.batch = batch;
    this.counters = counters;
    this.wakeUp = wakeUp;
  }

  /// Hands over a connection whose first frame waits in its buffer. Any thread, which must not
  /// touch it afterwards.
  ///
  /// @return false if there are too many: it stays the caller's
  boolean offer(TcpConnection connection) {
    synchronized (arrivals) {
      if (closed || open.get() + arrivals.size() >= CAPACITY) {
        return false;
      }
      arrivals.add(connection);
      arrived = true;
    }
    wakeUp.run();
    return true;
  }

  /// Whether [#receive] has anything to look at.
  boolean isInUse() {
    return open.get() > 0 || arrived;
  }

  /// Whether there are frames to take that no waiting would tell of.
  boolean hasBacklog() {
    return !readable.isEmpty() || arrived;
  }

  /// Reads what is ready into the batch from position `from` on, a part of the batch at most.
  ///
  /// @return the position after the last frame
  int receive(int from) {
    if (arrived) {
      takeOver();
    }
    if (readable.size() < TcpPoller.MAX_READY) {
      queueReady();
    }
    int limit = Math.min(ReceiveBatch.CAPACITY, from + FRAMES_PER_CALL);
    int to = from;
    for (int left = readable.size(); left > 0 && to < limit; left--) {
      TcpConnection connection = readable.remove();
      connection.queued = false;
      to = receive(connection, to, limit);
    }
    return to;
  }

  private void queueReady() {
    int ready = poller.poll();
    for (int i = 0; i < ready; i++) {
      TcpConnection connection = find(poller.token(i));
      if (connection != null) {
        queue(connection);
      }
    }
  }

  private int receive(TcpConnection connection, int from, int limit) {
    int to = takeFrames(connection, from, limit);
    if (to < limit && !connection.closed) {
      counters.add(Counter.RECEIVE_CALLS, 1);
      if (connection.socket.read(connection.in) == TcpSocket.ENDED) {
        close(connection);
      }
      to = takeFrames(connection, to, limit);
    }
    if (!connection.closed && connection.watchedWritable) {
      write(connection);
    }
    return to;
  }

  private int takeFrames(TcpConnection connection, int from, int limit) {
    int to = from;
    while (!connection.closed) {
      int length = connection.in.next();
      if (length == FrameBuffer.TOO_LONG) {
        counters.add(Counter.OVERSIZED, 1);
        close(connection);
      } else if (length == FrameBuffer.INCOMPLETE) {
        return to;
      } else if (to == limit) {
        queue(connection); // its turn comes again
        return to;
      } else {
        take(connection, length, to++);
      }
    }
    return to;
  }

  private void take(TcpConnection connection, int length, int i) {
    FrameBuffer in = connection.in;
    MemorySegment.copy(in.bytes(), in.offset(), batch.slab(), batch.offset(i), length);
    in.take();
    batch.length[i] = length;
    batch.remoteHigh[i] = connection.socket.remoteHigh;
    batch.remoteLow[i] = connection.socket.remoteLow;
    batch.remotePort[i] = connection.socket.remotePort;
    batch.localHigh[i] = connection.socket.localHigh;
    batch.localLow[i] = connection.socket.localLow;
    batch.connection[i] = connection.number;
    counters.add(Counter.RECEIVED_DATAGRAMS, 1);
    counters.add(Counter.RECEIVED_BYTES, length);
  }

  private void queue(TcpConnection connection) {
    if (!connection.queued) {
      connection.queued = true;
      readable.add(connection);
    }
  }

  /// Appends datagram i of the batch to what its connection has to send; [#flush] sends it.
  void append(SendBatch out, int i, NetworkPath path) {
    TcpConnection connection = find(path.connection());
    if (connection == null) {
      counters.countSendError(0);
      counters.add(Counter.SEND_REFUSED, 1);
      return;
    }
    if (!connection.out.append(out.slab(), out.offset(i), out.length[i])) {
      counters.add(Counter.SEND_BUFFER_FULL, 1);
      return;
    }
    out.sent[i] = true;
    counters.add(Counter.SENT_DATAGRAMS, 1);
    counters.add(Counter.SENT_BYTES, out.length[i]);
    if (!connection.dirty) {
      connection.dirty = true;
      dirty.add(connection);
    }
  }

  /// Writes what was appended, as far as the kernel takes it.
  void flush() {
    for (int i = 0; i < dirty.size(); i++) {
      TcpConnection connection = dirty.get(i);
      connection.dirty = false;
      // One that the kernel has no room for is written to when it has.
      if (!connection.closed && !connection.watchedWritable) {
        write(connection);
      }
    }
    dirty.clear();
  }

  private void write(TcpConnection connection) {
    counters.add(Counter.SEND_CALLS, 1);
    if (!connection.socket.write(connection.out)) {
      close(connection);
      return;
    }
    boolean waiting = !connection.out.isEmpty();
    if (waiting != connection.watchedWritable) {
      connection.watchedWritable = waiting;
      poller.watchWritable(connection.socket, connection.number, waiting);
    }
  }

  /// As [MediaPort#confirm].
  void confirm(int number, long nowNanos) {
    keep(number, NanoTime.after(nowNanos, IDLE_NANOS));
  }

  /// As [MediaPort#keep].
  void keep(int number, long untilNanos) {
    TcpConnection connection = find(number);
    if (connection != null) {
      connection.deadlineNanos = untilNanos;
    }
  }

  /// As [MediaPort#isConnected].
  boolean isConnected(int number) {
    return find(number) != null;
  }

  /// As [MediaPort#disconnect].
  void disconnect(int number) {
    TcpConnection connection = find(number);
    if (connection != null) {
      close(connection);
    }
  }

  /// Closes what has not been confirmed in time.
  void onTimeout(long nowNanos) {
    if (!NanoTime.isDue(nextSweepNanos, nowNanos)) {
      return;
    }
    nextSweepNanos = open.get() == 0 ? NanoTime.NEVER : NanoTime.after(nowNanos, SWEEP_NANOS);
    for (int i = 0; i < placesUsed; i++) {
      TcpConnection connection = table[i];
      if (connection != null && NanoTime.isDue(connection.deadlineNanos, nowNanos)) {
        counters.add(Counter.TCP_TIMED_OUT, 1);
        close(connection);
      }
    }
  }

  void closeAll() {
    synchronized (arrivals) {
      closed = true;
      takeOver();
    }
    for (TcpConnection connection : table) {
      if (connection != null) {
        close(connection);
      }
    }
    poller.close();
  }

  private void takeOver() {
    synchronized (arrivals) {
      for (TcpConnection next = arrivals.poll(); next != null; next = arrivals.poll()) {
        enter(next);
      }
      arrived = false;
    }
  }

  private void enter(TcpConnection connection) {
    Integer free = freePlaces.poll();
    int place = free != null ? free : placesUsed++;
    turns[place] = turns[place] == MAX_TURN ? 1 : turns[place] + 1;
    connection.number = turns[place] << PLACE_BITS | place;
    table[place] = connection;
    open.incrementAndGet();
    counters.add(Counter.TCP_OPENED, 1);
    nextSweepNanos = NanoTime.earlier(nextSweepNanos, connection.deadlineNanos);
    try {
      poller.add(connection.socket, connection.number);
      queue(connection);
    } catch (IOException e) {
      close(connection);
    }
  }

  private @Nullable TcpConnection find(int number) {
    TcpConnection connection = table[number & CAPACITY - 1];
    return connection != null && connection.number == number ? connection : null;
  }

  private void close(TcpConnection connection) {
    int place = connection.number & CAPACITY - 1;
    connection.closed = true;
    connection.socket.close();
    table[place] = null;
    freePlaces.add(place);
    open.decrementAndGet();
    counters.add(Counter.TCP_CLOSED, 1);
  }
}
