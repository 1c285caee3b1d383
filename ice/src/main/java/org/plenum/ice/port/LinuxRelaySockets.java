package org.plenum.ice.port;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NetworkPath;

/// The sockets of relays beside a media port's own, watched by an epoll of theirs: one that nobody
/// writes to costs nothing. Worker's thread only.
final class LinuxRelaySockets {
  private static final int TOKEN_PORT_BITS = 16;

  private final List<InetAddress> addresses;
  private final EpollPoller poller;
  private final MemorySegment errno = LinuxCalls.newErrno();

  /// By port; as many for each as there are addresses to listen on. An array, for packets look up.
  private final @Nullable List<Watched>[] open = newTable();

  private int count;

  private record Watched(LinuxSocket socket, MemorySegment errno) implements LinuxDescriptor {
    @Override
    public int descriptor() {
      return socket.fd;
    }

    @Override
    public void close() {
      socket.close(errno);
    }
  }

  /// @param addresses which of ours to listen on; empty for all
  LinuxRelaySockets(List<InetAddress> addresses) throws IOException {
    this.addresses = addresses;
    poller = new EpollPoller();
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // there are no generic arrays
  private static @Nullable List<Watched>[] newTable() {
    return new @Nullable List[1 << TOKEN_PORT_BITS];
  }

  /// Readable while something is there to be received.
  int descriptor() {
    return poller.descriptor();
  }

  /// @return false if the port cannot be had
  boolean open(int port) {
    List<Watched> sockets = new ArrayList<>(1);
    try {
      if (addresses.isEmpty()) {
        sockets.add(new Watched(LinuxSocket.open(null, port), errno));
      }
      for (InetAddress address : addresses) {
        sockets.add(new Watched(LinuxSocket.open(address, port), errno));
      }
      for (int i = 0; i < sockets.size(); i++) {
        poller.add(sockets.get(i), i << TOKEN_PORT_BITS | port);
      }
    } catch (IOException e) {
      sockets.forEach(Watched::close); // which ends watching them
      return false;
    }
    open[port] = sockets;
    count++;
    return true;
  }

  void close(int port) {
    List<Watched> sockets = open[port];
    if (sockets != null) {
      open[port] = null;
      count--;
      sockets.forEach(Watched::close);
    }
  }

  /// Reads what is ready, a batch's rest at the most.
  ///
  /// @param from position in the batch
  /// @return the position after the last datagram
  int receive(LinuxReceiver receiver, int from) {
    int to = from;
    int ready = count == 0 ? 0 : poller.poll();
    for (int i = 0; i < ready && to < ReceiveBatch.CAPACITY; i++) {
      int port = poller.token(i) & (1 << TOKEN_PORT_BITS) - 1;
      List<Watched> sockets = open[port];
      if (sockets != null) {
        LinuxSocket socket = sockets.get(poller.token(i) >> TOKEN_PORT_BITS).socket();
        to = receiver.receive(socket, to, -port);
      }
    }
    return to;
  }

  /// The socket by which what takes this path leaves; null if it is closed.
  @Nullable LinuxSocket socketFor(NetworkPath path) {
    List<Watched> sockets = open[-path.connection()];
    if (sockets == null) {
      return null;
    }
    LinuxSocket sameFamily = sockets.getFirst().socket();
    for (int i = 0; i < sockets.size(); i++) {
      LinuxSocket socket = sockets.get(i).socket();
      if (socket.addressLow == path.localLow() && socket.addressHigh == path.localHigh()) {
        return socket;
      }
      if (path.isIpv4() == (socket.family == Sockaddr.AF_INET)) {
        sameFamily = socket;
      }
    }
    return sameFamily;
  }

  void closeAll() {
    for (int port = 0; port < open.length; port++) {
      close(port);
    }
    poller.close();
  }
}
