package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class DependencyDescriptorWriterTest {
  /// template_dependency_structure of L1T2, as in [DependencyDescriptorTest].
  private static final String L1T2 =
      "000101 00001  00 01 11  10 10  10 10  00 01  0  1 0001 0  1 0000 0  10"
          + "0000 0010 0001  1 0000001001111111 0000000101100111";

  private static final String MANDATORY = "1 0 000101 0000000100000010";
  private static final String NEXT = "1 1 000111 0000000100000011";

  private final DependencyDescriptor descriptor = new DependencyDescriptor();
  private final DependencyContext context = new DependencyContext();
  private final DependencyDescriptorWriter writer = new DependencyDescriptorWriter();

  private void read(MemorySegment bytes, int length) {
    assertTrue(descriptor.parse(bytes, 0, length, context));
  }

  /// Writes what is given as bits, and reads the copy.
  private int rewritten(String bits, int decodeTargets) {
    byte[] bytes = Bits.bytes(bits);
    MemorySegment from = MemorySegment.ofArray(bytes);
    read(from, bytes.length);
    int length = writer.write(from, 0, bytes.length, context.structure(), decodeTargets);
    assertTrue(length >= 0 && length <= bytes.length + DependencyDescriptorWriter.MOST_BYTES_MORE);
    read(writer.copy(), length);
    assertTrue(descriptor.hasActiveDecodeTargets());
    return descriptor.activeDecodeTargets();
  }

  @Test
  void aShortDescriptorGrows() {
    rewritten(MANDATORY + "10000" + L1T2, 0b11);
    assertEquals(0b01, rewritten(NEXT, 0b01));
    assertEquals(0x103, descriptor.frameNumber());
    assertEquals(1, descriptor.temporalLayer());
    assertTrue(descriptor.isFrameStart() && descriptor.isFrameEnd());
    assertFalse(descriptor.hasStructure());
  }

  @Test
  void aStructureIsKept() {
    assertEquals(0b01, rewritten(MANDATORY + "10000" + L1T2, 0b01));
    assertTrue(descriptor.hasStructure());
    assertEquals(2, context.structure().decodeTargetCount());
    assertEquals(360, context.structure().height(0));
  }

  @Test
  void whatWasSaidBeforeIsReplaced() {
    assertEquals(0b01, rewritten(MANDATORY + "11000" + L1T2 + "11", 0b01));
    assertTrue(descriptor.hasStructure());
  }

  @Test
  void whatDepartsFromTheTemplateIsKept() {
    rewritten(MANDATORY + "10000" + L1T2, 0b11);
    String custom = "01 1111  10 00001111  00";
    assertEquals(0b10, rewritten(NEXT + "0 0 1 1 1  11 00" + custom + "11111111", 0b10));
    assertEquals(DecodeTargetIndication.REQUIRED, descriptor.indication(0));
    assertEquals(2, descriptor.frameDiffCount());
    assertEquals(16, descriptor.frameDiff(1));
    assertEquals(255, descriptor.chainDiff(0));
  }

  @Test
  void whatIsTooShortOrTooLongIsRefused() {
    rewritten(MANDATORY + "10000" + L1T2, 0b11);
    MemorySegment bytes = MemorySegment.ofArray(new byte[300]);
    assertEquals(-1, writer.write(bytes, 0, 2, context.structure(), 1));
    assertEquals(-1, writer.write(bytes, 0, 255, context.structure(), 1));
    // It says that a structure follows, and ends.
    byte[] cut = Bits.bytes(MANDATORY + "10000");
    assertEquals(-1, writer.write(MemorySegment.ofArray(cut), 0, 4, context.structure(), 1));
  }
}
