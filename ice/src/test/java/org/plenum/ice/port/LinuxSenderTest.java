package org.plenum.ice.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.port.MediaPortCounters.Counter;

/// The answers of sendmmsg that loopback does not give.
class LinuxSenderTest {
  private final ScriptedCall call = new ScriptedCall();
  private final MediaPortCounters counters = new MediaPortCounters();
  private final SendBatch batch = new SendBatch();
  private LinuxSocket socket;
  private LinuxSender sender;

  /// Answers as told, then takes everything. Notes how many messages it was offered.
  private static final class ScriptedCall implements LinuxSender.SendCall {
    final Deque<Integer> answers = new ArrayDeque<>();
    final List<Integer> offered = new ArrayList<>();

    @Override
    public int send(int fd, MemorySegment messages, int count) {
      offered.add(count);
      return answers.isEmpty() ? count : answers.remove();
    }
  }

  @BeforeEach
  void open() throws IOException {
    assumeTrue(LinuxCalls.areAvailable());
    socket = LinuxSocket.open(InetAddress.getByName("127.0.0.1"), 0);
    sender = new LinuxSender(counters, call);
  }

  @AfterEach
  void close() {
    if (socket != null) {
      socket.close(LinuxCalls.newErrno());
    }
  }

  /// Appends datagrams of 100 bytes to port `receiver`.
  private void append(int count, int receiver) {
    for (int i = 0; i < count; i++) {
      batch.commit(
          100, NetworkPath.to(new InetSocketAddress("127.0.0.1", receiver), null), receiver);
    }
  }

  private boolean sendAll() {
    return sender.send(socket, batch, 0, batch.count());
  }

  @Test
  void goesOnWhereACallStoppedEarly() {
    socket.segmentation = false;
    append(10, 1);
    call.answers.addAll(List.of(3, 2));
    assertTrue(sendAll());
    assertEquals(List.of(10, 7, 5), call.offered);
    assertEquals(10, counters.value(Counter.SENT_DATAGRAMS));
    assertEquals(1000, counters.value(Counter.SENT_BYTES));
    assertEquals(3, counters.value(Counter.SEND_CALLS));
  }

  @Test
  void dropsTheRestWhenTheBufferIsFull() {
    socket.segmentation = false;
    append(10, 1);
    call.answers.addAll(List.of(4, -Errno.EAGAIN));
    assertFalse(sendAll());
    assertEquals(List.of(0, 1, 2, 3), MediaPortContract.sentOf(batch));
    assertEquals(4, counters.value(Counter.SENT_DATAGRAMS));
    assertEquals(6, counters.value(Counter.SEND_BUFFER_FULL));
    assertEquals(1, counters.sendErrors(Errno.EAGAIN));
    assertEquals(2, call.offered.size());
  }

  @Test
  void countsAllDatagramsOfTheRunsThatFoundNoRoom() {
    socket.segmentation = true;
    append(8, 1);
    append(8, 2);
    append(3, 3);
    call.answers.addAll(List.of(1, -Errno.ENOBUFS));
    assertFalse(sendAll());
    assertEquals(List.of(3, 2), call.offered);
    assertEquals(8, counters.value(Counter.SENT_DATAGRAMS));
    assertEquals(11, counters.value(Counter.SEND_BUFFER_FULL));
  }

  @Test
  void skipsOnlyTheMessageThatFailed() {
    socket.segmentation = false;
    append(6, 1);
    call.answers.addAll(List.of(2, -Errno.EPERM, -Errno.EMSGSIZE, 1));
    assertTrue(sendAll());
    assertEquals(List.of(0, 1, 4, 5), MediaPortContract.sentOf(batch));
    assertEquals(2, counters.value(Counter.SEND_REFUSED));
    assertEquals(1, counters.sendErrors(Errno.EPERM));
    assertEquals(1, counters.sendErrors(Errno.EMSGSIZE));
  }

  @Test
  void triesAgainWhenInterrupted() {
    append(1, 1);
    call.answers.add(-Errno.EINTR);
    assertTrue(sendAll());
    assertTrue(batch.wasSent(0));
    assertEquals(0, counters.value(Counter.SEND_REFUSED));
  }

  @Test
  void switchesSegmentationOffForADeviceThatCannotDoIt() {
    socket.segmentation = true;
    append(8, 1);
    append(4, 2);
    call.answers.add(-Errno.EIO);
    assertTrue(sendAll());
    assertFalse(socket.segmentation);
    assertEquals(List.of(2, 8, 1), call.offered); // both runs, the first resent, the second
    assertEquals(12, counters.value(Counter.SENT_DATAGRAMS));

    append(4, 3);
    assertTrue(sender.send(socket, batch, 12, 16));
    assertEquals(4, call.offered.getLast());
  }

  @Test
  void resendsARunThatDoesNotFitThePathButKeepsSegmentation() {
    socket.segmentation = true;
    append(3, 1);
    append(3, 2);
    call.answers.addAll(List.of(-Errno.EMSGSIZE, -Errno.EMSGSIZE, 2));
    assertTrue(sendAll());
    assertTrue(socket.segmentation);
    assertEquals(List.of(1, 2, 3, 4, 5), MediaPortContract.sentOf(batch));
    assertEquals(1, counters.value(Counter.SEND_REFUSED));
  }

  @Test
  void dropsTheRestWhenTheBufferFillsWhileResending() {
    socket.segmentation = true;
    append(4, 1);
    append(5, 2);
    call.answers.addAll(List.of(-Errno.EIO, 1, -Errno.EAGAIN));
    assertFalse(sendAll());
    assertEquals(List.of(0), MediaPortContract.sentOf(batch));
    assertEquals(8, counters.value(Counter.SEND_BUFFER_FULL));
    assertEquals(0, counters.value(Counter.SEND_REFUSED));
  }
}
