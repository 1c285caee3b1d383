package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.sfu.rtp.DecodeTargetIndication.DISCARDABLE;
import static org.plenum.sfu.rtp.DecodeTargetIndication.NOT_PRESENT;
import static org.plenum.sfu.rtp.DecodeTargetIndication.REQUIRED;
import static org.plenum.sfu.rtp.DecodeTargetIndication.SWITCH;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/// Bit by bit after AV1 RTP, appendix A.4.1.
class DependencyDescriptorTest {
  /// template_dependency_structure of L1T2: two decode targets (T0, T0 and T1), one chain.
  private static final String L1T2 =
      "000101 00001" // template_id_offset 5, dtis_cnt_minus_one 1
          + "00 01 11" // layers: T0, T0, T1, no more
          + "10 10  10 10  00 01" // indications: S S, S S, - D
          + "0  1 0001 0  1 0000 0" // frame diffs: none, 2, 1
          + "10" // chains_cnt 1 = ns(3); ns(1) for each decode target takes no bit
          + "0000 0010 0001" // chain diffs: 0, 2, 1
          + "1 0000001001111111 0000000101100111"; // 640×360

  /// Flags of a key frame: structure present, none of the others.
  private static final String KEY = "1 0 0 0 0";

  private final DependencyDescriptor descriptor = new DependencyDescriptor();
  private final DependencyContext context = new DependencyContext();

  private static String mandatory(int start, int end, int templateId, int frameNumber) {
    return start + "" + end + Bits.of(templateId, 6) + Bits.of(frameNumber, 16);
  }

  private static byte[] keyFrame(int frameNumber) {
    return Bits.bytes(mandatory(1, 0, 5, frameNumber) + KEY + L1T2);
  }

  private boolean parse(String binary) {
    return parse(Bits.bytes(binary));
  }

  private boolean parse(byte[] bytes) {
    return descriptor.parse(MemorySegment.ofArray(bytes), 0, bytes.length, context);
  }

  @Test
  void readsAKeyFrame() {
    assertTrue(parse(keyFrame(0xFFFE)));
    assertTrue(descriptor.isFrameStart());
    assertFalse(descriptor.isFrameEnd());
    assertEquals(0xFFFE, descriptor.frameNumber());
    assertTrue(descriptor.hasStructure());
    assertEquals(0, descriptor.spatialLayer());
    assertEquals(0, descriptor.temporalLayer());
    assertEquals(SWITCH, descriptor.indication(0));
    assertEquals(SWITCH, descriptor.indication(1));
    assertEquals(0, descriptor.frameDiffCount());
    assertEquals(0, descriptor.chainDiff(0));
    assertFalse(descriptor.hasActiveDecodeTargets());
    assertEquals(0b11, descriptor.activeDecodeTargets());
    assertEquals(640, descriptor.width());
    assertEquals(360, descriptor.height());
    assertSame(context.structure(), descriptor.structure());
  }

  @Test
  void readsTheStructure() {
    assertFalse(context.hasStructure());
    assertTrue(parse(keyFrame(0)));
    assertTrue(context.hasStructure());
    FrameDependencyStructure structure = context.structure();
    assertEquals(2, structure.decodeTargetCount());
    assertEquals(1, structure.chainCount());
    assertEquals(0, structure.protectingChain(1));
    assertEquals(0, structure.decodeTargetTemporalLayer(0));
    assertEquals(1, structure.decodeTargetTemporalLayer(1));
    assertEquals(0, structure.decodeTargetSpatialLayer(1));
    assertEquals(1, structure.spatialLayerCount());
    assertEquals(2, structure.temporalLayerCount());
    assertEquals(640, structure.width(0));
    assertEquals(360, structure.height(0));
  }

