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
}
