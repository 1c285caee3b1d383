package org.plenum.ice.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
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

  @Test
  void allocatesNothingOnceItIsCompiled() throws IOException {
    MediaPort from = open();
    MediaPort to = open();
    SendBatch batch = new SendBatch();
    NetworkPath path = NetworkPath.to(pathTo(to).remote(), addresses("127.0.0.1").getFirst());
    for (int size : new int[] {1200, 1200, 900, 1100}) {
      append(batch, bytes(size, size), path);
    }
    // The calls allocate 40 bytes each until the optimizing compiler has seen them.
    int quiet = 0;
    for (int i = 0; i < 300 && quiet < 3; i++) {
      quiet = allocatedBy(from, to, batch) == 0 ? quiet + 1 : 0;
    }
    assertEquals(3, quiet, "thousands of exchanges in a row without allocation");
    assertEquals(
        from.counters().value(Counter.SENT_DATAGRAMS),
        to.counters().value(Counter.RECEIVED_DATAGRAMS));
  }

  private static long allocatedBy(MediaPort from, MediaPort to, SendBatch batch) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 1_000; i++) {
      from.flush(batch);
      to.await(1_000_000_000);
      to.receive();
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
