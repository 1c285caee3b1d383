package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class Vp8DescriptorFuzzTest {
  @FuzzTest(maxDuration = "5s")
  void everyFieldLiesInTheDescriptor(byte[] bytes) {
    var descriptor = new Vp8Descriptor();
    if (!descriptor.parse(MemorySegment.ofArray(bytes), 0, bytes.length)) {
      return;
    }
    int length = descriptor.length();
    assertTrue(length >= 1 && length < bytes.length);
    assertTrue(descriptor.isFrameStart() || !descriptor.isKeyFrameStart());
    if (descriptor.pictureId() >= 0) {
      int idBytes = (descriptor.pictureIdBits() + 1) / 8;
      assertTrue(descriptor.pictureId() < 1 << descriptor.pictureIdBits());
      assertTrue(descriptor.pictureIdOffset() + idBytes <= length);
    }
    if (descriptor.tl0PicIdx() >= 0) {
      assertTrue(descriptor.tl0PicIdxOffset() < length);
    }
  }
}
