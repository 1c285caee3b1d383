package org.plenum.sfu.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.plenum.ice.port.MediaPort;
import org.plenum.ice.port.MediaPortCounters;
import org.plenum.ice.port.ReceiveBatch;
import org.plenum.ice.port.SendBatch;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.IngressVerdict;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.counters.WorkerCounters.Gauge;
import org.plenum.sfu.receive.FrameLayers;
import org.plenum.sfu.receive.PacketCache;
import org.plenum.sfu.receive.PacketRing;
import org.plenum.sfu.receive.PayloadView;
import org.plenum.sfu.srtp.SrtpFactory;
import org.plenum.sfu.srtp.SrtpKeys;
import org.plenum.sfu.transport.Egress;
import org.plenum.sfu.transport.WallClock;

/// Packets between two nodes, over a network that loses, repeats and forges, on virtual time.
class PacketLineTest {
  private static final Codec OPUS = new Codec(CodecName.OPUS, 111, -1, Set.of(), Map.of());
  private static final SrtpFactory SRTP = SrtpFactory.selfTested();
  private static final int OWNER = 0x8000_0001;
  private static final int BRANCH = 2;
  private static final int BYTES = 400;
  private static final long TICK = 10_000_000L;

  private final Queue<byte[]> toBranch = new ArrayDeque<>();
  private final Queue<byte[]> toOwner = new ArrayDeque<>();
  private final List<byte[]> sent = new ArrayList<>();
  private final End owner = new End(OWNER, BRANCH, toBranch);
  private final End branch = new End(BRANCH, OWNER, toOwner);
  private final PacketCache cache = new PacketCache(1 << 20, 64);
  private final Random random = new Random(17);

  /// Near the wrap-around of the clock.
  private long now = Long.MAX_VALUE - 50 * TICK;

  private long number = 1;
  private double loss;

  /// One worker with one line.
  private static final class End implements PacketLine.Watcher {
    final PacketRing out = new PacketRing(1 << 20, 256);
    final PacketRing in = new PacketRing(1 << 20, 1024);
    final WorkerCounters counters = new WorkerCounters();
    final Queue<RelayMessage> told = new ArrayDeque<>();
    final Egress egress;
    final Lines lines;
    final PacketLine line;
    final TreeSet<Long> arrived = new TreeSet<>();
    private final MemorySegment slab = Arena.ofAuto().allocate(2048);
    int heard;
    int silent;

    End(int mine, int theirs, Queue<byte[]> way) {
      egress = new Egress(new QueuePort(way), counters);
      lines = new Lines(egress, SRTP);
      var remote = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
      var terms = new LineTerms(remote, mine, theirs, keys(mine, theirs));
      line = new PacketLine(terms, out, in, told::add, this);
      assertTrue(line.settle(new RelayEnd.Home(counters, new WallClock(0, 0), lines)));
    }

    @Override
    public void onHeard() {
      heard++;
    }

    @Override
    public void onSilent() {
      silent++;
    }

    private static SrtpKeys keys(int mine, int theirs) {
      return new SrtpKeys(
          LineTerms.PROFILE,
          bytes(16, theirs),
          bytes(12, theirs),
          bytes(16, mine),
          bytes(12, mine));
    }

    private static byte[] bytes(int length, int seed) {
      byte[] bytes = new byte[length];
      new Random(seed).nextBytes(bytes);
      return bytes;
    }

    void read() {
      while (in.next()) {
        assertTrue(arrived.add(in.number()), "once each");
        in.release();
      }
    }

    @Nullable IngressVerdict receive(byte[] datagram, long now) {
      boolean isRtcp = (datagram[1] & 0xFF) >= 192 && (datagram[1] & 0xFF) <= 223;
      MemorySegment.copy(datagram, 0, slab, ValueLayout.JAVA_BYTE, 0, datagram.length);
      return lines.receive(slab, 0, datagram.length, isRtcp, now);
    }
  }

  /// What leaves goes into a queue.
  private record QueuePort(Queue<byte[]> way, ReceiveBatch received, MediaPortCounters counters)
      implements MediaPort {
    QueuePort(Queue<byte[]> way) {
      this(way, new ReceiveBatch(), new MediaPortCounters());
    }

    @Override
    public void flush(SendBatch batch) {
      for (int i = 0; i < batch.count(); i++) {
        way.add(
            batch
                .slab()
                .asSlice(batch.offset(i), batch.lengthBytes(i))
                .toArray(ValueLayout.JAVA_BYTE));
        batch.markSent(i);
      }
    }

    @Override
    public int port() {
      return 1;
    }

    @Override
    public void await(long timeoutNanos) {}

    @Override
    public void wakeUp() {}

    @Override
    public int receive() {
      return 0;
    }

    @Override
    public int receiveBufferBytes() {
      return 0;
    }

    @Override
    public int sendBufferBytes() {
      return 0;
    }

    @Override
    public void close() {}
  }

  @AfterEach
  void end() {
    owner.line.close();
    branch.line.close();
    cache.close();
    assertEquals(0, owner.counters.value(Gauge.NODE_RELAYS));
    assertEquals(0, branch.counters.value(Gauge.NODE_RELAYS));
  }

  private void offer() {
    int entry = cache.add(number, (int) number * 960, 0, BYTES, now);
    var view = new PayloadView();
    view.parse(CodecName.OPUS, cache.bytes(), cache.payloadOffset(entry), BYTES);
    cache.describe(entry, OPUS, false, view, false, -1, FrameLayers.NONE);
    assertTrue(owner.out.offer(5, number, cache, entry, 0, false));
    number++;
  }

