package org.plenum.ice.turn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.plenum.ice.turn.TurnDriver.EPOCH_SECONDS;
import static org.plenum.ice.turn.TurnDriver.OWN;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.port.MediaPort;
import org.plenum.ice.port.MediaPortCounters.Counter;
import org.plenum.ice.port.MediaPortKind;
import org.plenum.ice.port.MediaPorts;
import org.plenum.ice.port.SendBatch;
import org.plenum.ice.port.TcpListener;

/// TURN over TCP (RFC 8656 §3.1) on loopback: the listener asks who a client is, the port of the
/// worker that expects them gets the rest.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TurnTcpTest {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final int CHANNEL = 0x4000;

  private final TurnDriver driver = new TurnDriver(); // writes the requests
  private final SendBatch batch = new SendBatch();
  private TcpListener listener;
  private @Nullable StreamServer streams;
  private MediaPort port;
  private TurnServer server;
  private Socket client;
  private @Nullable NetworkPath way;
  private final AtomicInteger arrived = new AtomicInteger();

  /// @param handedOver whether somebody else accepts the connection
  private void open(MediaPortKind kind, boolean handedOver) throws IOException {
    List<InetAddress> loopback = List.of(InetAddress.ofLiteral("127.0.0.1"));
    assumeTrue(kind != MediaPortKind.LINUX || isLinux(), "needs Linux");
    var secret = new TurnSecret(TurnDriver.SECRET, new Random(3), System.nanoTime());
    var door = new TurnChallenge(secret);
    listener =
        handedOver ? TcpListener.behind(kind, 1, door) : TcpListener.open(kind, 0, loopback, door);
    streams = handedOver ? new StreamServer(listener) : null;
    port = MediaPorts.open(kind, 0, loopback, listener);
    server =
        new TurnServer(
            secret, new OwnAddresses(List.of(OWN)), port, 7, System.nanoTime(), EPOCH_SECONDS);
    server.admit("ada");
    client = new Socket("127.0.0.1", streams == null ? listener.port() : streams.port());
    client.setSoTimeout(PATIENCE_MILLIS);
  }

  private static boolean isLinux() {
    return System.getProperty("os.name").equals("Linux");
  }

  @AfterEach
  void close() throws IOException {
    if (client != null) {
      client.close();
      listener.close();
      port.close();
      if (streams != null) {
        streams.close();
      }
    }
  }

  /// A message of the client, and the response, from the listener or from the server.
  private byte[] exchange(byte[] message, boolean atServer) throws IOException {
    client.getOutputStream().write(message);
    if (atServer) {
      receive();
      long now = System.nanoTime();
      TurnVerdict verdict = server.onMessage(port.received(), 0, now, this::send);
      assertTrue(verdict == TurnVerdict.ANSWERED || verdict == TurnVerdict.CHALLENGED);
    }
    return read();
  }

  private void receive() {
    int count = 0;
    while (count == 0) {
      port.await(1_000_000_000L);
      count = port.receive();
    }
    assertEquals(1, count);
  }

  private void send(byte[] datagram, NetworkPath to) {
    MemorySegment.copy(
        datagram, 0, batch.slab(), ValueLayout.JAVA_BYTE, batch.nextOffset(), datagram.length);
    batch.commit(datagram.length, to, 0);
    port.flush(batch);
    assertTrue(batch.wasSent(0));
    batch.clear();
  }

  /// A message without a length before it.
  private byte[] read() throws IOException {
    var in = new DataInputStream(client.getInputStream());
    byte[] header = new byte[4];
    in.readFully(header);
    int said = ByteBuffer.wrap(header).getChar(2);
    int rest = header[0] == 0x40 ? said + 3 & ~3 : 16 + said;
    byte[] message = Arrays.copyOf(header, 4 + rest);
    in.readFully(message, 4, rest);
    return message;
  }

  @ParameterizedTest
  @CsvSource({"LINUX, false", "NIO, false", "LINUX, true", "NIO, true"})
  void aRelayOverTcp(MediaPortKind kind, boolean handedOver) throws Exception {
    aRelay(kind, handedOver);

    server.revoke("ada");
    assertEquals(-1, client.getInputStream().read(), "removed, and the connection with them");
  }

  private void aRelay(MediaPortKind kind, boolean handedOver) throws Exception {
    open(kind, handedOver);
    byte[] challenge = exchange(driver.allocate().build(), false);
    assertArrayEquals(new byte[] {0, 0, 4, 1}, TurnDriver.value(challenge, 0x09));
    driver.nonce = TurnDriver.value(challenge, 0x15);

    byte[] allocated = exchange(driver.signed(driver.allocate()), true);
    assertEquals(OWN, TurnDriver.address(allocated, TurnDriver.XOR_RELAYED_ADDRESS));

    var bind = driver.request(TurnDriver.CHANNEL_BIND);
    bind.attribute(TurnDriver.CHANNEL_NUMBER, new byte[] {0x40, 0, 0, 0});
    bind.attribute(TurnDriver.XOR_PEER_ADDRESS, TurnDriver.xor(OWN, bind));
    byte[] bound = exchange(driver.signed(bind), true);
    assertEquals(TurnDriver.CHANNEL_BIND | TurnDriver.SUCCESS, ByteBuffer.wrap(bound).getChar(0));

    byte[] data = TurnDriver.bytes(301, 1);
    byte[] padded = Arrays.copyOf(TurnDriver.channelData(CHANNEL, data), 308);
    client.getOutputStream().write(padded);
    receive();
    long now = System.nanoTime();
    assertEquals(TurnVerdict.RELAYED, server.onChannelData(port.received(), 0, now));
    assertEquals(data.length, port.received().length(0));
    NetworkPath path = port.received().path(0);

    MemorySegment.copy(
        data, 0, batch.slab(), ValueLayout.JAVA_BYTE, batch.nextOffset(), data.length);
    int wrapped = server.wrap(batch.slab(), batch.nextOffset(), data.length, path);
    batch.commit(wrapped, server.client(path), 0);
    port.flush(batch);
    batch.clear();
    assertArrayEquals(padded, read());
    way = server.client(path);
  }

  /// More than either ring holds, each way, and nothing of it is lost or out of place.
  @ParameterizedTest
  @CsvSource({"LINUX, true", "NIO, true"})
  void manyDatagramsEachWay(MediaPortKind kind, boolean handedOver) throws Exception {
    aRelay(kind, handedOver);
    int count = 300;
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                for (int i = 0; i < count; i++) {
                  client.getOutputStream().write(TurnDriver.channelData(CHANNEL, data(i)));
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    int received = 0;
    while (received < count) {
      port.await(1_000_000_000L);
      int some = port.receive();
      for (int i = 0; i < some; i++) {
        server.onChannelData(port.received(), i, System.nanoTime());
        byte[] got = new byte[port.received().length(i)];
        MemorySegment.copy(
            port.received().slab(),
            ValueLayout.JAVA_BYTE,
            port.received().offset(i),
            got,
            0,
            got.length);
        assertArrayEquals(data(received++), got);
      }
    }
    for (int i = 0; i < 200; i++) { // 240 kB: what the kernel does not take waits in the queue
      byte[] datagram = TurnDriver.channelData(CHANNEL, data(i));
      MemorySegment.copy(
          datagram, 0, batch.slab(), ValueLayout.JAVA_BYTE, batch.nextOffset(), datagram.length);
      batch.commit(datagram.length, Objects.requireNonNull(way), 0);
      port.flush(batch);
      assertTrue(batch.wasSent(0));
      batch.clear();
    }
    Thread reader =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    for (int i = 0; i < 200; i++) {
                      assertArrayEquals(TurnDriver.channelData(CHANNEL, data(i)), read());
                      arrived.incrementAndGet();
                    }
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });
    while (reader.isAlive()) {
      port.await(1_000_000L);
      port.receive(); // goes on writing
    }
    assertEquals(200, arrived.get());
  }

  private static byte[] data(int i) {
    return TurnDriver.bytes(1_200, i);
  }

  @ParameterizedTest
  @CsvSource({"LINUX, false", "NIO, false", "LINUX, true", "NIO, true"})
  void whoeverIsNotAdmittedIsNoWorkers(MediaPortKind kind, boolean handedOver) throws Exception {
    open(kind, handedOver);
    driver.nonce = TurnDriver.value(exchange(driver.allocate().build(), false), 0x15);
    driver.user = (EPOCH_SECONDS + 3_600) + ":eve";
    client.getOutputStream().write(driver.signed(driver.allocate()));
    assertEquals(-1, client.getInputStream().read());
    assertEquals(1, listener.counters().value(Counter.TCP_UNKNOWN));
  }

  @ParameterizedTest
  @CsvSource({"LINUX, false", "NIO, false", "LINUX, true", "NIO, true"})
  void whoeverDoesNotSayWhoTheyAreIsAskedTwice(MediaPortKind kind, boolean handedOver)
      throws Exception {
    open(kind, handedOver);
    exchange(driver.allocate().build(), false);
    exchange(driver.allocate().build(), false);
    client.getOutputStream().write(driver.allocate().build());
    assertEquals(-1, client.getInputStream().read());
  }
}
