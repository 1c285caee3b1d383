package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/// An OBU header is forbidden (1 bit), type (4), extension, size field, reserved: sequence header
/// 08, frame header 18, tile group 20, frame 30, with the extension flag 4 more.
class Av1PayloadTest {
  /// W = 2, N (0x28): a sequence header of 3 bytes, a frame with temporal id 1, spatial id 2 (001
  /// 10 000).
  private static final String KEY_FRAME = "28 03 080000 34 30 AABB";

  private final Av1Payload payload = new Av1Payload();

  private boolean parse(String hex) {
    return parse(Hex.bytes(hex));
  }

  private boolean parse(byte[] bytes) {
    return payload.parse(MemorySegment.ofArray(bytes), 0, bytes.length);
  }

  @Test
  void readsTheFirstPacketOfASequence() {
    MemorySegment slab = Hex.segment("FFFF" + KEY_FRAME);
    assertTrue(payload.parse(slab, 2, (int) slab.byteSize() - 2));
    assertTrue(payload.isFrameStart());
    assertTrue(payload.startsCodedVideoSequence());
    assertTrue(payload.hasSequenceHeader());
    assertFalse(payload.continuesInNextPacket());
    assertEquals(1, payload.temporalLayer());
    assertEquals(2, payload.spatialLayer());
  }

  @Test
  void readsAPredictedFrame() { // W = 1: one element to the end
    assertTrue(parse("10 30 AABB"));
    assertTrue(payload.isFrameStart());
    assertFalse(payload.startsCodedVideoSequence());
    assertFalse(payload.hasSequenceHeader());
    assertEquals(-1, payload.temporalLayer());
    assertEquals(-1, payload.spatialLayer());
  }

  @Test
  void aContinuationHasNoObuHeader() { // Z, Y, W = 1; the byte 08 is in the middle of an OBU
    assertTrue(parse("D0 08 00"));
    assertFalse(payload.isFrameStart());
    assertFalse(payload.hasSequenceHeader());
    assertTrue(payload.continuesInNextPacket());
    assertTrue(parse("A0 01 08 0C 00"), "behind it a sequence header with an extension");
    assertFalse(payload.isFrameStart());
    assertTrue(payload.hasSequenceHeader());
    assertEquals(0, payload.temporalLayer());
  }

  @Test
  void aTileGroupStartsNoFrame() {
    assertTrue(parse("10 20 AA"));
    assertFalse(payload.isFrameStart());
    assertTrue(parse("10 38 AA"), "a redundant frame header");
    assertFalse(payload.isFrameStart());
    assertTrue(parse("20 01 18 20 AA"), "behind its frame header");
    assertTrue(payload.isFrameStart());
  }

  @Test
  void everyElementHasASizeIfTheyAreNotCounted() { // W = 0
    assertTrue(parse("00 02 0A01 01 10 03 300000"));
    assertTrue(payload.hasSequenceHeader());
    assertFalse(parse("00 02 0A01 02 10"));
    assertTrue(parse("00 00 01 08"), "an empty element");
  }

  @Test
  void aPacketOfEmptyElementsStartsNothing() {
    assertTrue(parse("00 00 00"));
    assertFalse(payload.isFrameStart());
    assertFalse(payload.hasSequenceHeader());
  }

  @Test
  void readsLongSizes() { // leb128: 0x83 0x00 is 3 as well, 0x82 0x01 is 130
    assertTrue(parse("20 8300 080000 30"));
    assertTrue(payload.hasSequenceHeader());
    assertTrue(parse("20 8380808080808000 080000 30"), "eight bytes");
    assertFalse(parse("20 838080808080808000 080000 30"), "nine bytes");
    assertTrue(parse("20 8201" + "08".repeat(130) + "30"));
    assertFalse(parse("20 8201" + "08".repeat(129)));
  }

  @Test
  void sizesMustAddUp() {
    assertFalse(parse("20 04 080000"), "beyond the end");
    assertFalse(parse("20 03 080000"), "the second of two elements is missing");
    assertFalse(parse("30 01 08 01 30"), "the third of three is missing");
    assertFalse(parse("00 80"), "a size without end");
    assertFalse(parse("00 FFFFFFFFFFFFFF7F 30"), "2^56 - 1 bytes");
    assertFalse(parse("10"), "no element");
  }

  @Test
  void aNewSequenceContinuesNothing() { // AV1 RTP §4.4: if N is 1, Z must be 0
    assertFalse(parse("98 08 00"));
  }

  @Test
  void anExtensionCutByTheFragmentIsNotRead() { // Y, W = 1: one byte of the OBU
    assertTrue(parse("50 34"));
    assertEquals(-1, payload.temporalLayer());
  }

  @Test
  void forgetsThePacketBefore() {
    assertTrue(parse(KEY_FRAME));
    assertTrue(parse("90 00"));
    assertFalse(payload.hasSequenceHeader());
    assertEquals(-1, payload.temporalLayer());
    assertEquals(-1, payload.spatialLayer());
  }

  @Test
  void refusesEveryTruncationBeforeTheLastElement() {
    HostileBytes.truncations(
        Hex.bytes(KEY_FRAME),
        bytes -> assertEquals(bytes.length > 5, parse(bytes), bytes.length + " bytes"));
    HostileBytes.truncations(
        Hex.bytes("00 05 0A01020304"), bytes -> assertFalse(parse(bytes), "" + bytes.length));
  }

  @Test
  void staysInBoundsWhateverComes() {
    HostileBytes.flippedBits(Hex.bytes(KEY_FRAME), this::check);
    HostileBytes.flippedBits(Hex.bytes("00 02 0A01 01 10 03 300000"), this::check);
    HostileBytes.noise(this::check);
  }

  private void check(byte[] bytes) {
    Av1PayloadFuzzTest.check(payload, bytes);
  }
}