  private void numbersCross() {
    while (!owner.told.isEmpty()) {
      var numbered = (RelayMessage.CodecNumbered) owner.told.remove();
      branch.line.numbered(numbered.number(), numbered.codec());
    }
  }

  /// Ten milliseconds of both, with what gets lost between them.
  private void tick() {
    now += TICK;
    owner.line.flush(now);
    owner.line.onTimeout(now);
    branch.line.flush(now);
    branch.line.onTimeout(now);
    owner.egress.flush();
    branch.egress.flush();
    carry(toBranch, branch);
    carry(toOwner, owner);
    branch.read();
  }

  private void carry(Queue<byte[]> way, End to) {
    while (!way.isEmpty()) {
      byte[] datagram = way.remove();
      if (sent.size() < 10 && datagram[1] == 96) {
        sent.add(datagram);
      }
      if (random.nextDouble() >= loss) {
        to.receive(datagram, now);
      }
    }
  }

  @Test
  void whatGetsLostIsAskedForAndComesToTheBit() {
    loss = 0.1;
    numbersCross();
    owner.line.announce(OPUS);
    numbersCross();
    for (int i = 0; i < 2_000; i++) {
      for (int j = 0; j < 40; j++) {
        offer();
      }
      tick();
    }
    loss = 0;
    for (int i = 0; i < 30; i++) {
      offer();
      tick();
    }
    assertEquals(number - 1, branch.arrived.size(), "none is missing, past the 16 bits");
    assertTrue(number > 70_000);
    long again = owner.counters.value(SfuCounter.RELAYED_PACKETS_REPEATED);
    assertTrue(again > 5_000, "sent again: " + again);
    assertTrue(branch.counters.value(SfuCounter.RELAYED_PACKETS_MISSED) >= again);
    assertEquals(0, branch.counters.value(SfuCounter.RELAYED_PACKETS_FORGED));
    assertEquals(0, branch.counters.value(SfuCounter.RELAYED_PACKETS_DROPPED));
  }

  @Test
  void whatIsForgedOrReplayedIsCountedAndLeftOut() {
    owner.line.announce(OPUS);
    numbersCross();
    offer();
    tick();
    assertEquals(1, branch.arrived.size());
    byte[] genuine = sent.getFirst();
    assertEquals(IngressVerdict.RTP_REPLAYED, branch.receive(genuine, now));
    for (int i = 0; i < genuine.length; i++) {
      byte[] forged = genuine.clone();
      forged[i] ^= 1;
      IngressVerdict verdict = branch.receive(forged, now);
      if (i >= 8 && i < 12) {
        assertEquals(null, verdict, "of no line");
      } else if (i == 0) {
        assertEquals(IngressVerdict.RTP_MALFORMED, verdict);
      } else if (i > 11) {
        // As it has a number that has come, it is not even looked at.
        assertEquals(IngressVerdict.RTP_REPLAYED, verdict);
      }
    }
    byte[] next = genuine.clone();
    next[3] += 9;
    assertEquals(IngressVerdict.RTP_FORGED, branch.receive(next, now));
    byte[] rtcp = {(byte) 0x81, (byte) 205, 0, 3, (byte) 0x80, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0};
    byte[] claimed = java.util.Arrays.copyOf(rtcp, 40);
    assertEquals(IngressVerdict.RTCP_FORGED, branch.receive(claimed, now));
    assertTrue(branch.counters.value(SfuCounter.RELAYED_PACKETS_FORGED) >= 2);
    branch.read();
    assertEquals(1, branch.arrived.size());
    offer();
    tick();
    assertEquals(2, branch.arrived.size(), "and the line goes on");
  }

  @Test
  void packetsWaitForTheNumberOfTheirCodec() {
    offer();
    offer();
    tick();
    assertTrue(branch.arrived.isEmpty());
    numbersCross();
    tick();
    assertEquals(new TreeSet<>(List.of(1L, 2L)), branch.arrived);
  }

  @Test
  void thePacketBeforeTheFirstThatCameIsAskedForToo() {
    owner.line.announce(OPUS);
    numbersCross();
    loss = 1;
    offer();
    tick();
    loss = 0;
    offer();
    for (int i = 0; i < 5; i++) {
      tick();
    }
    assertEquals(2, branch.arrived.size());
  }

  @Test
  void whatIsLostForGoodIsSaid() {
    owner.line.announce(OPUS);
    numbersCross();
    offer();
    tick();
    loss = 1;
    for (int i = 0; i < 100; i++) {
      for (int j = 0; j < 30; j++) {
        offer();
      }
      tick();
    }
    loss = 0;
    offer();
    tick();
    assertTrue(branch.line.onTimeout(now + TICK), "a key frame is needed");
    assertFalse(branch.line.onTimeout(now + TICK));
  }

  /// A word each second, though nothing is to be sent.
  @Test
  void itIsKnownWhetherDatagramsPass() {
    for (int i = 0; i < 2_000; i++) {
      tick();
    }
    assertEquals(1, owner.heard);
    assertEquals(1, branch.heard);
    assertEquals(0, owner.silent + branch.silent);
    loss = 1;
    for (int i = 0; i < 390; i++) {
      tick();
    }
    assertEquals(0, branch.silent);
    for (int i = 0; i < 130; i++) {
      tick();
    }
    assertEquals(1, owner.silent);
    assertEquals(1, branch.silent);
  }

  @Test
  void aClosedLineTakesNothing() {
    owner.line.announce(OPUS);
    numbersCross();
    branch.line.close();
    branch.line.close();
    offer();
    tick();
    assertEquals(null, branch.receive(sent.getFirst(), now));
    assertFalse(branch.in.next());
  }
}
