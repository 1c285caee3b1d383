package org.plenum.ice.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.port.MediaPortCounters.Counter;

/// What every media port does, on loopback. One subclass for each implementation.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class MediaPortContract {
  private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final int PEER_TIMEOUT_MILLIS = 10_000;

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final SendBatch batch = new SendBatch();

  abstract MediaPortKind kind();

  /// A datagram as it arrived, with the path it came over.
  record Arrival(byte[] bytes, NetworkPath path) {}

  MediaPort open(String... addresses) throws IOException {
    MediaPort port = MediaPorts.open(kind(), 0, addresses(addresses));
    opened.add(port);
    return port;
  }

  /// A socket of Java's, the independent other end.
  DatagramSocket peer(String address) throws IOException {
    DatagramSocket socket = new DatagramSocket(new InetSocketAddress(address, 0));
    socket.setSoTimeout(PEER_TIMEOUT_MILLIS);
    socket.setReceiveBufferSize(1 << 20);
    opened.add(socket);
    return socket;
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  @Test
  void carriesDatagramsOverIpv4AndBack() throws IOException {
    carriesDatagramsBothWays("127.0.0.1");
  }

  @Test
  void carriesDatagramsOverIpv6AndBack() throws IOException {
    assumeTrue(hasIpv6());
    carriesDatagramsBothWays("::1");
  }

  private void carriesDatagramsBothWays(String address) throws IOException {
    MediaPort port = open();
    DatagramSocket peer = peer(address);
    byte[] question = bytes(1200, 1);
    send(peer, question, address, port.port());

    Arrival arrival = receive(port, 1).getFirst();
    assertArrayEquals(question, arrival.bytes());
    assertEquals(peer.getLocalSocketAddress(), arrival.path().remote());
    assertEquals(InetAddress.getByName(address), arrival.path().local());

    byte[] answer = bytes(700, 2);
    append(batch, answer, arrival.path());
    port.flush(batch);
    assertTrue(batch.wasSent(0));
    DatagramPacket back = receive(peer);
    assertArrayEquals(answer, content(back));
    assertEquals(new InetSocketAddress(address, port.port()), back.getSocketAddress());
  }

  @Test
  void relaysHavePortsOfTheirOwnWhileTheyAreOpen() throws IOException {
    MediaPort port = open("127.0.0.1");
    DatagramSocket peer = peer("127.0.0.1");
    int relay = freePort();
    assertTrue(port.openRelay(relay));
    assertFalse(port.openRelay(peer.getLocalPort()), "somebody else's");
    send(peer, bytes(50, 1), "127.0.0.1", relay);
    send(peer, bytes(60, 2), "127.0.0.1", port.port());
    List<Arrival> arrivals = receive(port, 2);
    Arrival relayed =
        arrivals.stream().filter(each -> each.bytes().length == 50).findFirst().orElseThrow();
    Arrival other =
        arrivals.stream().filter(each -> each.bytes().length == 60).findFirst().orElseThrow();
    assertEquals(-relay, relayed.path().connection());
    assertTrue(NetworkPath.isRelayPort(relayed.path().connection()));
    assertEquals(0, other.path().connection());

    append(batch, bytes(70, 3), other.path());
    append(batch, bytes(70, 4), relayed.path());
    append(batch, bytes(70, 5), relayed.path());
    port.flush(batch);
    assertTrue(batch.wasSent(0) && batch.wasSent(1) && batch.wasSent(2));
    List<Integer> sources = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      sources.add(((InetSocketAddress) receive(peer).getSocketAddress()).getPort());
    }
    sources.sort(null);
    List<Integer> expected = new ArrayList<>(List.of(port.port(), relay, relay));
    expected.sort(null);
    assertEquals(expected, sources);

    port.closeRelay(relay);
    batch.clear();
    append(batch, bytes(70, 6), relayed.path());
    port.flush(batch);
    assertFalse(batch.wasSent(0));
    assertTrue(port.openRelay(relay), "free again");
  }

  private static int freePort() throws IOException {
    try (var probe = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
      return probe.getLocalPort();
    }
  }

  @Test
  void answersFromTheAddressItWasReachedOn() throws IOException {
    answersFromEach(open("127.0.0.1", "127.0.0.2"));
  }

  @Test
  void matchesArrivalsWithPathsByHashAndFields() throws IOException {
    MediaPort port = open("127.0.0.1");
    DatagramSocket peer = peer("127.0.0.1");
    send(peer, bytes(10, 1), "127.0.0.1", port.port());
    NetworkPath path = receive(port, 1).getFirst().path();
    assertTrue(port.received().cameOver(0, path));
    assertEquals(ReceiveBatch.hash(path), port.received().pathHash(0));
    NetworkPath other = NetworkPath.to(path.remote(), InetAddress.getByName("127.0.0.2"));
    assertFalse(port.received().cameOver(0, other));
  }

  /// Sends to 127.0.0.1 and 127.0.0.2 in turn, and looks where the answers come from.
  void answersFromEach(MediaPort port) throws IOException {
    DatagramSocket peer = peer("127.0.0.1");
    for (String reached : List.of("127.0.0.2", "127.0.0.1", "127.0.0.2")) {
      send(peer, bytes(100, 3), reached, port.port());
      NetworkPath path = receive(port, 1).getFirst().path();
      assertEquals(InetAddress.getByName(reached), path.local());
      batch.clear();
      append(batch, bytes(50, 4), path);
      port.flush(batch);
      assertEquals(InetAddress.getByName(reached), receive(peer).getAddress());
    }
  }

  @Test
  void sendsAndReceivesAFullBatchInOrder() throws IOException {
    MediaPort from = open("127.0.0.1");
    MediaPort to = open("127.0.0.1");
    NetworkPath path = pathTo(to);
    List<byte[]> sent = new ArrayList<>();
    for (int i = 0; i < SendBatch.CAPACITY; i++) {
      sent.add(bytes(100 + new Random(i).nextInt(1900), i));
      append(batch, sent.get(i), path);
    }
    assertTrue(batch.isFull());
    from.flush(batch);
    assertEquals(sizesAndSeeds(sent), sizesAndSeeds(contents(receive(to, SendBatch.CAPACITY))));
    assertEquals(64, from.counters().value(Counter.SENT_DATAGRAMS));
  }

  @Test
  void deliversMoreThanABatchInSeveralCalls() throws IOException {
    MediaPort port = open("127.0.0.1");
    DatagramSocket peer = peer("127.0.0.1");
    for (int i = 0; i < 150; i++) {
      send(peer, bytes(20 + i, i), "127.0.0.1", port.port());
    }
    assertEquals(64, port.receive());
    assertEquals(64, port.receive());
    assertEquals(22, port.receive());
    assertEquals(20 + 149, port.received().length(21));
    assertEquals(0, port.receive());
  }

  @Test
  void dropsAndCountsAnOversizedDatagramAmongOthers() throws IOException {
    MediaPort port = open("127.0.0.1");
    DatagramSocket peer = peer("127.0.0.1");
    int[] sizes = {10, ReceiveBatch.SLOT_BYTES + 1, 30, 9000, ReceiveBatch.SLOT_BYTES, 60};
    for (int size : sizes) {
      send(peer, bytes(size, size), "127.0.0.1", port.port());
    }
    List<byte[]> arrived = contents(receive(port, 4));
    List<byte[]> expected =
        List.of(bytes(10, 10), bytes(30, 30), bytes(ReceiveBatch.SLOT_BYTES, 2048), bytes(60, 60));
    assertEquals(sizesAndSeeds(expected), sizesAndSeeds(arrived));
    assertEquals(2, port.counters().value(Counter.OVERSIZED));
    assertEquals(4, port.counters().value(Counter.RECEIVED_DATAGRAMS));
  }

  @Test
  void carriesEmptyDatagrams() throws IOException {
    MediaPort from = open("127.0.0.1");
    MediaPort to = open("127.0.0.1");
    NetworkPath path = pathTo(to);
    for (int size : new int[] {0, 0, 5, 0}) {
      append(batch, bytes(size, 9), path);
    }
    from.flush(batch);
    assertEquals(List.of(0, 0, 5, 0), receive(to, 4).stream().map(a -> a.bytes().length).toList());
  }

  @Test
  void sendsTheOthersWhenOneDestinationIsInvalid() throws IOException {
    MediaPort from = open("127.0.0.1");
    MediaPort to = open("127.0.0.1");
    NetworkPath good = pathTo(to);
    append(batch, bytes(100, 1), good);
    append(batch, bytes(100, 2), new NetworkPath(0, good.remoteLow(), 0, 0, 0)); // port 0
    append(batch, bytes(100, 3), good);
    append(batch, bytes(100, 4), NetworkPath.to(new InetSocketAddress("::1", 9), null));
    append(batch, bytes(100, 5), NetworkPath.to(new InetSocketAddress("255.255.255.255", 9), null));
    append(batch, bytes(100, 6), good);
    from.flush(batch);

    assertEquals(List.of(0, 2, 5), sentOf(batch));
    assertEquals(3, receive(to, 3).size());
    assertEquals(3, from.counters().value(Counter.SENT_DATAGRAMS));
    assertEquals(300, from.counters().value(Counter.SENT_BYTES));
    assertEquals(3, from.counters().value(Counter.SEND_REFUSED));
    assertEquals(0, from.counters().value(Counter.SEND_BUFFER_FULL));
  }

  @Test
  void goesOnAfterRunsToAnInvalidDestination() throws IOException {
    MediaPort from = open("127.0.0.1");
    MediaPort to = open("127.0.0.1");
    NetworkPath good = pathTo(to);
    NetworkPath bad = new NetworkPath(0, good.remoteLow(), 0, 0, 0);
    for (int round = 0; round < 2; round++) {
      batch.clear();
      for (int i = 0; i < 12; i++) {
        append(batch, bytes(1000, i), i / 4 == 1 ? bad : good);
      }
      from.flush(batch);
      assertEquals(List.of(0, 1, 2, 3, 8, 9, 10, 11), sentOf(batch));
      assertEquals(8, receive(to, 8).size());
    }
    assertEquals(16, from.counters().value(Counter.SENT_DATAGRAMS));
    assertEquals(8, from.counters().value(Counter.SEND_REFUSED));
  }

  @Test
  void staysUsableWhenNobodyListensAtTheDestination() throws IOException {
    MediaPort from = open("127.0.0.1");
    MediaPort to = open("127.0.0.1");
    DatagramSocket gone = peer("127.0.0.1");
    NetworkPath nowhere = NetworkPath.to((InetSocketAddress) gone.getLocalSocketAddress(), null);
    gone.close();
    for (int i = 0; i < 3; i++) { // answered with "port unreachable" each time
      batch.clear();
      append(batch, bytes(100, i), nowhere);
      append(batch, bytes(100, i), pathTo(to));
      from.flush(batch);
      assertEquals(0, from.receive());
      assertTrue(batch.wasSent(1));
    }
    assertEquals(3, receive(to, 3).size());
  }

  @Test
  void runsArriveAsTheDatagramsTheyWere() throws IOException {
    MediaPort from = open("127.0.0.1");
    MediaPort to = open("127.0.0.1");
    MediaPort second = open("127.0.0.1");
    int[] sizes = {1200, 1200, 1200, 700, 1200, 1200, 800, 900, 900, 1, 0, 5, 5, 2048, 2048};
    List<byte[]> expected = new ArrayList<>();
    for (int i = 0; i < sizes.length; i++) {
      expected.add(bytes(sizes[i], i));
      append(batch, expected.get(i), pathTo(to)); // equal paths, not the same object
    }
    append(batch, bytes(2048, 50), pathTo(second));
    append(batch, bytes(2048, 51), pathTo(to));
    expected.add(bytes(2048, 51));
    while (!batch.isFull()) {
      expected.add(bytes(1100, batch.count()));
      append(batch, expected.getLast(), pathTo(to));
    }
    from.flush(batch);
    assertEquals(64, sentOf(batch).size());
    assertEquals(sizesAndSeeds(expected), sizesAndSeeds(contents(receive(to, 63))));
    assertArrayEquals(bytes(2048, 50), receive(second, 1).getFirst().bytes());
    assertEquals(64, from.counters().value(Counter.SENT_DATAGRAMS));
  }

  @Test
  void bytesAndDatagramsAddUpOnBothEnds() throws IOException {
    MediaPort from = open("127.0.0.1");
    MediaPort to = open("127.0.0.1");
    Random random = new Random(7);
    long bytes = 0;
    for (int round = 0; round < 5; round++) {
      batch.clear();
      for (int i = 0; i < 40; i++) {
        int size = 1 + random.nextInt(1300);
        bytes += size;
        append(batch, bytes(size, i), pathTo(to));
      }
      from.flush(batch);
      receive(to, 40);
    }
    assertEquals(200, from.counters().value(Counter.SENT_DATAGRAMS));
    assertEquals(bytes, from.counters().value(Counter.SENT_BYTES));
    assertEquals(200, to.counters().value(Counter.RECEIVED_DATAGRAMS));
    assertEquals(bytes, to.counters().value(Counter.RECEIVED_BYTES));
    assertTrue(from.counters().value(Counter.SEND_CALLS) >= 5);
    assertTrue(to.counters().value(Counter.RECEIVE_CALLS) >= 5);
  }

  @Test
  void wakeUpFromAnotherThreadEndsTheWait() throws Exception {
    MediaPort port = open("127.0.0.1");
    for (int i = 0; i < 20; i++) {
      Thread other = Thread.ofPlatform().start(port::wakeUp);
      port.await(LONG_NANOS * 10); // longer than the time this test may take
      other.join();
    }
  }

  @Test
  void wakeUpBeforeTheWaitEndsIt() throws IOException {
    MediaPort port = open("127.0.0.1");
    port.wakeUp();
    port.wakeUp();
    port.await(LONG_NANOS * 10);
  }

  @Test
  void waitEndsWhenTimeIsOverOrADatagramIsThere() throws IOException {
    MediaPort port = open("127.0.0.1");
    port.await(0);
    port.await(-1);
    port.await(1);
    port.await(300_000);
    port.await(2_000_000);
    send(peer("127.0.0.1"), bytes(10, 1), "127.0.0.1", port.port());
    port.await(LONG_NANOS * 10);
    assertEquals(1, port.receive());
  }

  @Test
  void saysWhichPortIsInUse() throws IOException {
    MediaPort port = open("127.0.0.1");
    BindException e =
        assertThrows(
            BindException.class,
            () -> MediaPorts.open(kind(), port.port(), addresses("127.0.0.1")).close());
    assertTrue(e.getMessage().startsWith("UDP port " + port.port() + " is in use"), e::getMessage);
  }

  @Test
  void saysThatAnAddressIsNotOurs() {
    BindException e =
        assertThrows(
            BindException.class,
            () -> MediaPorts.open(kind(), 0, addresses("203.0.113.9")).close());
    assertTrue(e.getMessage().contains("203.0.113.9"), e::getMessage);
  }

  @Test
  void listensOnTheSamePortOfEachAddressGiven() throws IOException {
    MediaPort port = open("127.0.0.1", "127.0.0.2");
    DatagramSocket peer = peer("127.0.0.1");
    send(peer, bytes(10, 1), "127.0.0.1", port.port());
    send(peer, bytes(20, 2), "127.0.0.2", port.port());
    assertEquals(
        List.of("127.0.0.1", "127.0.0.2"),
        receive(port, 2).stream().map(a -> a.path().local().getHostAddress()).sorted().toList());
  }

  @Test
  void takesAWildcardAddressForAllOfItsFamily() throws IOException {
    MediaPort port = open("0.0.0.0");
    send(peer("127.0.0.1"), bytes(10, 1), "127.0.0.1", port.port());
    assertEquals(InetAddress.getByName("127.0.0.1"), receive(port, 1).getFirst().path().local());
  }

  @Test
  void takesBothWildcardsAndRepeatedAddresses() throws IOException {
    assertNotEquals(0, open("0.0.0.0", "::", "127.0.0.1", "127.0.0.1").port());
    assertNotEquals(0, open("127.0.0.1", "127.0.0.1").port());
  }

  @Test
  void tellsTheBuffersItWasGranted() throws IOException {
    MediaPort port = open("127.0.0.1");
    assertTrue(port.receiveBufferBytes() > 0);
    assertTrue(port.sendBufferBytes() > 0);
  }

  @Test
  void isQuietAfterClosing() throws IOException {
    MediaPort port = open("127.0.0.1");
    int number = port.port();
    port.close();
    port.close();
    port.wakeUp();
    port.await(LONG_NANOS * 10);
    assertEquals(0, port.receive());
    append(batch, bytes(10, 1), NetworkPath.to(new InetSocketAddress("127.0.0.1", 9), null));
    port.flush(batch);
    assertFalse(batch.wasSent(0));
    assertNotEquals(0, number);
    MediaPorts.open(kind(), number, addresses("127.0.0.1")).close(); // it is free again
  }

  // Below: what the tests share.

  static List<InetAddress> addresses(String... addresses) throws IOException {
    List<InetAddress> result = new ArrayList<>();
    for (String address : addresses) {
      result.add(InetAddress.getByName(address));
    }
    return result;
  }

  static NetworkPath pathTo(MediaPort port) {
    return NetworkPath.to(new InetSocketAddress("127.0.0.1", port.port()), null);
  }

  /// Receives until so many have come; fails if the loopback takes too long.
  static List<Arrival> receive(MediaPort port, int expected) {
    List<Arrival> arrivals = new ArrayList<>();
    for (int attempt = 0; attempt < 200 && arrivals.size() < expected; attempt++) {
      port.await(TimeUnit.MILLISECONDS.toNanos(100));
      int count = port.receive();
      for (int i = 0; i < count; i++) {
        ReceiveBatch received = port.received();
        byte[] bytes =
            received
                .slab()
                .asSlice(received.offset(i), received.length(i))
                .toArray(ValueLayout.JAVA_BYTE);
        arrivals.add(new Arrival(bytes, received.path(i)));
      }
    }
    assertEquals(expected, arrivals.size(), "datagrams");
    return arrivals;
  }

  static void append(SendBatch batch, byte[] bytes, NetworkPath path) {
    MemorySegment.copy(
        bytes, 0, batch.slab(), ValueLayout.JAVA_BYTE, batch.nextOffset(), bytes.length);
    batch.commit(bytes.length, path, 0);
  }

  static byte[] bytes(int length, int seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static void send(DatagramSocket from, byte[] bytes, String address, int port) throws IOException {
    from.send(new DatagramPacket(bytes, bytes.length, new InetSocketAddress(address, port)));
  }

  private static DatagramPacket receive(DatagramSocket peer) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
    peer.receive(packet);
    return packet;
  }

  private static byte[] content(DatagramPacket packet) {
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  private static List<byte[]> contents(List<Arrival> arrivals) {
    return arrivals.stream().map(Arrival::bytes).toList();
  }

  /// Contents in a form that reads well when a comparison fails.
  private static String sizesAndSeeds(List<byte[]> datagrams) {
    return datagrams.stream()
        .map(bytes -> bytes.length + ":" + Arrays.hashCode(bytes))
        .collect(Collectors.joining(" "));
  }

  static List<Integer> sentOf(SendBatch batch) {
    return IntStream.range(0, batch.count()).filter(batch::wasSent).boxed().toList();
  }

  static boolean hasIpv6() {
    try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress("::1", 0))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