  @Test
  void laterFramesReferToItsTemplates() {
    assertTrue(parse(keyFrame(0xFFFF)));
    assertTrue(parse(mandatory(1, 1, 7, 0))); // three bytes: template 2
    assertTrue(descriptor.isFrameEnd());
    assertFalse(descriptor.hasStructure());
    assertEquals(0, descriptor.frameNumber());
    assertEquals(1, descriptor.temporalLayer());
    assertEquals(NOT_PRESENT, descriptor.indication(0));
    assertEquals(DISCARDABLE, descriptor.indication(1));
    assertEquals(1, descriptor.frameDiffCount());
    assertEquals(1, descriptor.frameDiff(0));
    assertEquals(1, descriptor.chainDiff(0));
    assertEquals(640, descriptor.width());
    assertEquals(0b11, descriptor.activeDecodeTargets());
  }

  @Test
  void templateIdsWrap() { // template_id_offset 63: templates 63, 0, 1
    assertTrue(parse(mandatory(1, 1, 0, 1) + KEY + "111111" + L1T2.substring(6)));
    assertEquals(2, descriptor.frameDiff(0), "template 1");
    assertTrue(parse(mandatory(1, 1, 1, 2)));
    assertEquals(1, descriptor.temporalLayer());
    assertFalse(parse(mandatory(1, 1, 2, 3)));
    assertFalse(parse(mandatory(1, 1, 62, 3)));
  }

  @Test
  void nothingIsReadBeforeAStructureHasCome() {
    for (int templateId = 0; templateId < 64; templateId++) {
      assertFalse(parse(mandatory(1, 1, templateId, 0)));
      assertFalse(parse(mandatory(1, 1, templateId, 0) + "01000 1"));
    }
  }

  @Test
  void aFrameMayDepartFromItsTemplate() {
    assertTrue(parse(keyFrame(1)));
    assertTrue(
        parse(
            mandatory(1, 1, 7, 300)
                + "0 1 1 1 1" // active decode targets, custom indications, diffs, chains
                + "01" // decode target 0 alone
                + "11 00" // R -
                + "01 1111  10 00001111  11 111111111111  00" // 16, 16, 4096
                + "11111111")); // 255
    assertTrue(descriptor.hasActiveDecodeTargets());
    assertEquals(0b01, descriptor.activeDecodeTargets());
    assertTrue(descriptor.isActive(0));
    assertFalse(descriptor.isActive(1));
    assertEquals(REQUIRED, descriptor.indication(0));
    assertEquals(NOT_PRESENT, descriptor.indication(1));
    assertEquals(3, descriptor.frameDiffCount());
    assertEquals(16, descriptor.frameDiff(0));
    assertEquals(16, descriptor.frameDiff(1));
    assertEquals(4096, descriptor.frameDiff(2));
    assertEquals(255, descriptor.chainDiff(0));
    assertEquals(1, descriptor.temporalLayer(), "layers are the template's always");

    assertTrue(parse(mandatory(1, 1, 7, 301)));
    assertEquals(DISCARDABLE, descriptor.indication(1), "for one frame only");
    assertEquals(1, descriptor.frameDiffCount());
    assertEquals(1, descriptor.chainDiff(0));
  }

  @Test
  void activeDecodeTargetsHoldUntilTheNextStructure() {
    assertTrue(parse(keyFrame(1)));
    assertTrue(parse(mandatory(1, 1, 6, 2) + "0 1 0 0 0 01"));
    assertTrue(parse(mandatory(1, 1, 6, 3)));
    assertEquals(0b01, descriptor.activeDecodeTargets());
    assertTrue(parse(mandatory(1, 1, 6, 2) + "0 1 0 0 0 11"), "late");
    assertEquals(0b11, descriptor.activeDecodeTargets());
    assertTrue(parse(mandatory(1, 1, 6, 1) + "0 1 0 0 0 01"));
    assertEquals(0b11, context.activeDecodeTargets(), "an older word does not count");
    assertTrue(parse(mandatory(1, 1, 6, 4) + "0 1 0 0 0 01"));
    assertTrue(parse(keyFrame(5)));
    assertEquals(0b11, descriptor.activeDecodeTargets());
    assertEquals(0b11, context.activeDecodeTargets());
  }

