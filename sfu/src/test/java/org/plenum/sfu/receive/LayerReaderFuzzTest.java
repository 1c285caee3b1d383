package org.plenum.sfu.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Tag;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.rtp.DependencyDescriptor;
import org.plenum.sfu.rtp.DependencyDescriptorWriter;
import org.plenum.sfu.rtp.FrameDependencyStructure;

/// Descriptors that lie, whose structure never comes, whose templates refer to nothing.
@Tag("fuzz")
class LayerReaderFuzzTest {
  private static final DependencyDescriptor DESCRIPTOR = new DependencyDescriptor();
  private static final DependencyDescriptorWriter WRITER = new DependencyDescriptorWriter();
  private static final PayloadView VIEW = new PayloadView();

  /// Descriptors one after the other, each behind a byte of its length.
  @FuzzTest(maxDuration = "5s")
  void descriptorsSayWhatTargetsThereAre(byte[] bytes) {
    var reader = new LayerReader();
    MemorySegment slab = MemorySegment.ofArray(bytes);
    for (int at = 0; at < bytes.length; ) {
      int length = Math.min(bytes[at++] & 0x7F, bytes.length - at);
      long frame = reader.read(DESCRIPTOR, slab, at, length);
      check(frame);
      if (frame != FrameLayers.NONE) {
        rewrite(reader, slab, at, length, FrameLayers.own(frame));
      }
      at += length;
    }
  }

  private static void rewrite(
      LayerReader reader, MemorySegment slab, int at, int length, int target) {
    int number = DESCRIPTOR.frameNumber();
    FrameDependencyStructure structure = reader.structureOf(number);
    if (structure == null || structure != DESCRIPTOR.structure()) {
      return;
    }
    int targets = reader.decodeTargets(structure, target);
    int written = WRITER.write(slab, at, length, structure, targets);
    if (written >= 0) {
      check(reader.read(DESCRIPTOR, WRITER.copy(), 0, written));
      assertEquals(number, DESCRIPTOR.frameNumber());
      assertEquals(targets, DESCRIPTOR.activeDecodeTargets());
    }
  }

  /// VP8 and VP9 payloads in turn.
  @FuzzTest(maxDuration = "5s")
  void payloadsSayWhatTargetsThereAre(byte[] bytes) {
    var reader = new LayerReader();
    MemorySegment slab = MemorySegment.ofArray(bytes);
    CodecName codec = CodecName.VP8;
    for (int at = 0; at < bytes.length; ) {
      int length = Math.min(bytes[at++] & 0x1F, bytes.length - at);
      VIEW.parse(codec, slab, at, length, reader);
      check(VIEW.layers());
      codec = codec == CodecName.VP8 ? CodecName.VP9 : CodecName.VP8;
      at += length;
    }
  }

  private static void check(long frame) {
    if (frame == FrameLayers.NONE) {
      return;
    }
    int present = FrameLayers.present(frame);
    assertTrue(FrameLayers.own(frame) < FrameLayers.TARGETS);
    assertEquals(0, FrameLayers.switching(frame) & ~present & ~FrameLayers.ALL_TARGETS);
    assertEquals(0, FrameLayers.broken(frame) & ~present);
  }
}
