package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class Vp8DescriptorTest {
  private final Vp8Descriptor descriptor = new Vp8Descriptor();

  private boolean parse(String hex) {
    MemorySegment bytes = Hex.segment(hex);
    return descriptor.parse(bytes, 0, (int) bytes.byteSize());
  }

  @Test
  void readsTheShortestDescriptor() { // RFC 7741 §4.6.1 without X
    assertTrue(parse("10 00"));
    assertEquals(1, descriptor.length());
    assertTrue(descriptor.isFrameStart());
    assertTrue(descriptor.isKeyFrameStart());
    assertEquals(-1, descriptor.pictureId());
    assertEquals(0, descriptor.pictureIdBits());
    assertEquals(-1, descriptor.tl0PicIdx());
    assertEquals(-1, descriptor.temporalLayer());
  }

  @Test
  void aPredictedFrameIsNoKeyFrame() {
    assertTrue(parse("10 01"));
    assertTrue(descriptor.isFrameStart());
    assertFalse(descriptor.isKeyFrameStart());
  }

  @Test
  void onlyTheFirstPartitionStartsAFrame() {
    assertTrue(parse("00 00"));
    assertFalse(descriptor.isFrameStart());
    assertFalse(descriptor.isKeyFrameStart());
    assertTrue(parse("12 00"));
    assertFalse(descriptor.isFrameStart());
    assertFalse(descriptor.isKeyFrameStart());
    assertTrue(parse("30 00"), "N says nothing about the start");
    assertTrue(descriptor.isFrameStart());
  }

  @Test
  void readsWhatChromiumSends() { // X; I L T; 15-bit picture id 0x1234; TL0PICIDX 7; TID 2, Y
    MemorySegment slab = Hex.segment("FFFF 90 E0 9234 07 A0 00");
    assertTrue(descriptor.parse(slab, 2, 7));
    assertEquals(6, descriptor.length());
    assertEquals(0x1234, descriptor.pictureId());
    assertEquals(15, descriptor.pictureIdBits());
    assertEquals(2, descriptor.pictureIdOffset());
    assertEquals(7, descriptor.tl0PicIdx());
    assertEquals(4, descriptor.tl0PicIdxOffset());
    assertEquals(2, descriptor.temporalLayer());
    assertTrue(descriptor.isKeyFrameStart());
  }

  @Test
  void readsASevenBitPictureId() {
    assertTrue(parse("90 C0 7F FF 01"));
    assertEquals(0x7F, descriptor.pictureId());
    assertEquals(7, descriptor.pictureIdBits());
    assertEquals(255, descriptor.tl0PicIdx());
    assertEquals(3, descriptor.tl0PicIdxOffset());
    assertEquals(4, descriptor.length());
  }

  @Test
  void aKeyIndexAloneNamesNoTemporalLayer() { // K without T: TID must be ignored, §4.2
    assertTrue(parse("90 10 C5 01"));
    assertEquals(3, descriptor.length());
    assertEquals(-1, descriptor.temporalLayer());
  }

  @Test
  void forgetsThePacketBefore() {
    assertTrue(parse("90 E0 9234 07 A0 00"));
    assertTrue(parse("10 00"));
    assertEquals(-1, descriptor.pictureId());
    assertEquals(0, descriptor.pictureIdBits());
    assertEquals(-1, descriptor.tl0PicIdx());
    assertEquals(-1, descriptor.temporalLayer());
  }

  @Test
  void refusesEveryTruncation() {
    String whole = Hex.strip("90 E0 9234 07 A0 00");
    for (int length = 0; length < whole.length() / 2; length++) {
      assertFalse(parse(whole.substring(0, 2 * length)), length + " bytes");
    }
    assertFalse(parse("90 80 92"), "half a picture id");
    assertFalse(parse("90 40"), "no TL0PICIDX");
    assertFalse(parse("90 20"), "no TID");
    assertFalse(parse("90 10"), "no KEYIDX");
  }
}