  @Test
  void aStructureMaySayWhichDecodeTargetsAreActive() {
    assertTrue(parse(mandatory(1, 0, 5, 9) + "1 1 0 0 0" + L1T2 + "01"));
    assertEquals(0b01, descriptor.activeDecodeTargets());
    assertEquals(0b01, context.activeDecodeTargets());
  }

  @Test
  void aRepairedOldKeyFrameIsReadByItsOwnStructureButDoesNotBringItBack() {
    String other = "010000" + L1T2.substring(6); // template_id_offset 16
    assertTrue(parse(mandatory(1, 0, 16, 3) + KEY + other));
    FrameDependencyStructure newer = context.structure();
    assertTrue(parse(keyFrame(0xFFFF)));
    assertEquals(SWITCH, descriptor.indication(0));
    assertNotSame(newer, descriptor.structure());
    assertSame(newer, context.structure());
    assertTrue(parse(mandatory(1, 1, 18, 4)));
    assertTrue(parse(keyFrame(0xF000)), "a sender that started anew");
    assertNotSame(newer, context.structure());
  }

  @Test
  void aLieLeavesTheContextAlone() {
    assertTrue(parse(keyFrame(1)));
    FrameDependencyStructure before = context.structure();
    assertFalse(parse(mandatory(1, 0, 40, 2) + KEY + L1T2), "no such template");
    byte[] whole = Bits.bytes(mandatory(1, 0, 5, 2) + "1 1 0 0 0" + L1T2 + "01");
    HostileBytes.truncations(
        whole, bytes -> assertEquals(bytes.length == 3, parse(bytes), bytes.length + " bytes"));
    assertSame(before, context.structure());
    assertEquals(0b11, context.activeDecodeTargets());
  }

  @Test
  void readsTwoSpatialLayersAndTheirChains() {
    // L2T1: templates S0 key, S0, S1 key, S1; decode targets S0, S1; two chains.
    String structure =
        "000000 00001"
            + "00 10 00 11"
            + "10 10  10 11  00 10  00 10"
            + "0  1 0001 0  1 0000 0  1 0001 1 0000 0"
            + "11" // chains_cnt 2 = ns(3)
            + "0 1" // decode target 0 by chain 0, 1 by chain 1, ns(2) each
            + "0000 0000  0010 0001  0001 0001  0001 0001"
            + "0"; // no resolutions
    assertTrue(parse(mandatory(1, 1, 2, 1) + KEY + structure));
    assertEquals(1, descriptor.spatialLayer());
    assertEquals(2, context.structure().chainCount());
    assertEquals(0, context.structure().protectingChain(0));
    assertEquals(1, context.structure().protectingChain(1));
    assertEquals(2, context.structure().spatialLayerCount());
    assertEquals(1, context.structure().decodeTargetSpatialLayer(1));
    assertEquals(0, context.structure().decodeTargetSpatialLayer(0));
    assertEquals(0, descriptor.width());
    assertEquals(0, descriptor.height());
    assertTrue(parse(mandatory(1, 1, 1, 2)));
    assertEquals(REQUIRED, descriptor.indication(1));
    assertEquals(2, descriptor.chainDiff(0));
    assertEquals(1, descriptor.chainDiff(1));
    assertTrue(parse(mandatory(1, 1, 3, 3)));
    assertEquals(2, descriptor.frameDiff(0));
    assertEquals(1, descriptor.frameDiff(1));
  }

  @Test
  void readsAStructureWithoutChains() {
    String structure = "000000 00000 11 10 0 0 0"; // chains_cnt 0 = ns(2), one bit
    assertTrue(parse(mandatory(1, 1, 0, 1) + KEY + structure));
    assertEquals(0, context.structure().chainCount());
    assertEquals(-1, context.structure().protectingChain(0));
    assertEquals(1, context.structure().decodeTargetCount());
    assertEquals(1, descriptor.activeDecodeTargets());
  }

