package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class Vp9DescriptorFuzzTest {
  private static final Vp9Descriptor DESCRIPTOR = new Vp9Descriptor();

  @FuzzTest(maxDuration = "5s")
  void everyFieldLiesInTheDescriptor(byte[] bytes) {
    check(DESCRIPTOR, bytes);
  }

  /// What must hold of any bytes at all.
  static void check(Vp9Descriptor descriptor, byte[] bytes) {
    if (!descriptor.parse(MemorySegment.ofArray(bytes), 0, bytes.length)) {
      return;
    }
    int length = descriptor.length();
    assertTrue(length >= 1 && length < bytes.length);
    assertTrue(descriptor.isKeyFrameStart() || descriptor.frameHeight() == 0);
    assertTrue(descriptor.isFrameStart() || !descriptor.isKeyFrameStart());
    assertTrue(!descriptor.isInterPicturePredicted() || !descriptor.isKeyFrameStart());
    if (descriptor.pictureId() >= 0) {
      int idBytes = (descriptor.pictureIdBits() + 1) / 8;
      assertTrue(descriptor.pictureId() < 1 << descriptor.pictureIdBits());
      assertTrue(descriptor.pictureIdOffset() + idBytes <= length);
    }
    if (descriptor.tl0PicIdx() >= 0) {
      assertTrue(!descriptor.isFlexibleMode() && descriptor.tl0PicIdxOffset() < length);
    }
    assertTrue(descriptor.temporalLayer() < 8 && descriptor.spatialLayer() < 8);
    for (int i = 0; i < descriptor.referenceCount(); i++) {
      assertTrue(descriptor.referenceDifference(i) >> 7 == 0);
    }
    for (int layer = 0; layer < descriptor.spatialLayerCount(); layer++) {
      assertTrue(descriptor.width(layer) >> 16 == 0 && descriptor.height(layer) >> 16 == 0);
    }
  }
}
