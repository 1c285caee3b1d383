package org.plenum.sfu.fec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Repair packets by the draft, and that they restore what was lost.
class FlexFecEncoderTest {
  private static final int SSRC = 0xCAFEBABE;

  private final FlexFecEncoder encoder = new FlexFecEncoder(MemorySegment.ofArray(new byte[1_500]));

  private static byte[] packet(int number, int timestamp, boolean marker, byte[] body) {
    return ByteBuffer.allocate(12 + body.length)
        .put((byte) (0x80 | 0x10))
        .put((byte) (marker ? 0xE0 : 0x60))
        .putShort((short) number)
        .putInt(timestamp)
        .putInt(SSRC)
        .put(body)
        .array();
  }

  private boolean add(byte[] packet) {
    return encoder.add(MemorySegment.ofArray(packet), 0, packet.length);
  }

  private byte[] repair() {
    byte[] out = new byte[3 + 2_000];
    int length = encoder.write(MemorySegment.ofArray(out), 3);
    assertEquals(encoder.payloadLength(), length);
    return Arrays.copyOfRange(out, 3, 3 + length);
  }

  @Test
  void theLayoutIsTheDrafts() {
    encoder.begin(SSRC);
    assertTrue(add(packet(0xFFFE, 0x01020304, false, new byte[] {1, 2, 3})));
    assertTrue(add(packet(0x0000, 0x01020305, true, new byte[] {4, 0, 0, 9, 8})));
    assertEquals(2, encoder.count());
    assertEquals(3, encoder.span());
    String expected =
        // P, X, CC cancel out; M of one; payload type cancels out; 3 xor 5 bytes
        "00 80 0006"
            + "00000001"
            + "01 000000"
            + "CAFEBABE"
            + "FFFE D000" // base, k = 1, packets 0 and 2
            + "05 02 03 09 08";
    assertArrayEquals(HexFormat.of().parseHex(expected.replace(" ", "")), repair());
  }

  @Test
  void moreThanFifteenNumbersTakeTheLongerMask() {
    for (int last : new int[] {14, 15, 45}) {
      encoder.begin(SSRC);
      assertTrue(add(packet(100, 0, false, new byte[] {1})));
      assertTrue(add(packet(100 + last, 0, false, new byte[] {2})));
      FlexFecDecoder.Repair read = FlexFecDecoder.read(repair());
      assertEquals(last < 15 ? 20 : 24, read.headerLength());
      assertEquals(SSRC, read.ssrc());
      assertEquals(100, read.base());
      for (int place = 0; place < read.mask().length; place++) {
        assertEquals(place == 0 || place == last, read.mask()[place], "place " + place);
      }
    }
  }

  @Test
  void refusesWhatIsNotOfTheGroup() {
    encoder.begin(SSRC);
    assertFalse(encoder.add(MemorySegment.ofArray(new byte[11]), 0, 11), "no RTP packet");
    assertEquals(0, encoder.payloadLength());
    assertEquals(0, encoder.write(MemorySegment.ofArray(new byte[0]), 0));
    assertTrue(add(packet(100, 0, false, new byte[] {1})));
    assertFalse(add(packet(100, 0, false, new byte[] {1})), "there already");
    assertFalse(add(packet(99, 0, false, new byte[] {1})), "before the first");
    assertFalse(add(packet(146, 0, false, new byte[] {1})), "too far");
    assertFalse(add(packet(101, 0, false, new byte[1_501])), "too long");
    assertEquals(1, encoder.count());
    assertArrayEquals(
        packet(100, 0, false, new byte[] {1}), FlexFecDecoder.restore(repair(), Map.of()));
  }

  @Test
  void anyOneLostPacketIsRestored() {
    var random = new Random(8627);
    for (int round = 0; round < 1_000; round++) {
      int first = random.nextInt(0x10000);
      Map<Integer, byte[]> sent = new TreeMap<>();
      encoder.begin(SSRC);
      int size = 1 + random.nextInt(20);
      for (int i = 0; i < size; i++) {
        // Some numbers are missing between them, and sizes are anything.
        int number = first + 2 * i + (i == 0 ? 0 : random.nextInt(2)) & 0xFFFF;
        byte[] body = new byte[random.nextInt(1_200)];
        random.nextBytes(body);
        byte[] packet = packet(number, random.nextInt(), random.nextBoolean(), body);
        if (add(packet)) {
          sent.put(number, packet);
        }
      }
      byte[] repair = repair();
      for (Map.Entry<Integer, byte[]> lost : sent.entrySet()) {
        Map<Integer, byte[]> received = new TreeMap<>(sent);
        received.remove(lost.getKey());
        assertArrayEquals(lost.getValue(), FlexFecDecoder.restore(repair, received));
      }
    }
  }
}
