package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class RtpPacketTest {
  private static final String FIXED = "80 EF FFFF 89ABCDEF FEDCBA98";
  private final RtpPacket packet = new RtpPacket();

  private boolean parse(String hex) {
    MemorySegment bytes = Hex.segment(hex);
    return packet.parse(bytes, 0, (int) bytes.byteSize());
  }

  private String extension(int id) {
    int offset = packet.extensionOffset(id);
    return offset < 0 ? "none" : Hex.of(packet.slab(), offset, packet.extensionLength(id));
  }

  @Test
  void readsTheFixedHeader() { // RFC 3550 §5.1
    assertTrue(parse(FIXED + "0102"));
    assertTrue(packet.marker());
    assertEquals(0x6F, packet.payloadType());
    assertEquals(65_535, packet.sequenceNumber());
    assertEquals(0x89ABCDEF, packet.timestamp());
    assertEquals(0xFEDCBA98, packet.ssrc());
    assertEquals(12, packet.headerLength());
    assertEquals(2, packet.payloadLength());
    assertEquals(0, packet.paddingLength());
    assertEquals(14, packet.length());
  }

  @Test
  void readsAPacketInTheMiddleOfASlab() {
    MemorySegment slab = Hex.segment("FFFFFF" + FIXED + "01 FF");
    assertTrue(packet.parse(slab, 3, 13));
    assertEquals(3, packet.offset());
    assertEquals(65_535, packet.sequenceNumber());
    assertEquals(1, packet.payloadLength());
  }

  @Test
  void acceptsAnEmptyPayload() {
    assertTrue(parse(FIXED));
    assertEquals(0, packet.payloadLength());
  }

  @Test
  void skipsContributingSources() {
    assertTrue(parse("82 6F 0001 00000000 00000001 AAAAAAAA BBBBBBBB 77"));
    assertEquals(20, packet.headerLength());
    assertEquals(1, packet.payloadLength());
  }

  @Test
  void readsTheOneByteForm() { // RFC 8285 §4.2: ids 1 (1 byte), 2 (2 bytes), 14 (16 bytes)
    assertTrue(
        parse(
            "90 6F 0001 00000000 00000001 BEDE 0006"
                + "10 AA 00 21 BBCC EF 000102030405060708090A0B0C0D0E0F 00"
                + "77"));
    assertEquals("aa", extension(1));
    assertEquals("bbcc", extension(2));
    assertEquals("000102030405060708090a0b0c0d0e0f", extension(14));
    assertEquals("none", extension(3));
    assertEquals(40, packet.headerLength());
    assertEquals(1, packet.payloadLength());
  }

  @Test
  void readsTheTwoByteForm() { // RFC 8285 §4.3: an empty element, padding in between, id 15 and 255
    assertTrue(
        parse("90 6F 0001 00000000 00000001 1005 0004 0100 00 0F02AABB FF03 010203 02 01 77 00"));
    assertEquals("", extension(1));
    assertEquals("aabb", extension(15));
    assertEquals("010203", extension(255));
    assertEquals("77", extension(2));
    assertEquals(0, packet.payloadLength());
  }

  @Test
  void anIdNotNegotiatedIsNeverFound() { // HeaderExtensionMap says 0 for it
    assertTrue(parse("90 6F 0001 00000000 00000001 BEDE 0001 10 AA 0000"));
    assertEquals(-1, packet.extensionOffset(0));
  }

  @Test
  void idFifteenEndsTheOneByteForm() { // RFC 8285 §4.2
    assertTrue(parse("90 6F 0001 00000000 00000001 BEDE 0002 10AA F0BB 20CC 0000"));
    assertEquals("aa", extension(1));
    assertEquals("none", extension(15));
    assertEquals("none", extension(2));
    assertEquals(20 + 4, packet.headerLength());
  }

  @Test
  void idZeroWithALengthEndsTheOneByteForm() { // RFC 8285 §4.2
    assertTrue(parse("90 6F 0001 00000000 00000001 BEDE 0002 10AA 01BB CC 20DD 00"));
    assertEquals("aa", extension(1));
    assertEquals("none", extension(2));
  }

  @Test
  void theLastElementOfAnIdCounts() {
    assertTrue(parse("90 6F 0001 00000000 00000001 BEDE 0001 10AA 10BB"));
    assertEquals("bb", extension(1));
  }

  @Test
  void skipsABlockOfAnUnknownProfile() { // RFC 3550 §5.3.1
    assertTrue(parse("90 6F 0001 00000000 00000001 ABCD 0001 10AA 10BB 77"));
    assertEquals("none", extension(1));
    assertEquals(20, packet.headerLength());
    assertEquals(1, packet.payloadLength());
  }

  @Test
  void acceptsAnEmptyBlock() {
    assertTrue(parse("90 6F 0001 00000000 00000001 BEDE 0000 77"));
    assertEquals(16, packet.headerLength());
  }

  @Test
  void anElementBeyondItsBlockCostsOnlyTheRestOfTheBlock() {
    assertTrue(parse("90 6F 0001 00000000 00000001 BEDE 0001 10AA 22BB 77777777"));
    assertEquals("aa", extension(1));
    assertEquals("none", extension(2));
    assertEquals(4, packet.payloadLength());

    assertTrue(parse("90 6F 0001 00000000 00000001 1000 0002 0101AA 020300BB 05 77"));
    assertEquals("aa", extension(1));
    assertEquals("none", extension(5));
    assertEquals(1, packet.payloadLength());

    assertTrue(parse("90 6F 0001 00000000 00000001 1000 0001 0102AABB 77"));
    assertEquals("aabb", extension(1));
    assertTrue(parse("90 6F 0001 00000000 00000001 1000 0001 0103AABB 77"));
    assertEquals("none", extension(1));
  }

  @Test
  void extensionsOfThePacketBeforeAreForgotten() {
    assertTrue(parse("90 6F 0001 00000000 00000001 BEDE 0001 10AA 20BB"));
    assertTrue(parse("90 6F 0002 00000000 00000001 BEDE 0001 10AA 0000"));
    assertEquals("none", extension(2));
    assertTrue(parse(FIXED));
    assertEquals("none", extension(1));
  }

  @Test
  void readsPadding() { // RFC 3550 §5.1: the last byte counts itself
    assertTrue(parse("A0 6F 0001 00000000 00000001 7777 000003"));
    assertEquals(2, packet.payloadLength());
    assertEquals(3, packet.paddingLength());
    assertTrue(parse("A0 6F 0001 00000000 00000001 000003"));
    assertEquals(0, packet.payloadLength());
    assertTrue(parse(FIXED));
    assertEquals(0, packet.paddingLength());
  }

  @Test
  void refusesPaddingThatLies() {
    assertFalse(parse("A0 6F 0001 00000000 00000001 777700"), "count of 0");
    assertFalse(parse("A0 6F 0001 00000000 00000001 777704"), "more than the payload");
    assertFalse(parse("A0 6F 0001 00000000 00000001"), "no byte for the count");
    assertFalse(parse("B0 6F 0001 00000000 00000001 BEDE 0001 10AA0005 04"), "into the header");
  }

  @Test
  void refusesOtherVersions() {
    for (String first : new String[] {"00", "40", "C0"}) {
      assertFalse(parse(first + "6F 0001 00000000 00000001 77"));
    }
  }

  @Test
  void refusesEveryTruncationOfTheHeader() {
    String whole = Hex.strip("91 6F 0001 00000000 00000001 AAAAAAAA BEDE 0001 10AA 0000");
    for (int length = 0; length < whole.length() / 2; length++) {
      assertFalse(parse(whole.substring(0, 2 * length)), length + " bytes");
    }
    assertTrue(parse(whole));
  }

  @Test
  void refusesABlockBeyondThePacket() {
    assertFalse(parse("90 6F 0001 00000000 00000001 BEDE 0002 10AA 0000 777777"));
    assertFalse(parse("90 6F 0001 00000000 00000001 BEDE FFFF 10AA 0000 777777"));
  }
}
