package org.plenum.sfu.fec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;

/// Restores a packet as a browser does, written from the draft (§4.2.2, §6.3): for tests.
public final class FlexFecDecoder {
  public record Repair(int ssrc, int base, boolean[] mask, int headerLength) {}

  private FlexFecDecoder() {}

  /// Reads the header; fails on what libwebrtc refuses.
  public static Repair read(byte[] payload) {
    ByteBuffer bytes = ByteBuffer.wrap(payload);
    assertEquals(0, payload[0] & 0xC0, "R and F");
    assertEquals(1, payload[8], "SSRC count");
    assertEquals(0, bytes.getInt(8) & 0xFFFFFF, "reserved");
    boolean[] mask = new boolean[109];
    int at = 18;
    int place = 0;
    for (int width : new int[] {15, 31, 63}) {
      boolean last = (payload[at] & 0x80) != 0;
      for (int i = 0; i < width; i++) {
        int bit = i + 1;
        mask[place++] = (payload[at + bit / 8] & 0x80 >> bit % 8) != 0;
      }
      at += (width + 1) / 8;
      if (last) {
        return new Repair(bytes.getInt(12), bytes.getShort(16) & 0xFFFF, mask, at);
      }
    }
    throw new AssertionError("the last k bit is not set");
  }

  /// The one packet of a group that is missing.
  ///
  /// @param received by sequence number
  public static byte[] restore(byte[] payload, Map<Integer, byte[]> received) {
    Repair repair = read(payload);
    byte[] header = Arrays.copyOf(payload, 8);
    byte[] body = Arrays.copyOfRange(payload, repair.headerLength, payload.length);
    int missing = -1;
    for (int place = 0; place < repair.mask.length; place++) {
      int number = repair.base + place & 0xFFFF;
      if (!repair.mask[place]) {
        continue;
      }
      byte[] packet = received.get(number);
      if (packet == null) {
        assertEquals(-1, missing, "one missing packet");
        missing = number;
        continue;
      }
      ByteBuffer length = ByteBuffer.allocate(2).putShort((short) (packet.length - 12));
      for (int i = 0; i < 8; i++) {
        header[i] ^= i == 2 || i == 3 ? length.get(i - 2) : packet[i];
      }
      for (int i = 12; i < packet.length; i++) {
        body[i - 12] ^= packet[i];
      }
    }
    int length = ByteBuffer.wrap(header).getShort(2) & 0xFFFF;
    ByteBuffer restored = ByteBuffer.allocate(12 + length);
    restored.put((byte) (0x80 | header[0] & 0x3F)).put(header[1]).putShort((short) missing);
    restored.put(header, 4, 4).putInt(repair.ssrc).put(body, 0, length);
    return restored.array();
  }
}
