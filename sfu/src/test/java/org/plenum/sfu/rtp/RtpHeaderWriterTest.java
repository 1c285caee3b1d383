package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RtpHeaderWriterTest {
  private final RtpHeaderWriter writer = new RtpHeaderWriter();
  private final byte[] array = new byte[2048];
  private final MemorySegment slab = MemorySegment.ofArray(array);

  @Test
  void writesAHeaderWithoutExtensions() {
    Arrays.fill(array, (byte) 0xFF);
    writer.begin(slab, 4, 111, true, 65_537, -1, 0x01020304, false);
    assertEquals(12, writer.end());
    assertEquals(Hex.strip("80 EF 0001 FFFFFFFF 01020304"), Hex.of(slab, 4, 12));
  }

  @Test
  void writesTheOneByteForm() {
    Arrays.fill(array, (byte) 0xFF);
    writer.begin(slab, 0, 96, false, 2, 3, 4, false);
    assertTrue(writer.extension(1, Hex.segment("00 AABB"), 1, 2));
    assertEquals(20, writer.extension(14, 0x0A0B0C, 3));
    assertTrue(writer.extension(3, Hex.bytes("CC")));
    assertEquals(28, writer.end());
    assertEquals(
        Hex.strip("90 60 0002 00000003 00000004 BEDE 0003 11AABB E20A0B0C 30CC 000000"),
        Hex.of(slab, 0, 28));
  }

  @Test
  void writesTheTwoByteForm() {
    writer.begin(slab, 0, 96, false, 2, 3, 4, true);
    assertTrue(writer.extension(16, Hex.bytes("")));
    writer.extension(255, 0x1234, 2);
    assertEquals(24, writer.end());
    assertEquals(
        Hex.strip("90 60 0002 00000003 00000004 1000 0002 1000 FF021234 0000"),
        Hex.of(slab, 0, 24));
  }

  @Test
  void refusesALengthThatItsFormCannotSay() {
    writer.begin(slab, 0, 96, false, 2, 3, 4, false);
    assertFalse(writer.extension(1, new byte[0]));
    assertFalse(writer.extension(1, new byte[17]));
    assertFalse(writer.extension(1, slab, 0, 0));
    assertEquals(12, writer.end());
    writer.begin(slab, 0, 96, false, 2, 3, 4, true);
    assertFalse(writer.extension(1, new byte[256]));
    assertFalse(writer.extension(1, slab, 0, 256));
    assertEquals(12, writer.end());
  }

  @Test
  void throwsOnAnIdThatItsFormCannotSay() {
    writer.begin(slab, 0, 96, false, 2, 3, 4, false);
    assertThrows(IllegalArgumentException.class, () -> writer.extension(0, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> writer.extension(15, 1, 1));
    writer.begin(slab, 0, 96, false, 2, 3, 4, true);
    assertThrows(IllegalArgumentException.class, () -> writer.extension(256, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> writer.extension(1, 1, 5));
  }

  @Test
  void whatIsWrittenIsReadBack() {
    var random = new Random(2);
    var packet = new RtpPacket();
    for (int round = 0; round < 2_000; round++) {
      boolean wide = random.nextBoolean();
      int offset = random.nextInt(8);
      int sequenceNumber = random.nextInt(0x10000);
      int timestamp = random.nextInt();
      int ssrc = random.nextInt();
      int payloadLength = random.nextInt(100);
      writer.begin(slab, offset, 96, wide, sequenceNumber, timestamp, ssrc, wide);
      var written = new TreeMap<Integer, String>();
      for (int i = random.nextInt(5); i > 0; i--) {
        int id = 1 + random.nextInt(wide ? 255 : 14);
        byte[] data = new byte[wide ? random.nextInt(256) : 1 + random.nextInt(16)];
        random.nextBytes(data);
        assertTrue(writer.extension(id, data));
        written.put(id, HexFormat.of().formatHex(data));
      }
      int headerLength = writer.end();

      assertTrue(packet.parse(slab, offset, headerLength + payloadLength));
      assertEquals(headerLength, packet.headerLength());
      assertEquals(payloadLength, packet.payloadLength());
      assertEquals(sequenceNumber, packet.sequenceNumber());
      assertEquals(timestamp, packet.timestamp());
      assertEquals(ssrc, packet.ssrc());
      assertEquals(wide, packet.marker());
      var read = new TreeMap<Integer, String>();
      for (int id = 0; id < 256; id++) {
        int at = packet.extensionOffset(id);
        if (at >= 0) {
          read.put(id, Hex.of(slab, offset + at, packet.extensionLength(id)));
        }
      }
      assertEquals(written, read);
    }
  }
}
