package org.plenum.ice.port;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.port.MediaPortCounters.Counter;

/// The portable media port: Java's datagram channels, one system call per datagram. A channel bound
/// to all addresses cannot tell which one a datagram reached, so there is a channel for each.
/// Addresses that appear after the start are not served.
final class NioMediaPort implements MediaPort {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final ReceiveBatch received = new ReceiveBatch();
  private final MediaPortCounters counters = new MediaPortCounters();

  /// One byte more than a slot, so that an oversized datagram shows.
  private final ByteBuffer incoming = ByteBuffer.allocateDirect(ReceiveBatch.SLOT_BYTES + 1);

  private final MemorySegment incomingSegment = MemorySegment.ofBuffer(incoming);
  private final List<LocalChannel> channels;
  /// Of relays, by their port: as many for each as there are addresses.
  private final Map<Integer, List<LocalChannel>> relays = new HashMap<>();

  private final Selector selector;
  /// Looking for ready connections takes the selector's own wake-up away.
  private final AtomicBoolean wakeUpPending = new AtomicBoolean();

  private final TcpConnections tcp;
  private final @Nullable TcpListener listener;
  private @Nullable NetworkPath lastPath;
  private @Nullable InetSocketAddress lastRemote;
  private int turn;
  private boolean closed;

  private NioMediaPort(List<LocalChannel> channels, @Nullable TcpListener listener)
      throws IOException {
    this.channels = List.copyOf(channels);
    this.listener = listener;
    selector = Selector.open();
    tcp = new TcpConnections(new SelectorPoller(selector), received, counters, this::wakeUp);
    try {
      for (LocalChannel local : channels) {
        local.channel.register(selector, SelectionKey.OP_READ);
      }
    } catch (IOException e) {
      selector.close();
      throw e;
    }
  }

  /// @param port 0 for any free one
  /// @param addresses empty for all of the machine
  /// @param listener where its TCP connections come from; null for none
  static NioMediaPort open(int port, List<InetAddress> addresses, @Nullable TcpListener listener)
      throws IOException {
    List<InetAddress> locals = withoutWildcards(addresses);
    int attempts = port == 0 ? MediaPorts.ANY_PORT_ATTEMPTS : 1;
    while (true) {
      List<LocalChannel> channels = new ArrayList<>();
      try {
        int bound = port;
        for (InetAddress local : locals) {
          channels.add(LocalChannel.open(local, bound));
          bound = channels.getFirst().port();
        }
        return new NioMediaPort(channels, listener);
      } catch (IOException | RuntimeException e) {
        for (LocalChannel opened : channels) {
          opened.close();
        }
        // A port that is free on the first address may be taken on the next one.
        boolean again = e instanceof BindException && !channels.isEmpty() && --attempts > 0;
        if (!again) {
          throw e;
        }
      }
    }
  }

  private static List<InetAddress> withoutWildcards(List<InetAddress> addresses)
      throws SocketException {
    if (addresses.isEmpty()) {
      return addressesOfMachine();
    }
    List<InetAddress> locals = new ArrayList<>();
    for (InetAddress address : addresses) {
      if (address.isAnyLocalAddress()) {
        addressesOfMachine().stream()
            .filter(local -> local.getClass() == address.getClass())
            .forEach(locals::add);
      } else {
        locals.add(address);
      }
    }
    return locals;
  }

