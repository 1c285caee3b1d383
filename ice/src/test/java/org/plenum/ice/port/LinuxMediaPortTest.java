package org.plenum.ice.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.port.MediaPortCounters.Counter;

class LinuxMediaPortTest extends MediaPortContract {
  @BeforeEach
  void onlyWhereItRuns() {
    assumeTrue(LinuxCalls.areAvailable());
  }

  @Override
  MediaPortKind kind() {
    return MediaPortKind.LINUX;
  }

  @Test
  void isChosenByItself() throws IOException {
    try (MediaPort port = MediaPorts.open(MediaPortKind.AUTO, 0, addresses("127.0.0.1"))) {
      assertTrue(port instanceof LinuxMediaPort);
    }
  }

  @Test
  void wildcardSocketAnswersFromTheAddressItWasReachedOn() throws IOException {
    answersFromEach(open());
  }

  @Test
  void ipv4WildcardSocketAnswersFromTheAddressItWasReachedOn() throws IOException {
    answersFromEach(open("0.0.0.0"));
  }

  @Test
  void sendsARunInOneMessage() throws IOException {
    LinuxMediaPort from = (LinuxMediaPort) open();
    assumeTrue(from.segmentation());
    MediaPort to = open();
    SendBatch batch = new SendBatch();
    for (int i = 0; i < 64; i++) {
      append(batch, bytes(1200, i), pathTo(to));
    }
    from.flush(batch);
    assertEquals(64, receive(to, 64).size());
    assertTrue(from.segmentation());
    assertEquals(1, from.counters().value(Counter.SEND_CALLS));
  }

  @Test
  void sendsARunInOneMessageOverIpv6() throws IOException {
    assumeTrue(hasIpv6());
    LinuxMediaPort from = (LinuxMediaPort) open();
    assumeTrue(from.segmentation());
    MediaPort to = open("::1");
    InetSocketAddress remote = new InetSocketAddress("::1", to.port());
    SendBatch batch = new SendBatch();
    for (int i = 0; i < 8; i++) {
      append(batch, bytes(1200, i), NetworkPath.to(remote, remote.getAddress()));
    }
    from.flush(batch);
    assertEquals(8, receive(to, 8).size());
    assertTrue(from.segmentation());
    assertEquals(1, from.counters().value(Counter.SEND_CALLS));
  }

  @Test
  void anInvalidPathDoesNotSwitchSegmentationOff() throws IOException {
    LinuxMediaPort port = (LinuxMediaPort) open();
    assumeTrue(port.segmentation());
    SendBatch batch = new SendBatch();
    NetworkPath bad = NetworkPath.to(new InetSocketAddress("127.0.0.1", 0), null);
    append(batch, bytes(1200, 1), bad);
    append(batch, bytes(1200, 2), bad);
    port.flush(batch);
    assertTrue(port.segmentation());
    assertEquals(2, port.counters().value(Counter.SEND_REFUSED));
    assertEquals(2, port.counters().sendErrors(Errno.EINVAL));
  }

  @Test
  void aRunThatCannotBeSegmentedGoesOutPlainly() throws IOException {
    LinuxMediaPort from = (LinuxMediaPort) open("127.0.0.1");
    MediaPort to = open("127.0.0.1");
    SendBatch batch = new SendBatch();
    assumeTrue(from.segmentation());
    forbidChecksums(from.sockets[0]);
    for (int i = 0; i < 20; i++) {
      append(batch, bytes(i == 19 ? 300 : 1200, i), pathTo(to));
    }
    from.flush(batch);
    assertEquals(20, receive(to, 20).size());
    assertFalse(from.segmentation());
    assertEquals(20, from.counters().value(Counter.SENT_DATAGRAMS));
    assertEquals(0, from.counters().value(Counter.SEND_REFUSED));
  }

  /// The kernel refuses to segment (EINVAL) for a socket that sends without checksums.
  private static void forbidChecksums(LinuxSocket socket) {
    MemorySegment one = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_INT, 1);
    int soNoCheck = 11;
    assertEquals(0, LinuxCalls.setsockopt(LinuxCalls.newErrno(), socket.fd, 1, soNoCheck, one));
  }

  @Test
  void countsErrorsByErrno() throws IOException {
    MediaPort port = open("127.0.0.1");
    SendBatch batch = new SendBatch();
    append(batch, bytes(10, 1), NetworkPath.to(new InetSocketAddress("::1", 9), null));
    port.flush(batch);
    assertEquals(1, port.counters().sendErrors(Errno.EAFNOSUPPORT));
    assertEquals("EAFNOSUPPORT", Errno.nameOf(Errno.EAFNOSUPPORT));
  }

  @Test
  void countsWhatTheKernelDroppedForWantOfRoom() throws IOException {
    LinuxMediaPort port = (LinuxMediaPort) open("127.0.0.1");
    DatagramSocket peer = peer("127.0.0.1");
    int sent = 3 * port.receiveBufferBytes() / 1400; // a datagram is booked with its overhead
    for (int i = 0; i < sent; i++) {
      send(peer, new byte[1400], "127.0.0.1", port.port());
    }
    int received = 0;
    for (int n = port.receive(); n > 0; n = port.receive()) {
      received += n;
    }
    send(peer, new byte[1], "127.0.0.1", port.port()); // it carries the count
    receive(port, 1);
    assertTrue(received < sent, received + " of " + sent);
    assertEquals(sent - received, port.counters().value(Counter.RECEIVE_OVERFLOW));
  }

  /// In a JVM of its own: what other tests did with the same calls must not decide how they are
  /// compiled.
  @Test
  void allocatesNothingOnceItIsCompiled() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                PortAllocation.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
  }
}
