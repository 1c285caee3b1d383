package org.plenum.ice.port;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.BindException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.port.MediaPortCounters.Counter;

/// The media port of Linux: epoll, recvmmsg, sendmmsg, segmentation offload, by
/// [java.lang.foreign]. One dual-stack socket, or one for each address asked for.
final class LinuxMediaPort implements MediaPort {
  private final ReceiveBatch received = new ReceiveBatch();
  private final MediaPortCounters counters = new MediaPortCounters();
  private final LinuxReceiver receiver = new LinuxReceiver(received, counters);
  private final LinuxSender sender = new LinuxSender(counters);
  final LinuxSocket[] sockets;
  private final EpollWaiter waiter;
  private final TcpConnections tcp;
  private final @Nullable TcpListener listener;
  private final List<InetAddress> addresses;
  private @Nullable LinuxRelaySockets relays;
  private int turn;
  private boolean closed;

  private LinuxMediaPort(
      List<LinuxSocket> sockets, List<InetAddress> addresses, @Nullable TcpListener listener)
      throws IOException {
    this.addresses = List.copyOf(addresses);
    this.sockets = sockets.toArray(LinuxSocket[]::new);
    this.listener = listener;
    waiter = new EpollWaiter(sockets);
    EpollPoller connections = new EpollPoller();
    waiter.watch(connections.descriptor());
    tcp = new TcpConnections(connections, received, counters, waiter::wakeUp);
  }

  /// @param port 0 for any free one
  /// @param addresses empty for all
  /// @param listener where its TCP connections come from; null for none
  static LinuxMediaPort open(int port, List<InetAddress> addresses, @Nullable TcpListener listener)
      throws IOException {
    int attempts = port == 0 ? MediaPorts.ANY_PORT_ATTEMPTS : 1;
    while (true) {
      List<LinuxSocket> sockets = new ArrayList<>();
      try {
        openAll(sockets, port, addresses);
        return new LinuxMediaPort(sockets, addresses, listener);
      } catch (IOException | RuntimeException e) {
        MemorySegment errno = LinuxCalls.newErrno();
        sockets.forEach(socket -> socket.close(errno));
        // A port that is free on the first address may be taken on the next one.
        boolean again = e instanceof BindException && !sockets.isEmpty() && --attempts > 0;
        if (!again) {
          throw e;
        }
      }
    }
  }

  private static void openAll(List<LinuxSocket> sockets, int port, List<InetAddress> addresses)
      throws IOException {
    if (addresses.isEmpty()) {
      sockets.add(LinuxSocket.open(null, port));
    }
    int bound = port;
    for (InetAddress address : addresses) {
      LinuxSocket socket = LinuxSocket.open(address, bound);
      sockets.add(socket);
      bound = socket.port;
    }
  }

  @Override
  public int port() {
    return sockets[0].port;
  }

  @Override
  public ReceiveBatch received() {
    return received;
  }

  @Override
  public void await(long timeoutNanos) {
    if (!closed && !tcp.hasBacklog()) {
      waiter.await(timeoutNanos);
    }
  }

  @Override
  public void wakeUp() {
    waiter.wakeUp();
  }

  @Override
  public int receive() {
    if (closed) {
      return 0;
    }
    int count = tcp.isInUse() ? tcp.receive(0) : 0;
    for (int i = 0; i < sockets.length && count < ReceiveBatch.CAPACITY; i++) {
      count = receiver.receive(sockets[turn], count);
      turn = turn + 1 == sockets.length ? 0 : turn + 1; // so that a busy socket starves none
    }
    return relays == null ? count : relays.receive(receiver, count);
  }

  @Override
  public void flush(SendBatch batch) {
    int count = batch.count();
    if (closed) {
      counters.add(Counter.SEND_REFUSED, count);
      return;
    }
    boolean room = true;
    int to;
    for (int from = 0; from < count; from = to) {
      NetworkPath path = Objects.requireNonNull(batch.path(from));
      LinuxSocket socket = socketFor(path);
      if (socket == null) {
        tcp.append(batch, from, path);
        to = from + 1;
        continue;
      }
      to = endOfRange(batch, from, socket);
      if (room) {
        room = sender.send(socket, batch, from, to);
      } else {
        counters.add(Counter.SEND_BUFFER_FULL, to - from);
      }
    }
    tcp.flush();
  }

  /// Where the datagrams end that go out by the same socket as datagram `from`.
  private int endOfRange(SendBatch batch, int from, LinuxSocket socket) {
    int to = from + 1;
    while (to < batch.count()) {
      NetworkPath path = Objects.requireNonNull(batch.path(to));
      if (socketFor(path) != socket) {
        break;
      }
      to++;
    }
    return to;
  }

  /// The socket bound to the path's local address; failing that, one of the right family. Null for
  /// what goes by TCP, or by a relay that is gone.
  private @Nullable LinuxSocket socketFor(NetworkPath path) {
    if (path.connection() != 0) {
      boolean relayed = NetworkPath.isRelayPort(path.connection());
      return relayed && relays != null ? relays.socketFor(path) : null;
    }
    if (sockets.length == 1) {
      return sockets[0];
    }
    LinuxSocket sameFamily = sockets[0];
    for (int i = sockets.length - 1; i >= 0; i--) {
      LinuxSocket socket = sockets[i];
      if (socket.addressLow == path.localLow() && socket.addressHigh == path.localHigh()) {
        return socket;
      }
      if (path.isIpv4() == (socket.family == Sockaddr.AF_INET)) {
        sameFamily = socket;
      }
    }
    return sameFamily;
  }

  @Override
  public boolean openRelay(int port) {
    if (closed) {
      return false;
    }
    try {
      if (relays == null) {
        relays = new LinuxRelaySockets(addresses);
        waiter.watch(relays.descriptor());
      }
    } catch (IOException e) {
      return false; // no descriptor is left
    }
    return relays.open(port);
  }

  @Override
  public void closeRelay(int port) {
    if (relays != null) {
      relays.close(port);
    }
  }

  @Override
  public void expect(String ufrag) {
    if (listener != null) {
      listener.expect(ufrag, tcp);
    }
  }

  @Override
  public void forget(String ufrag) {
    if (listener != null) {
      listener.forget(ufrag, tcp);
    }
  }

  @Override
  public void confirm(int connection, long nowNanos) {
    tcp.confirm(connection, nowNanos);
  }

  @Override
  public void keep(int connection, long untilNanos) {
    tcp.keep(connection, untilNanos);
  }

  @Override
  public boolean isConnected(int connection) {
    return tcp.isConnected(connection);
  }

  @Override
  public void disconnect(int connection) {
    tcp.disconnect(connection);
  }

  @Override
  public void onTimeout(long nowNanos) {
    tcp.onTimeout(nowNanos);
  }

  @Override
  public int receiveBufferBytes() {
    return sockets[0].receiveBufferBytes;
  }

  @Override
  public int sendBufferBytes() {
    return sockets[0].sendBufferBytes;
  }

  @Override
  public MediaPortCounters counters() {
    return counters;
  }

  /// Whether runs go out as one message on every socket.
  boolean segmentation() {
    boolean all = true;
    for (LinuxSocket socket : sockets) {
      all &= socket.segmentation;
    }
    return all;
  }

  @Override
  public String toString() {
    return "Linux, sockets=" + sockets.length + ", segmentation=" + segmentation();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    tcp.closeAll();
    if (relays != null) {
      relays.closeAll();
    }
    waiter.close();
    MemorySegment errno = LinuxCalls.newErrno();
    for (LinuxSocket socket : sockets) {
      socket.close(errno);
    }
  }
}
