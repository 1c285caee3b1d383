package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class Vp9DescriptorTest {
  /// I L B V; 15-bit picture id 0x1234; TID 0, SID 0; TL0PICIDX 7; a structure of three layers with
  /// sizes (N_S = 2, Y, G: 0x58) and a group of two pictures, TID 0 with one P_DIFF (0x04 02) and
  /// TID 1 with U and two (0x38 01 02); a byte of the frame.
  private static final String NON_FLEXIBLE_KEY_PICTURE =
      "AA 9234 00 07" + "58 0140 00B4 0280 0168 0500 02D0" + "02 04 02 38 01 02" + "49";

  /// I P L F B E; 7-bit picture id 5; TID 2, U, SID 1, D: 010 1 001 1; P_DIFF 1 N, 2 N, 127.
  private static final String FLEXIBLE_WITH_THREE_REFERENCES = "FC 05 53 03 05 FE 00";

  private final Vp9Descriptor descriptor = new Vp9Descriptor();

  private boolean parse(String hex) {
    return parse(Hex.bytes(hex));
  }

  private boolean parse(byte[] bytes) {
    return descriptor.parse(MemorySegment.ofArray(bytes), 0, bytes.length);
  }

  @Test
  void readsTheShortestDescriptor() {
    assertTrue(parse("0C 00")); // B E
    assertEquals(1, descriptor.length());
    assertTrue(descriptor.isFrameStart());
    assertTrue(descriptor.isFrameEnd());
    assertTrue(descriptor.isKeyFrameStart(), "no layer indices: the only layer");
    assertEquals(-1, descriptor.pictureId());
    assertEquals(0, descriptor.pictureIdBits());
    assertEquals(-1, descriptor.tl0PicIdx());
    assertEquals(-1, descriptor.temporalLayer());
    assertEquals(-1, descriptor.spatialLayer());
    assertFalse(descriptor.isSwitchingUpPoint());
    assertFalse(descriptor.isInterLayerPredicted());
    assertEquals(0, descriptor.spatialLayerCount());
  }

  @Test
  void readsTheKeyPictureOfNonFlexibleMode() {
    MemorySegment slab = Hex.segment("FFFF" + NON_FLEXIBLE_KEY_PICTURE);
    assertTrue(descriptor.parse(slab, 2, (int) slab.byteSize() - 2));
    assertEquals(24, descriptor.length());
    assertTrue(descriptor.isKeyFrameStart());
    assertFalse(descriptor.isFlexibleMode());
    assertEquals(0x1234, descriptor.pictureId());
    assertEquals(15, descriptor.pictureIdBits());
    assertEquals(1, descriptor.pictureIdOffset());
    assertEquals(7, descriptor.tl0PicIdx());
    assertEquals(4, descriptor.tl0PicIdxOffset());
    assertEquals(0, descriptor.temporalLayer());
    assertEquals(0, descriptor.spatialLayer());
    assertTrue(descriptor.hasScalabilityStructure());
    assertEquals(3, descriptor.spatialLayerCount());
    assertEquals(320, descriptor.width(0));
    assertEquals(180, descriptor.height(0));
    assertEquals(1280, descriptor.width(2));
    assertEquals(720, descriptor.height(2));
    assertEquals(2, descriptor.pictureGroupSize());
  }

  @Test
  void readsTheReferencesOfFlexibleMode() {
    assertTrue(parse(FLEXIBLE_WITH_THREE_REFERENCES));
    assertEquals(6, descriptor.length());
    assertTrue(descriptor.isFlexibleMode());
    assertTrue(descriptor.isInterPicturePredicted());
    assertTrue(descriptor.isInterLayerPredicted());
    assertTrue(descriptor.isSwitchingUpPoint());
    assertFalse(descriptor.isKeyFrameStart());
    assertEquals(5, descriptor.pictureId());
    assertEquals(7, descriptor.pictureIdBits());
    assertEquals(2, descriptor.temporalLayer());
    assertEquals(1, descriptor.spatialLayer());
    assertEquals(-1, descriptor.tl0PicIdx(), "non-flexible mode only");
    assertEquals(3, descriptor.referenceCount());
    assertEquals(1, descriptor.referenceDifference(0));
    assertEquals(2, descriptor.referenceDifference(1));
    assertEquals(127, descriptor.referenceDifference(2));
  }

  @Test
  void aFourthReferenceIsALie() {
    assertFalse(parse("FC 05 53 03 05 FF 03 00"));
  }

  @Test
  void flexibleModeNeedsAPictureId() { // RFC 9628 §4.2, F: only if I is set
    assertFalse(parse("58 03 00 00"));
    assertFalse(parse("18 00 00 00"));
  }

  @Test
  void anUpperSpatialLayerStartsNoKeyPicture() { // I L B; SID 1, D
    assertTrue(parse("A8 01 03 07 00"));
    assertTrue(descriptor.isFrameStart());
    assertFalse(descriptor.isInterPicturePredicted());
    assertFalse(descriptor.isKeyFrameStart());
  }

  @Test
  void onlyTheFirstPacketStartsTheKeyPicture() { // I L E without B
    assertTrue(parse("A4 01 00 07 00"));
    assertFalse(descriptor.isKeyFrameStart());
    assertTrue(descriptor.isFrameEnd());
  }

  @Test
  void readsTheLayersNobodyRefersTo() {
    assertTrue(parse("0D 00")); // B E Z
    assertTrue(descriptor.isNotReferenceForUpperSpatialLayers());
    assertTrue(parse("0C 00"));
    assertFalse(descriptor.isNotReferenceForUpperSpatialLayers());
  }

  @Test
  void aStructureNeedNotSaySizes() { // N_S 1, neither Y nor G
    assertTrue(parse(NON_FLEXIBLE_KEY_PICTURE));
    assertTrue(parse("0A 20 00"));
    assertEquals(2, descriptor.length());
    assertEquals(2, descriptor.spatialLayerCount());
    assertEquals(0, descriptor.width(0));
    assertEquals(0, descriptor.height(1));
    assertEquals(0, descriptor.pictureGroupSize());
  }

  @Test
  void forgetsThePacketBefore() {
    assertTrue(parse(NON_FLEXIBLE_KEY_PICTURE));
    assertTrue(parse(FLEXIBLE_WITH_THREE_REFERENCES));
    assertEquals(0, descriptor.spatialLayerCount());
    assertEquals(0, descriptor.pictureGroupSize());
    assertTrue(parse("0C 00"));
    assertEquals(-1, descriptor.pictureId());
    assertEquals(-1, descriptor.temporalLayer());
    assertEquals(0, descriptor.referenceCount());
  }

  @Test
  void refusesEveryTruncation() {
    for (String whole : new String[] {NON_FLEXIBLE_KEY_PICTURE, FLEXIBLE_WITH_THREE_REFERENCES}) {
      HostileBytes.truncations(
          Hex.bytes(whole), bytes -> assertFalse(parse(bytes), bytes.length + " bytes"));
    }
  }

  @Test
  void staysInBoundsWhateverComes() {
    HostileBytes.flippedBits(Hex.bytes(NON_FLEXIBLE_KEY_PICTURE), this::check);
    HostileBytes.flippedBits(Hex.bytes(FLEXIBLE_WITH_THREE_REFERENCES), this::check);
    HostileBytes.noise(this::check);
  }

  private void check(byte[] bytes) {
    Vp9DescriptorFuzzTest.check(descriptor, bytes);
  }
}