  @Test
  void keepsToTheBounds() {
    String head = mandatory(1, 1, 0, 1) + KEY + "000000 00000";
    String same = "00";
    assertTrue(parse(head + same.repeat(63) + "11" + "10".repeat(64) + "0".repeat(64) + "0 0"));
    assertEquals(1, context.structure().temporalLayerCount());
    assertFalse(parse(head + same.repeat(64) + "11" + "10".repeat(65) + "0".repeat(65) + "0 0"));
    assertTrue(parse(head + "01".repeat(7) + "11" + "10".repeat(8) + "0".repeat(8) + "0 0"));
    assertEquals(8, context.structure().temporalLayerCount());
    assertFalse(parse(head + "01".repeat(8) + "11" + "10".repeat(9) + "0".repeat(9) + "0 0"));
    assertTrue(parse(head + "10".repeat(3) + "11" + "10".repeat(4) + "0".repeat(4) + "0 0"));
    assertEquals(4, context.structure().spatialLayerCount());
    assertFalse(parse(head + "10".repeat(4) + "11" + "10".repeat(5) + "0".repeat(5) + "0 0"));
    assertTrue(parse(head + "11 10" + "10000".repeat(32) + "0 0 0"));
    assertEquals(32, descriptor.frameDiffCount());
    assertFalse(parse(head + "11 10" + "10000".repeat(33) + "0 0 0"));
  }

  @Test
  void aFrameRefersToABoundedNumberOfOthers() {
    assertTrue(parse(keyFrame(1)));
    assertTrue(parse(mandatory(1, 1, 5, 2) + "00010" + "010000".repeat(32) + "00"));
    assertEquals(32, descriptor.frameDiffCount());
    assertFalse(parse(mandatory(1, 1, 5, 2) + "00010" + "010000".repeat(33) + "00"));
  }

  @Test
  void allThirtyTwoDecodeTargetsAreActive() {
    String structure = "000000 11111 11" + "10".repeat(32) + "0" + "00000" + "0";
    assertTrue(parse(mandatory(1, 1, 0, 1) + KEY + structure));
    assertEquals(32, context.structure().decodeTargetCount());
    assertEquals(-1, descriptor.activeDecodeTargets());
    assertTrue(descriptor.isActive(31));
    assertTrue(parse(mandatory(1, 1, 0, 2) + "01000" + "0" + "1".repeat(31)));
    assertFalse(descriptor.isActive(31), "bit 31 comes first");
    assertTrue(descriptor.isActive(0));
  }

  @Test
  void theFrameNumberCanBeRewrittenInPlace() {
    byte[] bytes = keyFrame(1);
    NetworkOrder.put16(
        MemorySegment.ofArray(bytes), DependencyDescriptor.FRAME_NUMBER_OFFSET, 0xABCD);
    assertTrue(parse(bytes));
    assertEquals(0xABCD, descriptor.frameNumber());
    assertTrue(descriptor.isFrameStart());
    assertEquals(640, descriptor.width());
  }

  @Test
  void paddingIsIgnored() { // zero_padding must be 0 and be ignored
    assertTrue(parse(keyFrame(1)));
    assertTrue(parse(mandatory(1, 1, 7, 2) + "00000 111 11111111"));
  }

  @Test
  void staysInBoundsWhateverComes() {
    byte[] custom =
        Bits.bytes(mandatory(1, 1, 7, 2) + "01111 01 1100 011111 1000001111 00 11111111");
    HostileBytes.flippedBits(keyFrame(1), this::check);
    HostileBytes.flippedBits(custom, this::check);
    HostileBytes.noise(this::check);
  }

  private void check(byte[] bytes) {
    if (!context.hasStructure()) {
      assertTrue(parse(keyFrame(1)));
    }
    DependencyDescriptorFuzzTest.check(descriptor, bytes, context);
  }
}
