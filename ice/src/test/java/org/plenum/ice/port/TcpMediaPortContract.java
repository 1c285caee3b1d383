package org.plenum.ice.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.plenum.ice.port.MediaPortContract.addresses;
import static org.plenum.ice.port.MediaPortContract.append;
import static org.plenum.ice.port.MediaPortContract.bytes;
import static org.plenum.ice.port.MediaPortContract.receive;

import java.io.DataInputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.agent.ConnectivityCheck;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.ice.port.MediaPortContract.Arrival;
import org.plenum.ice.port.MediaPortCounters.Counter;
import org.plenum.ice.tcp.Admission;
import org.plenum.ice.tcp.FrameQueue;

/// What every media port and its TCP listener do, on loopback. One subclass for each
/// implementation.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class TcpMediaPortContract {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final long SECOND = 1_000_000_000L;
  private static final IceCredentials OURS = IceCredentials.random();

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final SendBatch batch = new SendBatch();
  private TcpListener listener;

  abstract MediaPortKind kind();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  /// A port that expects clients of [#OURS].
  private MediaPort open(String... bind) throws IOException {
    listener = TcpListener.open(kind(), 0, addresses(bind));
    opened.add(listener);
    MediaPort port = MediaPorts.open(kind(), 0, addresses(bind), listener);
    opened.add(port);
    port.expect(OURS.ufrag());
    return port;
  }

  private Socket connect(String from, String to) throws IOException {
    Socket socket = new Socket();
    opened.add(socket);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    socket.bind(new InetSocketAddress(from, 0));
    socket.connect(new InetSocketAddress(to, listener.port()), PATIENCE_MILLIS);
    return socket;
  }

  private Socket connect() throws IOException {
    return connect("127.0.0.1", "127.0.0.1");
  }

  private static byte[] check(String ufrag) {
    var named = new IceCredentials(ufrag, "passwordPasswordPassword");
    return new ConnectivityCheck(named, "them", 1).request(new byte[12], true);
  }

  private static byte[] framed(byte[]... datagrams) {
    int length = Arrays.stream(datagrams).mapToInt(d -> 2 + d.length).sum();
    ByteBuffer stream = ByteBuffer.allocate(length);
    for (byte[] datagram : datagrams) {
      stream.putShort((short) datagram.length).put(datagram);
    }
    return stream.array();
  }

  /// Connects, sends the first check and returns the path it came over.
  private NetworkPath introduce(MediaPort port, Socket client) throws IOException {
    byte[] check = check(OURS.ufrag());
    client.getOutputStream().write(framed(check));
    Arrival arrival = receive(port, 1).getFirst();
    assertArrayEquals(check, arrival.bytes());
    return arrival.path();
  }

  private static byte[] read(Socket client) throws IOException {
    var in = new DataInputStream(client.getInputStream());
    byte[] frame = new byte[in.readUnsignedShort()];
    in.readFully(frame);
    return frame;
  }

  /// Waits until the other side closes.
  private static void assertCloses(Socket client) throws IOException {
    try {
      assertEquals(-1, client.getInputStream().read());
    } catch (SocketException e) {
      assertTrue(e.getMessage().contains("reset"), e.toString());
    }
  }

  private void awaitListener(Counter counter, long value) {
    for (int i = 0; i < 2_000 && listener.counters().value(counter) < value; i++) {
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
    assertEquals(value, listener.counters().value(counter), counter.name());
  }

  @Test
  void carriesDatagramsBothWaysOverIpv4() throws IOException {
    carriesBothWays(open(), "127.0.0.1", "127.0.0.1");
  }

  @Test
  void carriesDatagramsBothWaysOverIpv6() throws IOException {
    assumeTrue(MediaPortContract.hasIpv6());
    carriesBothWays(open(), "::1", "::1");
    carriesBothWays(open("::1"), "::1", "::1");
  }

  @Test
  void answersFromTheAddressItWasReachedOn() throws IOException {
    MediaPort port = open("127.0.0.1", "127.0.0.2");
    carriesBothWays(port, "127.0.0.1", "127.0.0.1");
    carriesBothWays(port, "127.0.0.1", "127.0.0.2");
    carriesBothWays(open("0.0.0.0"), "127.0.0.1", "127.0.0.2");
  }

  private void carriesBothWays(MediaPort port, String from, String to) throws IOException {
    Socket client = connect(from, to);
    NetworkPath path = introduce(port, client);
    assertNotEquals(0, path.connection());
    assertEquals(client.getLocalSocketAddress(), path.remote());
    assertEquals(InetAddress.getByName(to), path.local());
    assertTrue(port.received().cameOver(0, path));
    assertEquals(ReceiveBatch.hash(path), port.received().pathHash(0));

    batch.clear();
    for (int size : new int[] {1, 1200, 2048, 2}) {
      append(batch, bytes(size, size), path);
    }
    port.flush(batch);
    assertEquals(List.of(0, 1, 2, 3), MediaPortContract.sentOf(batch));
    for (int size : new int[] {1, 1200, 2048, 2}) {
      assertArrayEquals(bytes(size, size), read(client));
    }
    client.getOutputStream().write(framed(bytes(1300, 3)));
    Arrival next = receive(port, 1).getFirst();
    assertArrayEquals(bytes(1300, 3), next.bytes());
    assertEquals(path, next.path());
  }

  @Test
  void twoConnectionsOfOneClientAreTwoPaths() throws IOException {
    MediaPort port = open();
    NetworkPath first = introduce(port, connect());
    NetworkPath second = introduce(port, connect());
    assertNotEquals(first, second);
    assertNotEquals(first.connection(), second.connection());
    // The same addresses over UDP are a third one.
    NetworkPath udp = NetworkPath.to(first.remote(), first.local());
    assertNotEquals(udp, first);
    assertFalse(port.received().cameOver(0, udp));
  }

  @Test
  void aDatagramOverUdpIsNotTakenForOneOfTheConnectionBeforeIt() throws IOException {
    MediaPort port = open();
    introduce(port, connect());
    try (DatagramSocket peer = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
      MediaPortContract.send(peer, bytes(60, 5), "127.0.0.1", port.port());
      NetworkPath path = receive(port, 1).getFirst().path();
      assertEquals(0, path.connection());
      assertEquals(peer.getLocalSocketAddress(), path.remote());
    }
  }

  @Test
  void eachUfragLeadsToItsPort() throws IOException {
    MediaPort first = open();
    MediaPort second = MediaPorts.open(kind(), 0, addresses(), listener);
    opened.add(second);
    second.expect("second");
    Socket client = connect();
    client.getOutputStream().write(framed(check("second")));
    assertEquals(1, receive(second, 1).size());
    introduce(first, connect());
    second.forget(OURS.ufrag()); // not its own
    introduce(first, connect());
    second.forget("second");
    Socket late = connect();
    late.getOutputStream().write(framed(check("second")));
    assertCloses(late);
  }

  @Test
  void framesArriveHoweverTheStreamIsCut() throws IOException {
    MediaPort port = open();
    Socket client = connect();
    for (byte each : framed(check(OURS.ufrag()), bytes(30, 1))) {
      client.getOutputStream().write(each);
    }
    assertArrayEquals(bytes(30, 1), receive(port, 2).getLast().bytes());
    client.getOutputStream().write(framed(new byte[0], bytes(7, 2), new byte[0], bytes(9, 3)));
    List<Arrival> rest = receive(port, 2);
    assertArrayEquals(bytes(7, 2), rest.getFirst().bytes());
    assertArrayEquals(bytes(9, 3), rest.getLast().bytes());
  }

  @Test
  void aFloodOverTcpLeavesRoomForUdpAndForOtherConnections() throws IOException {
    MediaPort port = open();
    Socket flood = connect();
    introduce(port, flood);
    Socket other = connect();
    introduce(port, other);
    byte[][] many = new byte[1_000][];
    Arrays.setAll(many, i -> bytes(50, i));
    flood.getOutputStream().write(framed(many));
    other.getOutputStream().write(framed(bytes(20, 1)));
    try (DatagramSocket peer = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
      MediaPortContract.send(peer, bytes(60, 5), "127.0.0.1", port.port());
    }
    List<Arrival> arrivals = receive(port, 1_002);
    long tcp = arrivals.stream().filter(a -> a.path().connection() != 0).count();
    assertEquals(1_001, tcp);
    int number = arrivals.getFirst().path().connection();
    List<byte[]> flooded =
        arrivals.stream()
            .filter(a -> a.bytes().length == 50 && a.path().connection() == number)
            .map(Arrival::bytes)
            .toList();
    for (int i = 0; i < flooded.size(); i++) {
      assertArrayEquals(many[i], flooded.get(i));
    }
  }

  @Test
  void whatASlowReaderDoesNotTakeIsBoundedAndDroppedInWholeFrames() throws IOException {
    MediaPort port = open();
    Socket client = connect();
    NetworkPath path = introduce(port, client);
    int accepted = 0;
    int tried = 0;
    while (port.counters().value(Counter.SEND_BUFFER_FULL) < 100) {
      batch.clear();
      while (!batch.isFull()) {
        append(batch, ByteBuffer.allocate(1500).putInt(tried++).array(), path);
      }
      port.flush(batch);
      accepted += MediaPortContract.sentOf(batch).size();
      assertTrue(tried < 100_000, "bounded");
    }
    assertEquals(tried - accepted, port.counters().value(Counter.SEND_BUFFER_FULL));
    assertTrue(accepted * 1502L > FrameQueue.MAX_BYTES);

    List<byte[]> read = java.util.Collections.synchronizedList(new ArrayList<>());
    int all = accepted;
    Thread reader = Thread.ofPlatform().start(() -> readAll(client, all, read));
    while (reader.isAlive()) {
      port.await(SECOND / 50);
      port.receive();
    }
    assertEquals(all, read.size());
    int last = -1;
    for (byte[] frame : read) {
      assertEquals(1500, frame.length);
      assertTrue(ByteBuffer.wrap(frame).getInt() > last, "in order");
      last = ByteBuffer.wrap(frame).getInt();
    }
  }

  /// As clients with one small buffer and several threads do it: header and datagram in writes of
  /// their own, cut anywhere, read a few bytes at a time, all of it both ways at once. Neither
  /// order nor length nor a byte may change, on no connection.
  @Test
  void framesKeepTheirShapeUnderPartialWritesAndReadsBothWaysAtOnce() throws Exception {
    MediaPort port = open();
    int connections = 4;
    int frames = 1_500;
    Map<NetworkPath, FragmentingClient> clients = new HashMap<>();
    for (int i = 0; i < connections; i++) {
      Socket socket = new Socket();
      opened.add(socket);
      socket.setReceiveBufferSize(4_096); // so that our writes are partial
      socket.setSendBufferSize(4_096);
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress("127.0.0.1", listener.port()), PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      clients.put(introduce(port, socket), new FragmentingClient(socket, frames, i));
    }
    clients.values().forEach(FragmentingClient::start);
    while (clients.values().stream().anyMatch(FragmentingClient::isBusy)) {
      batch.clear();
      clients.forEach((path, client) -> client.offer(batch, path));
      port.flush(batch);
      clients.values().forEach(client -> client.onFlushed(batch));
      port.await(SECOND / 1_000);
      int count = port.receive();
      for (int i = 0; i < count; i++) {
        ReceiveBatch in = port.received();
        long at = in.offset(i);
        byte[] frame = in.slab().asSlice(at, in.length(i)).toArray(ValueLayout.JAVA_BYTE);
        clients.get(in.path(i)).onFrame(frame);
      }
    }
    for (FragmentingClient client : clients.values()) {
      client.verify();
    }
  }

  private static void readAll(Socket client, int frames, List<byte[]> into) {
    try {
      var in = new DataInputStream(new java.io.BufferedInputStream(client.getInputStream()));
      for (int i = 0; i < frames; i++) {
        byte[] frame = new byte[in.readUnsignedShort()];
        in.readFully(frame);
        into.add(frame);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void thePathOfAClosedConnectionIsRefused() throws IOException {
    MediaPort port = open();
    Socket client = connect();
    NetworkPath path = introduce(port, client);
    client.getOutputStream().write(new byte[] {0, 100, 1, 2, 3}); // in the middle of a frame
    client.close();
    awaitClosed(port, 1);
    append(batch, bytes(10, 1), path);
    port.flush(batch);
    assertFalse(batch.wasSent(0));
    assertEquals(1, port.counters().value(Counter.SEND_REFUSED));

    // Its place goes to another one, which is another path.
    NetworkPath next = introduce(port, connect());
    assertNotEquals(path.connection(), next.connection());
    port.flush(batch);
    assertFalse(batch.wasSent(0));
    assertEquals(2, port.counters().value(Counter.SEND_REFUSED));
  }

  private static void awaitClosed(MediaPort port, long connections) {
    for (int i = 0; i < 200 && port.counters().value(Counter.TCP_CLOSED) < connections; i++) {
      port.await(SECOND / 10);
      assertEquals(0, port.receive());
    }
    assertEquals(connections, port.counters().value(Counter.TCP_CLOSED));
  }

  @Test
  void aConnectionMustBeConfirmedInTimeAndAgainLater() throws IOException {
    MediaPort port = open();
    Socket confirmed = connect();
    NetworkPath path = introduce(port, confirmed);
    Socket silent = connect();
    introduce(port, silent);
    long now = System.nanoTime();
    port.confirm(path.connection(), now);
    port.confirm(77, now); // nobody's
    port.confirm(0, now);

    port.onTimeout(now + Admission.AUTHENTICATE_NANOS);
    assertCloses(silent);
    assertEquals(1, port.counters().value(Counter.TCP_TIMED_OUT));
    port.confirm(path.connection(), now + 29 * SECOND);
    port.onTimeout(now + 58 * SECOND);
    assertEquals(1, port.counters().value(Counter.TCP_CLOSED));
    port.onTimeout(now + 59 * SECOND);
    assertCloses(confirmed);
    assertEquals(2, port.counters().value(Counter.TCP_TIMED_OUT));
  }

  @Test
  void theOwnerMayDisconnect() throws IOException {
    MediaPort port = open();
    Socket client = connect();
    NetworkPath path = introduce(port, client);
    port.disconnect(0);
    port.disconnect(path.connection());
    port.disconnect(path.connection());
    assertCloses(client);
    assertEquals(1, port.counters().value(Counter.TCP_CLOSED));
  }

  @Test
  void aFrameThatIsTooLongClosesTheConnection() throws IOException {
    MediaPort port = open();
    Socket client = connect();
    introduce(port, client);
    client.getOutputStream().write(framed(bytes(100, 1)));
    client.getOutputStream().write(new byte[] {(byte) 0xFF, (byte) 0xFF, 1});
    assertArrayEquals(bytes(100, 1), receive(port, 1).getFirst().bytes());
    awaitClosed(port, 1);
    assertCloses(client);
    assertEquals(1, port.counters().value(Counter.OVERSIZED));
  }

  @Test
  void whoDoesNotAskForATransportOfOursIsClosed() throws IOException {
    MediaPort port = open();
    byte[] garbage = framed(bytes(100, 7));
    byte[] plain = "GET / HTTP/1.1\r\nHost: plenum\r\n\r\n".getBytes();
    byte[] tooLong = {(byte) 0xFF, (byte) 0xFF};
    byte[] nobody = framed(check("nobody"));
    List<byte[]> hostile = List.of(garbage, plain, tooLong, nobody);
    for (byte[] bytes : hostile) {
      Socket client = connect();
      client.getOutputStream().write(bytes);
      assertCloses(client);
    }
    awaitListener(Counter.TCP_UNKNOWN, hostile.size());
    assertEquals(0, port.counters().value(Counter.TCP_OPENED));
    introduce(port, connect());
  }

  @Test
  void whoClosesBeforeTheFirstFrameIsForgotten() throws IOException {
    MediaPort port = open();
    Socket mute = connect();
    Socket half = connect();
    half.getOutputStream().write(Arrays.copyOf(framed(check(OURS.ufrag())), 30));
    mute.close();
    half.close();
    awaitListener(Counter.TCP_ABANDONED, 2);
    introduce(port, connect());
  }

  @Test
  void whoSendsHalfAFrameAndWaitsIsClosedInTheEndAndKeepsNobodyOut() throws Exception {
    MediaPort port = open();
    byte[] check = framed(check(OURS.ufrag()));
    Socket half = connect();
    half.getOutputStream().write(Arrays.copyOf(check, check.length / 2));
    Socket mute = connect();
    Socket slow = connect();
    Thread loris =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    while (true) {
                      slow.getOutputStream().write(0); // empty frames, one byte at a time
                      java.util.concurrent.locks.LockSupport.parkNanos(SECOND / 20);
                    }
                  } catch (IOException e) {
                    // closed, as it should be
                  }
                });
    introduce(port, connect());
    assertCloses(half);
    assertCloses(mute);
    loris.join();
    awaitListener(Counter.TCP_TIMED_OUT, 3);
    assertEquals(1, port.counters().value(Counter.TCP_OPENED));
  }

  @Test
  void twentyOfOnePrefixMayWaitAndAThousandInAll() throws IOException {
    MediaPort port = open();
    List<Socket> waiting = new ArrayList<>();
    for (int i = 0; i < Admission.MAX_WAITING; i++) {
      waiting.add(connect("127.0." + i / Admission.MAX_PER_PREFIX + ".1", "127.0.0.1"));
    }
    awaitListener(Counter.TCP_ACCEPTED, Admission.MAX_WAITING);
    assertEquals(0, listener.counters().value(Counter.TCP_REFUSED));
    assertCloses(connect("127.0.7.9", "127.0.0.1")); // the 21st of its prefix
    Socket oneTooMany = connect("127.0.200.1", "127.0.0.1");
    introduce(port, oneTooMany);
    assertCloses(waiting.getFirst()); // the one that waited longest made room
    awaitListener(Counter.TCP_REFUSED, 2);
  }

  @Test
  void closingThePortClosesItsConnections() throws IOException {
    MediaPort port = open();
    Socket client = connect();
    introduce(port, client);
    port.close();
    assertCloses(client);
    assertEquals(0, port.receive());
    Socket late = connect();
    late.getOutputStream().write(framed(check(OURS.ufrag())));
    assertCloses(late);
    awaitListener(Counter.TCP_REFUSED, 1);
    listener.close();
    listener.close();
    assertThrows(IOException.class, this::connect);
  }

  @Test
  void saysWhichPortIsInUseOrWhichAddressIsNotOurs() throws IOException {
    open("127.0.0.1");
    BindException inUse =
        assertThrows(
            BindException.class,
            () -> TcpListener.open(kind(), listener.port(), addresses("127.0.0.1")).close());
    assertTrue(
        inUse.getMessage().startsWith("TCP port " + listener.port() + " is in use"),
        inUse::getMessage);
    BindException foreign =
        assertThrows(
            BindException.class,
            () -> TcpListener.open(kind(), 0, addresses("203.0.113.9")).close());
    assertTrue(foreign.getMessage().contains("203.0.113.9"), foreign::getMessage);
  }

  @Test
  void thePortIsFreeAgainAtOnceAfterARestart() throws IOException {
    MediaPort port = open();
    introduce(port, connect());
    int number = listener.port();
    port.close(); // we close first: the connection stays in TIME_WAIT
    listener.close();
    TcpListener.open(kind(), number, addresses()).close();
  }
}