  /// Link-local addresses are left out: they need a scope, which a path does not carry.
  private static List<InetAddress> addressesOfMachine() throws SocketException {
    List<InetAddress> addresses =
        NetworkInterface.networkInterfaces()
            .filter(NioMediaPort::isUp)
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> !address.isLinkLocalAddress())
            .distinct()
            .toList();
    if (addresses.isEmpty()) {
      throw new SocketException("this machine has no network address to listen on");
    }
    return addresses;
  }

  private static boolean isUp(NetworkInterface network) {
    try {
      return network.isUp();
    } catch (SocketException e) {
      return false; // it went away
    }
  }

  @Override
  public int port() {
    return channels.getFirst().port();
  }

  @Override
  public ReceiveBatch received() {
    return received;
  }

  @Override
  public void await(long timeoutNanos) {
    if (wakeUpPending.getAndSet(false) || closed || timeoutNanos <= 0 || tcp.hasBacklog()) {
      return;
    }
    try {
      selector.select(Math.ceilDiv(timeoutNanos, NANOS_PER_MILLI));
      selector.selectedKeys().clear();
      wakeUpPending.set(false);
    } catch (IOException e) {
      throw new IllegalStateException("waiting for datagrams failed", e);
    }
  }

  @Override
  public void wakeUp() {
    wakeUpPending.set(true);
    selector.wakeup();
  }

  @Override
  public int receive() {
    int count = !closed && tcp.isInUse() ? tcp.receive(0) : 0;
    int drained = 0;
    // Round and round, a datagram from each: a busy channel starves none.
    while (!closed && count < ReceiveBatch.CAPACITY && drained < channels.size()) {
      LocalChannel local = channels.get(turn);
      turn = turn + 1 == channels.size() ? 0 : turn + 1;
      InetSocketAddress from = read(local);
      if (from == null) {
        drained++;
        continue;
      }
      drained = 0;
      if (accept(local, from, count)) {
        count++;
      }
    }
    for (Map.Entry<Integer, List<LocalChannel>> relay : relays.entrySet()) {
      for (LocalChannel local : relay.getValue()) {
        count = receiveRelayed(relay.getKey(), local, count);
      }
    }
    return count;
  }

  private int receiveRelayed(int port, LocalChannel local, int from) {
    int to = from;
    while (to < ReceiveBatch.CAPACITY) {
      InetSocketAddress remote = read(local);
      if (remote == null) {
        break;
      }
      if (accept(local, remote, to)) {
        received.connection[to++] = -port;
      }
    }
    return to;
  }

  private @Nullable InetSocketAddress read(LocalChannel local) {
    counters.add(Counter.RECEIVE_CALLS, 1);
    incoming.clear();
    try {
      return (InetSocketAddress) local.channel.receive(incoming);
    } catch (IOException e) {
      return null; // an earlier send was answered with "unreachable"; the next call reads on
    }
  }

  private boolean accept(LocalChannel local, InetSocketAddress from, int i) {
    int length = incoming.position();
    if (length > ReceiveBatch.SLOT_BYTES) {
      counters.add(Counter.OVERSIZED, 1);
      return false;
    }
    MemorySegment.copy(incomingSegment, 0, received.slab(), received.offset(i), length);
    received.length[i] = length;
    received.remoteHigh[i] = NetworkPath.high(from.getAddress());
    received.remoteLow[i] = NetworkPath.low(from.getAddress());
    received.remotePort[i] = from.getPort();
    received.localHigh[i] = local.high;
    received.localLow[i] = local.low;
    received.connection[i] = 0;
    counters.add(Counter.RECEIVED_DATAGRAMS, 1);
    counters.add(Counter.RECEIVED_BYTES, length);
    return true;
  }

  @Override
  public void flush(SendBatch batch) {
    ByteBuffer slab = batch.slab().asByteBuffer();
    boolean room = true;
    for (int i = 0; i < batch.count(); i++) {
      NetworkPath path = Objects.requireNonNull(batch.path(i));
      boolean byRelay = relays.containsKey(-path.connection());
      if (path.connection() != 0 && !byRelay && !closed) {
        tcp.append(batch, i, path);
      } else if (room) {
        int length = batch.length[i];
        slab.limit((int) batch.offset(i) + length).position((int) batch.offset(i));
        room = send(slab, path, batch, i);
        if (!room) {
          counters.countSendError(0);
          counters.add(Counter.SEND_BUFFER_FULL, 1);
        }
      } else {
        counters.add(Counter.SEND_BUFFER_FULL, 1);
      }
    }
    tcp.flush();
  }

  /// @return false if the send buffer is full
  private boolean send(ByteBuffer datagram, NetworkPath path, SendBatch batch, int i) {
    try {
      if (closed || path.remotePort() == 0) {
        throw new SocketException("closed or port 0");
      }
      counters.add(Counter.SEND_CALLS, 1);
      int length = datagram.remaining();
      int written = channelFor(path).channel.send(datagram, remote(path));
      if (written < length) {
        return false;
      }
      batch.sent[i] = true;
      counters.add(Counter.SENT_DATAGRAMS, 1);
      counters.add(Counter.SENT_BYTES, length);
    } catch (IOException | IllegalArgumentException e) { // the latter: address of another family
      counters.countSendError(0);
      counters.add(Counter.SEND_REFUSED, 1);
    }
    return true;
  }

  private InetSocketAddress remote(NetworkPath path) {
    InetSocketAddress remote = lastRemote;
    if (remote == null || !path.equals(lastPath)) {
      remote = path.remote();
      lastRemote = remote;
      lastPath = path;
    }
    return remote;
  }

  /// The channel of the path's local address; failing that, one of the right family.
  private LocalChannel channelFor(NetworkPath path) {
    List<LocalChannel> candidates = relays.getOrDefault(-path.connection(), channels);
    LocalChannel sameFamily = candidates.getFirst();
    for (int i = candidates.size() - 1; i >= 0; i--) {
      LocalChannel local = candidates.get(i);
      if (local.low == path.localLow() && local.high == path.localHigh()) {
        return local;
      }
      if (path.isIpv4() == NetworkPath.isIpv4(local.high, local.low)) {
        sameFamily = local;
      }
    }
    return sameFamily;
  }

  @Override
  public boolean openRelay(int port) {
    List<LocalChannel> opened = new ArrayList<>();
    try {
      for (LocalChannel local : closed ? List.<LocalChannel>of() : channels) {
        opened.add(LocalChannel.open(NetworkPath.address(local.high, local.low), port));
        opened.getLast().channel.register(selector, SelectionKey.OP_READ);
      }
    } catch (IOException e) {
      opened.forEach(LocalChannel::close);
      return false;
    }
    if (!opened.isEmpty()) {
      relays.put(port, opened);
    }
    return !opened.isEmpty();
  }

  @Override
  public void closeRelay(int port) {
    List<LocalChannel> gone = relays.remove(port);
    if (gone == null) {
      return;
    }
    gone.forEach(LocalChannel::close);
    try {
      selector.selectNow(); // a channel lets go of its port when its selector has seen that
    } catch (IOException e) {
      throw new IllegalStateException("looking for closed channels failed", e);
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
    return channels.getFirst().receiveBufferBytes;
  }

  @Override
  public int sendBufferBytes() {
    return channels.getFirst().sendBufferBytes;
  }

  @Override
  public MediaPortCounters counters() {
    return counters;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    tcp.closeAll();
    try {
      selector.close();
    } catch (IOException e) {
      throw new IllegalStateException("closing a selector failed", e);
    } finally {
      channels.forEach(LocalChannel::close);
      relays.values().forEach(each -> each.forEach(LocalChannel::close));
    }
  }

  @Override
  public String toString() {
    return "NIO, channels=" + channels.size();
  }
}
