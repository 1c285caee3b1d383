package org.plenum.ice.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.ice.turn.TurnDriver.OWN;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.port.SendBatch;

/// What relays cost.
class TurnCostTest {
  private static final int CHANNEL = 0x4000;
  private static final int PACKETS = 20_000;
  private static final int DATA_BYTES = 1_200;
  private static final int FLOOD = 100_000;

  private final TurnDriver turn = new TurnDriver();

  /// A datagram each way.
  private void exchange(byte[] message, NetworkPath path, SendBatch out) {
    MemorySegment slab = turn.batch.slab();
    MemorySegment.copy(message, 0, slab, ValueLayout.JAVA_BYTE, 0, message.length);
    turn.batch.unwrap(0, 0, message.length, turn.client);
    assertEquals(TurnVerdict.RELAYED, turn.server.onChannelData(turn.batch, 0, turn.now));
    int length = turn.server.wrap(out.slab(), out.nextOffset(), DATA_BYTES, path);
    assertEquals(DATA_BYTES + 4, length);
  }

  @Test
  void dataOverAChannelLeavesNoGarbage() {
    turn.open();
    turn.bind(CHANNEL, OWN);
    byte[] message = TurnDriver.channelData(CHANNEL, TurnDriver.bytes(DATA_BYTES, 1));
    turn.receiveChannelData(message);
    NetworkPath path = turn.batch.path(0);
    var out = new SendBatch();
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < PACKETS; i++) {
      exchange(message, path, out);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < PACKETS; i++) {
      exchange(message, path, out);
    }
    long perPacket = (threads.getCurrentThreadAllocatedBytes() - before) / PACKETS;
    assertEquals(0, perPacket, "bytes of garbage a packet");
  }

  /// From one of two who talk directly to the other, inside the process.
  @Test
  void whatTwoRelayToEachOtherLeavesNoGarbage() {
    var direct = new TurnDriver(RelayPorts.share(20_000, 20_001, 0, 1, 1), OWN);
    NetworkPath bob = TurnDriver.path("198.51.100.3", 1, 0);
    NetworkPath ada = direct.client;
    direct.server.introduce(
        new Introduced("ada/d", (_, _) -> false), new Introduced("bob/d", (_, _) -> false));
    InetSocketAddress adas = open(direct, "ada/d", ada);
    InetSocketAddress bobs = open(direct, "bob/d", bob);
    assertEquals(0, direct.permit(adas));
    direct.user = (TurnDriver.EPOCH_SECONDS + 3_600) + ":ada/d";
    direct.client = ada;
    direct.learnNonce();
    assertEquals(0, direct.bind(CHANNEL, bobs));
    byte[] message = TurnDriver.channelData(CHANNEL, TurnDriver.bytes(DATA_BYTES, 1));
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = 0;
    for (int i = 0; i < 2 * PACKETS; i++) {
      if (i == PACKETS) {
        before = threads.getCurrentThreadAllocatedBytes();
      }
      MemorySegment.copy(message, 0, direct.batch.slab(), ValueLayout.JAVA_BYTE, 0, message.length);
      direct.batch.unwrap(0, 0, message.length, ada);
      direct.now += 1_000_000;
      assertEquals(TurnVerdict.FORWARDED, direct.server.onChannelData(direct.batch, 0, direct.now));
    }
    assertEquals(0, (threads.getCurrentThreadAllocatedBytes() - before) / PACKETS);
  }

  private static InetSocketAddress open(TurnDriver turn, String identity, NetworkPath client) {
    turn.user = (TurnDriver.EPOCH_SECONDS + 3_600) + ":" + identity;
    turn.client = client;
    turn.open();
    return TurnDriver.address(turn.assertedResponse(), TurnDriver.XOR_RELAYED_ADDRESS);
  }

  @Test
  void tenThousandRelaysFitIntoSixtyMegabytes() {
    long before = usedBytes();
    for (int i = 0; i < Allocations.MAX; i++) {
      String identity = "user" + i / Allocations.MAX_PER_USER;
      turn.server.admit(identity);
      turn.user = (TurnDriver.EPOCH_SECONDS + 3_600) + ":" + identity;
      turn.now += TurnDriver.SECOND / 50;
      turn.client = TurnDriver.path("198.51." + (i >>> 8) + ".2", 20_000 + (i & 255), 0);
      turn.open();
      assertEquals(0, turn.bind(CHANNEL, OWN));
    }
    assertEquals(Allocations.MAX, turn.server.allocations());
    long bytes = usedBytes() - before;
    assertTrue(bytes < 60_000_000, bytes + " bytes");
  }

  /// Of 100 000 a second, some without credentials and some with wrong ones: nothing is kept of
  /// any, and whoever is not answered costs little more than reading what they sent.
  @Test
  void aFloodFromEverywhereLeavesNothingBehind() {
    byte[] bare = turn.allocate().build();
    turn.nonce = new byte[Nonces.CHARACTERS];
    byte[] signed = turn.signed(turn.allocate());
    flood(bare, signed);
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = usedBytes();
    long allocated = threads.getCurrentThreadAllocatedBytes();
    flood(bare, signed);
    allocated = threads.getCurrentThreadAllocatedBytes() - allocated;
    long bytes = usedBytes() - before;
    assertTrue(bytes < 500_000, bytes + " bytes are left of the flood");
    assertTrue(allocated < 1_500L * FLOOD, allocated / FLOOD + " bytes of garbage a request");
  }

  private void flood(byte[] bare, byte[] signed) {
    for (int i = 0; i < FLOOD; i++) {
      turn.now += 10_000;
      turn.client = TurnDriver.path("100." + (i >>> 8 & 127) + "." + (i & 255) + ".1", i & 1023, 0);
      turn.receive(i % 2 == 0 ? bare : signed);
    }
    assertEquals(0, turn.server.allocations());
  }

  private static long usedBytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
