package org.plenum.ice.port;

import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.tcp.ByteRing;
import org.plenum.ice.tcp.FrameBuffer;
import org.plenum.ice.tcp.FrameQueue;
import org.plenum.ice.tcp.Framing;

/// A connection that somebody else has with the client, as a web server that does TLS: in place of
/// a socket there is a ring of bytes each way. To a worker it is one more TCP connection
/// ([TcpListener#adopt]).
///
/// [#receive], [#end] and [#take] are for whoever has the connection, each by one thread at a time;
/// all else belongs to us.
public final class ByteStream extends TcpSocket {
  /// More than a flight of requests; a worker takes what is there within a turn.
  private static final int IN_BYTES = 16 << 10;

  /// What does not fit waits in the worker's [FrameQueue].
  private static final int OUT_BYTES = 32 << 10;

  private final ByteRing in = new ByteRing(IN_BYTES);
  private final ByteRing out = new ByteRing(OUT_BYTES);
  private final Outside outside;
  private final @Nullable Framing framing;

  /// Whether it waits in its poller's queue.
  private final AtomicBoolean told = new AtomicBoolean();

  private volatile @Nullable StreamPoller poller;
  private volatile int token;
  private volatile boolean ended;
  private volatile boolean wantsRoom;
  private volatile boolean watchesWritable;

  /// Whoever has the connection. Called on a worker's thread, or the listener's: must not block,
  /// nor do the work there.
  public interface Outside {
    /// There are bytes to [#take].
    void onOutput();

    /// [#receive] did not take all, and now there is room.
    void onRoom();

    /// The connection is to be closed. Once.
    void onClosed();
  }

  /// @param framing null: the first bytes tell
  public ByteStream(
      InetSocketAddress remote,
      InetSocketAddress local,
      @Nullable Framing framing,
      Outside outside) {
    super(
        NetworkPath.high(remote.getAddress()),
        NetworkPath.low(remote.getAddress()),
        remote.getPort(),
        NetworkPath.high(local.getAddress()),
        NetworkPath.low(local.getAddress()));
    this.framing = framing;
    this.outside = outside;
  }

  /// Hands on bytes that came from the client.
  ///
  /// @return whether there was room for all of them; if not, [Outside#onRoom] tells when to go on
  public boolean receive(ByteBuffer bytes) {
    put(bytes);
    if (bytes.hasRemaining()) {
      wantsRoom = true;
      put(bytes); // there may have become room just before
      wantsRoom = bytes.hasRemaining();
    }
    tell();
    return !bytes.hasRemaining();
  }

  private void put(ByteBuffer bytes) {
    bytes.position(bytes.position() + in.put(MemorySegment.ofBuffer(bytes)));
  }

  /// The client sends nothing any more.
  public void end() {
    ended = true;
    tell();
  }

  /// Takes bytes for the client.
  ///
  /// @return how many
  public int take(ByteBuffer into) {
    int count = out.take(MemorySegment.ofBuffer(into));
    into.position(into.position() + count);
    if (count > 0 && watchesWritable) {
      tell();
    }
    return count;
  }

  FrameBuffer newBuffer() {
    return framing == null ? new FrameBuffer() : new FrameBuffer(framing);
  }

  /// From now on this one is told.
  void watchBy(StreamPoller next, int itsToken) {
    token = itsToken;
    poller = next;
    told.set(false);
    tell();
  }

  void unwatch() {
    poller = null;
  }

  void watchWritable(boolean on) {
    watchesWritable = on;
    if (on && out.hasRoom()) {
      tell(); // it may have become so just before
    }
  }

  /// Whether this one is still its poller, which took it out of its queue.
  boolean isToldBy(StreamPoller its) {
    if (poller != its) {
      return false;
    }
    told.set(false);
    return true;
  }

  int token() {
    return token;
  }

  private void tell() {
    StreamPoller its = poller;
    if (its != null && told.compareAndSet(false, true)) {
      its.tell(this);
    }
  }

  @Override
  int read(FrameBuffer into) {
    boolean last = ended; // looked at before what came ahead of it
    int count = in.take(into.space());
    into.add(count);
    if (count > 0 && wantsRoom) {
      wantsRoom = false;
      outside.onRoom();
    }
    if (!in.isEmpty() || last && count > 0) {
      tell();
    }
    return count == 0 && last ? ENDED : count;
  }

  @Override
  boolean write(FrameQueue from) {
    int written = 0;
    while (!from.isEmpty()) {
      int count = out.put(from.next());
      if (count == 0) {
        break;
      }
      from.sent(count);
      written += count;
    }
    if (written > 0) {
      outside.onOutput();
    }
    return true;
  }

  @Override
  public void close() {
    poller = null;
    outside.onClosed();
  }
}
