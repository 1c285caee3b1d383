package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class BitReaderTest {
  private final BitReader bits = new BitReader();

  private void start(String binary) {
    byte[] bytes = Bits.bytes(binary);
    bits.start(MemorySegment.ofArray(bytes), 0, bytes.length);
  }

  @Test
  void readsAcrossBytes() {
    bits.start(Hex.segment("FF A5 0F F0 80"), 1, 4);
    assertTrue(bits.flag());
    assertEquals(0b0100101_0, bits.bits(8));
    assertEquals(0b0001111_1111000, bits.bits(14));
    assertEquals(0, bits.bits(0));
    assertEquals(0b0_1000, bits.bits(5));
    assertEquals(0, bits.bits(4));
    assertFalse(bits.isExhausted());
    assertEquals(0, bits.bits(1));
    assertTrue(bits.isExhausted());
  }

  @Test
  void readsAllBitsOfANumber() {
    bits.start(Hex.segment("FF FFFFFFFF 00"), 0, 6);
    assertEquals(0b111, bits.bits(3));
    assertEquals(-1, bits.bits(32));
  }

  @Test
  void readsZerosPastTheEnd() {
    bits.start(Hex.segment("FF FF"), 0, 1);
    assertEquals(0, bits.bits(9));
    assertTrue(bits.isExhausted());
    assertFalse(bits.flag(), "once past the end, always");
    bits.start(Hex.segment("80"), 0, 1);
    assertFalse(bits.isExhausted());
    assertTrue(bits.flag());
  }

  @Test
  void readsNonSymmetricNumbers() { // AV1 §4.10.7: for n = 5 the codes are 00 01 10 110 111
    start("00 01 10 110 111");
    for (int value = 0; value < 5; value++) {
      assertEquals(value, bits.nonSymmetric(5));
    }
    start("0 10 11"); // n = 3
    for (int value = 0; value < 3; value++) {
      assertEquals(value, bits.nonSymmetric(3));
    }
    start("11111111");
    assertEquals(0, bits.nonSymmetric(1), "one value needs no bit");
    assertEquals(3, bits.nonSymmetric(4));
    assertEquals(32, bits.nonSymmetric(33));
    assertFalse(bits.isExhausted());
  }

  @Test
  void readsExpGolombCodes() { // ITU-T H.264 table 9-2 and §9.1.1
    start("1 010 011 00100 00101 0001000");
    for (int value : new int[] {0, 1, 2, 3, 4, 7}) {
      assertEquals(value, bits.unsignedExpGolomb());
    }
    start("1 010 011 00100 00101 00110");
    for (int value : new int[] {0, 1, -1, 2, -2, 3}) {
      assertEquals(value, bits.signedExpGolomb());
    }
    assertFalse(bits.isExhausted());
  }

  @Test
  void theGreatestExpGolombCodesAreReadAsTheGreatestInt() {
    start("0".repeat(30) + "1" + "1".repeat(29) + "0" + "1"); // 2^31 - 3
    assertEquals(Integer.MAX_VALUE - 2, bits.unsignedExpGolomb());
    assertTrue(bits.flag());
    start("0".repeat(31) + "1" + "1".repeat(31) + "1"); // 2^32 - 2
    assertEquals(Integer.MAX_VALUE, bits.unsignedExpGolomb());
    assertTrue(bits.flag());
    start("0".repeat(31) + "1" + "1".repeat(31));
    assertEquals(1 << 30, bits.signedExpGolomb());
    assertFalse(bits.isExhausted());
  }

  @Test
  void anOverlongExpGolombCodeEndsTheReading() {
    start("0".repeat(32) + "1".repeat(40));
    assertEquals(0, bits.unsignedExpGolomb());
    assertTrue(bits.isExhausted());
    assertFalse(bits.flag());
    start("0000 0001");
    assertEquals(0x7F, bits.unsignedExpGolomb(), "its last bits lie past the end");
    assertTrue(bits.isExhausted());
    start("0000 0000");
    assertEquals(0, bits.unsignedExpGolomb());
    assertTrue(bits.isExhausted());
  }

  @Test
  void skipsAnyNumberOfBits() {
    bits.start(Hex.segment("FF".repeat(11) + "A0"), 0, 12);
    bits.skip(0);
    bits.skip(88);
    assertEquals(0b101, bits.bits(3));
    bits.skip(5);
    assertFalse(bits.isExhausted());
    bits.skip(64);
    assertTrue(bits.isExhausted());
  }

  @Test
  void passesOverEmulationPreventionBytes() { // ITU-T H.264 §7.3.1
    bits.startNalUnit(Hex.segment("000003 01 0003 00000300 0003 00"), 0, 13);
    int[] bytes = {0, 0, 1, 0, 3, 0, 0, 0, 0, 0};
    for (int value : bytes) {
      assertEquals(value, bits.bits(8));
    }
    assertFalse(bits.isExhausted());
    assertFalse(bits.flag());
    assertTrue(bits.isExhausted());
    bits.startNalUnit(Hex.segment("000003"), 0, 3);
    assertEquals(0, bits.bits(16));
    assertFalse(bits.isExhausted());
    assertEquals(0, bits.bits(1), "the last byte is no payload");
    assertTrue(bits.isExhausted());
  }

  @Test
  void onlyNalUnitsHaveEmulationPrevention() {
    bits.startNalUnit(Hex.segment("0000"), 0, 2);
    bits.skip(16);
    bits.start(Hex.segment("000003"), 0, 3);
    assertEquals(3, bits.bits(24));
    bits.startNalUnit(Hex.segment("0000"), 0, 2);
    bits.skip(16);
    bits.startNalUnit(Hex.segment("03"), 0, 1);
    assertEquals(3, bits.bits(8), "the zeros of another unit do not count");
  }
}
