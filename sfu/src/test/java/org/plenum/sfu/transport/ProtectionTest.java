package org.plenum.sfu.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.fec.FlexFecDecoder;
import org.plenum.sfu.rtp.HeaderExtension;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.sfu.rtp.RtpPacket;
import org.plenum.sfu.transport.PlainPath.Publisher;

/// The repair packets of a slot restore what the slot sent, byte by byte, with the viewer's numbers
/// in header, extensions and payload.
class ProtectionTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Codec VP8 = new Codec(CodecName.VP8, 96, 97, Set.of(), Map.of());
  private static final int FIXED_HEADER_BYTES = 12;
  private static final int TIMING_ID = 6;

  /// Video timing: 13 bytes, of which the last six are written on the way.
  private static final byte[] TIMING = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};

  private final Random random = new Random(3);
  private final PlainPath path =
      new PlainPath(
          VP8,
          new HeaderExtensionMap(
              Map.of(
                  HeaderExtension.TRANSPORT_CC, 3,
                  HeaderExtension.MID, 4,
                  HeaderExtension.ABS_SEND_TIME, 5,
                  HeaderExtension.VIDEO_TIMING, TIMING_ID,
                  HeaderExtension.VIDEO_ORIENTATION, 7)),
          0);
  private final Publisher publisher = path.publisher("p", VP8, 77);
  private final Protection protection = new Protection(9, 49, 32_767);
  private long now;
  private int picture;

  ProtectionTest() {
    path.stream().protection = protection;
  }

  @AfterEach
  void end() {
    publisher.end();
  }

  /// A second in which so many packets were sent.
  private void second(int packets, double loss, long roundTripNanos, long spareBps) {
    for (int i = 0; i < packets; i++) {
      protection.onPacket();
    }
    now += SECOND;
    protection.videoBps(1_000_000);
    protection.review(loss, roundTripNanos, spareBps, now);
  }

  private void turnOn() {
    for (int i = 0; i < 20; i++) {
      second(200, 0.1, 200_000_000, 10_000_000);
    }
    assertTrue(protection.isOn());
  }

  /// A payload with a picture id of 15 bits (RFC 7741 §4.2).
  private byte[] payload(boolean key) {
    byte[] payload = new byte[20 + random.nextInt(1_000)];
    random.nextBytes(payload);
    picture++;
    byte[] start = {
      (byte) 0x90, (byte) 0x80, (byte) (0x80 | picture >> 8), (byte) picture, (byte) (key ? 0 : 1)
    };
    System.arraycopy(start, 0, payload, 0, start.length);
    return payload;
  }

  private static int number(byte[] packet) {
    return (packet[2] & 0xFF) << 8 | packet[3] & 0xFF;
  }

  @Test
  void anyOnePacketOfAGroupIsRestoredAsItWasSent() {
    turnOn();
    publisher.send(payload(true), Map.of(), true);
    int ready = -1;
    while (!protection.isFull()) {
      publisher.arrive(payload(false));
      ready = publisher.build();
    }
    assertTrue(path.repair() > 0 && ready > 0);
    for (int round = 0; round < 50; round++) {
      Map<Integer, byte[]> group = new HashMap<>();
      while (!protection.isFull()) {
        publisher.arrive(payload(false), Map.of(TIMING_ID, TIMING, 7, new byte[] {1}));
        byte[] packet = path.whole(publisher.build());
        group.put(number(packet), blanked(packet));
      }
      byte[] repair = path.whole(path.repair());
      assertEquals(49, repair[1]);
      assertEquals(32_768 + round & 0xFFFF, number(repair));
      assertFalse(protection.isFull());
      byte[] payload = Arrays.copyOfRange(repair, headerLength(repair), repair.length);
      for (Integer lost : group.keySet()) {
        Map<Integer, byte[]> received = new HashMap<>(group);
        received.remove(lost);
        assertArrayEquals(group.get(lost), FlexFecDecoder.restore(payload, received));
      }
    }
  }

  /// As browsers take packets for repair: without what is written last. What is sent has it.
  private static byte[] blanked(byte[] bytes) {
    var packet = new RtpPacket();
    assertTrue(packet.parse(MemorySegment.ofArray(bytes.clone()), 0, bytes.length));
    byte[] blanked = bytes.clone();
    int[][] fields = {{3, 0, 2}, {5, 0, 3}, {TIMING_ID, 7, 6}};
    for (int[] field : fields) {
      int at = packet.extensionOffset(field[0]) + field[1];
      assertTrue(at > FIXED_HEADER_BYTES, "extension " + field[0]);
      boolean isWritten = false;
      for (int i = 0; i < field[2]; i++) {
        isWritten |= blanked[at + i] != 0;
        blanked[at + i] = 0;
      }
      assertTrue(isWritten || field[0] == 3, "extension " + field[0]);
    }
    return blanked;
  }

  private static int headerLength(byte[] packet) {
    int words = (packet[14] & 0xFF) << 8 | packet[15] & 0xFF;
    return FIXED_HEADER_BYTES + 4 + 4 * words;
  }

  @Test
  void packetsThatComeLateAndThoseSentAgainAreNotProtected() {
    turnOn();
    publisher.send(payload(true), Map.of(), true);
    protection.write(MemorySegment.ofArray(new byte[2_048]), 0);
    publisher.arrive(payload(false));
    publisher.arrive(payload(false));
    publisher.build(0);
    publisher.build(1);
    int length = protection.payloadLength();
    byte[] bytes = new byte[length];
    protection.write(MemorySegment.ofArray(bytes), 0);
    boolean[] mask = FlexFecDecoder.read(bytes).mask();
    assertTrue(mask[0]);
    assertFalse(mask[1] || mask[14] || mask[45]);
  }

  @Test
  void theyAreForWhomTheEstimateLeavesRoomAndARoundTripIsLong() {
    for (int i = 0; i < 20; i++) {
      second(200, 0.1, 200_000_000, 0);
    }
    assertFalse(protection.isOn(), "no room");
    for (int i = 0; i < 20; i++) {
      second(200, 0.1, 30_000_000, 10_000_000);
    }
    assertFalse(protection.isOn(), "asking again is in time");
    for (int i = 0; i < 20; i++) {
      second(10, 0.02, 200_000_000, 10_000_000);
    }
    assertFalse(protection.isOn(), "a group takes longer than a round trip");
    turnOn();
    assertTrue(protection.costBps() > 100_000 && protection.costBps() < 400_000);
    protection.payloadType(-1);
    second(200, 0.1, 200_000_000, 10_000_000);
    assertFalse(protection.isOn(), "a later offer takes none");
    assertEquals(0, protection.costBps());
  }

  @Test
  void nothingIsAllocatedForThem() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    turnOn();
    publisher.send(payload(true), Map.of(), true);
    publisher.arrive(payload(false));
    publisher.build();
    long least = Long.MAX_VALUE;
    int repairs = 0;
    byte[][] payloads = new byte[64][];
    Arrays.setAll(payloads, _ -> payload(false));
    for (int window = 0; window < 10; window++) {
      long sum = 0;
      for (int i = 0; i < 5_000; i++) {
        publisher.arrive(payloads[i % payloads.length]);
        long before = threads.getCurrentThreadAllocatedBytes();
        publisher.build();
        if (protection.isFull()) {
          repairs += path.repair() > 0 ? 1 : 0;
        }
        sum += threads.getCurrentThreadAllocatedBytes() - before;
      }
      least = Math.min(least, sum);
    }
    assertEquals(0, least, "bytes in the calmest of ten windows");
    assertTrue(repairs > 5_000, repairs + " repair packets");
  }
}
