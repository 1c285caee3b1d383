package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class DependencyDescriptorFuzzTest {
  private static final DependencyDescriptor DESCRIPTOR = new DependencyDescriptor();

  /// The first byte is the length of a first descriptor; the rest is a second, read after it.
  @FuzzTest(maxDuration = "5s")
  void everyFieldIsInRange(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    var context = new DependencyContext();
    int split = 1 + Math.min(bytes[0] & 0xFF, bytes.length - 1);
    check(DESCRIPTOR, Arrays.copyOfRange(bytes, 1, split), context);
    check(DESCRIPTOR, Arrays.copyOfRange(bytes, split, bytes.length), context);
  }

  /// What must hold of any bytes at all.
  static void check(DependencyDescriptor descriptor, byte[] bytes, DependencyContext context) {
    FrameDependencyStructure before = context.structure();
    int activeBefore = context.activeDecodeTargets();
    if (!descriptor.parse(MemorySegment.ofArray(bytes), 0, bytes.length, context)) {
      assertSame(before, context.structure());
      assertEquals(activeBefore, context.activeDecodeTargets());
      return;
    }
    FrameDependencyStructure structure = descriptor.structure();
    assertTrue(descriptor.frameNumber() >> 16 == 0);
    assertTrue(descriptor.hasStructure() || structure == before);
    assertTrue(descriptor.spatialLayer() < structure.spatialLayerCount());
    assertTrue(descriptor.temporalLayer() < structure.temporalLayerCount());
    assertTrue(structure.spatialLayerCount() <= 4 && structure.temporalLayerCount() <= 8);
    for (int target = 0; target < structure.decodeTargetCount(); target++) {
      descriptor.indication(target);
      assertTrue(structure.protectingChain(target) < structure.chainCount());
      assertTrue(structure.decodeTargetSpatialLayer(target) < structure.spatialLayerCount());
      assertTrue(structure.decodeTargetTemporalLayer(target) < structure.temporalLayerCount());
    }
    for (int i = 0; i < descriptor.frameDiffCount(); i++) {
      assertTrue(descriptor.frameDiff(i) >= 1 && descriptor.frameDiff(i) <= 4096);
    }
    for (int chain = 0; chain < structure.chainCount(); chain++) {
      assertTrue(descriptor.chainDiff(chain) >> 8 == 0);
    }
    for (int layer = 0; layer < structure.spatialLayerCount(); layer++) {
      assertTrue(structure.width(layer) <= 65_536 && structure.height(layer) <= 65_536);
    }
    assertTrue(descriptor.width() >= 0 && descriptor.height() >= 0);
  }
}
