package org.plenum.sfu.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.rtp.HeaderExtension;

/// Packets on their way to another node.
class PacketFormTest {
  private static final Codec VP8 = new Codec(CodecName.VP8, 96, 97, Set.of(), Map.of());
  private static final int CODEC = 300;
  private static final long SENT = 1_000_000_000L;
  private static final long READ = 77_000_000_000L;
  private static final int DESCRIPTOR_BYTES = 5;
  private static final int EXTENSIONS = 2 + DESCRIPTOR_BYTES;
  private static final int PAYLOAD = 20;

  private final PacketCache from = new PacketCache(1 << 14, 16);
  private final PacketCache to = new PacketCache(1 << 14, 16);
  private final PacketRing near = new PacketRing(4_000, 4);
  private final PacketRing far = new PacketRing(4_000, 4);
  private final MemorySegment wire = MemorySegment.ofArray(new byte[2_000]);

  @AfterEach
  void end() {
    from.close();
    to.close();
  }

  private static @Nullable Codec codec(int number) {
    return number == CODEC ? VP8 : null;
  }

  /// A VP8 packet with picture id, TL0PICIDX and a dependency descriptor, one microsecond old.
  private int write(long number) {
    int entry = from.add(number, 90_000, EXTENSIONS, PAYLOAD, SENT - 1_000);
    MemorySegment bytes = from.bytes();
    long at = from.extensionsOffset(entry);
    bytes.set(ValueLayout.JAVA_BYTE, at, (byte) HeaderExtension.DEPENDENCY_DESCRIPTOR.ordinal());
    bytes.set(ValueLayout.JAVA_BYTE, at + 1, (byte) DESCRIPTOR_BYTES);
    byte[] payload = new byte[PAYLOAD];
    new Random(number).nextBytes(payload);
    // RFC 7741 §4.2: X, start of partition 0; I and L; a picture id of 15 bits; TL0PICIDX.
    byte[] head = {(byte) 0x90, (byte) 0xC0, (byte) 0x92, 0x34, 0x56, 0x00};
    System.arraycopy(head, 0, payload, 0, head.length);
    MemorySegment.copy(
        payload, 0, bytes, ValueLayout.JAVA_BYTE, from.payloadOffset(entry), PAYLOAD);
    var view = new PayloadView();
    view.parse(CodecName.VP8, bytes, from.payloadOffset(entry), PAYLOAD);
    from.describe(entry, VP8, true, view, view.isKeyFrameStart(), 3, FrameLayers.NONE);
    assertTrue(near.offer(42, number, from, entry, 360, true));
    assertTrue(near.next());
    int length = PacketForm.write(near, wire, 0, CODEC, SENT);
    near.release();
    return length;
  }

  private PacketForm.Outcome read(int length) {
    return PacketForm.read(wire, 0, length, PacketFormTest::codec, far, READ);
  }

  @Test
  void whatIsReadIsWhatWasWritten() {
    int length = write(1L << 40);
    assertEquals(PacketForm.HEAD_BYTES + EXTENSIONS + PAYLOAD, length);
    assertEquals(PacketForm.Outcome.TAKEN, read(length));
    assertTrue(far.next());
    assertEquals(42, far.stream());
    assertEquals(1L << 40, far.number());
    assertEquals(360, far.height());
    assertTrue(far.isFirst());
    assertEquals(READ - 1_000, far.arrivalNanos());
    assertEquals(VP8, far.codec());
    int entry = far.copyInto(to, READ);
    int before = from.find(1L << 40);
    assertEquals(90_000, to.timestamp(entry));
    assertEquals(0x1234, to.pictureId(entry));
    assertEquals(15, to.pictureIdBits(entry));
    assertEquals(from.pictureIdOffset(before), to.pictureIdOffset(entry));
    assertEquals(0x56, to.tl0PicIdx(entry));
    assertEquals(from.tl0PicIdxOffset(before), to.tl0PicIdxOffset(entry));
    assertEquals(3, to.frameNumberOffset(entry));
    assertTrue(to.marker(entry));
    assertEquals(from.keyFrameStart(before), to.keyFrameStart(entry));
    assertEquals(
        -1,
        from.bytes()
            .asSlice(from.extensionsOffset(before), EXTENSIONS + PAYLOAD)
            .mismatch(to.bytes().asSlice(to.extensionsOffset(entry), EXTENSIONS + PAYLOAD)));
  }

  @Test
  void whatALaterVersionAddsIsSkipped() {
    int length = write(7);
    byte[] longer = new byte[length + 3];
    MemorySegment.copy(wire, ValueLayout.JAVA_BYTE, 0, longer, 0, PacketForm.HEAD_BYTES);
    MemorySegment.copy(
        wire,
        ValueLayout.JAVA_BYTE,
        PacketForm.HEAD_BYTES,
        longer,
        PacketForm.HEAD_BYTES + 3,
        EXTENSIONS + PAYLOAD);
    longer[1] += 3;
    assertEquals(
        PacketForm.Outcome.TAKEN,
        PacketForm.read(
            MemorySegment.ofArray(longer), 0, longer.length, PacketFormTest::codec, far, READ));
    assertTrue(far.next());
    assertEquals(EXTENSIONS + PAYLOAD, far.length());
  }

  @Test
  void anotherVersionsAndOnesThatLieAreRefused() {
    int length = write(7);
    for (int shorter = 0; shorter < PacketForm.HEAD_BYTES + EXTENSIONS; shorter++) {
      assertEquals(PacketForm.Outcome.MALFORMED, read(shorter), shorter + " bytes");
    }
    wire.set(ValueLayout.JAVA_BYTE, 0, (byte) 2);
    assertEquals(PacketForm.Outcome.MALFORMED, read(length));
  }

  @Test
  void aCodecThatHasNoNumberYetIsToldFromGarbage() {
    int length = write(7);
    assertEquals(
        PacketForm.Outcome.UNKNOWN_CODEC, PacketForm.read(wire, 0, length, _ -> null, far, READ));
    assertTrue(!far.next());
  }

  /// Whatever comes, what is rewritten for a viewer lies within the packet.
  @Test
  void nothingThatIsTakenPointsOutside() {
    var random = new Random(5);
    int taken = 0;
    for (int round = 0; round < 200_000; round++) {
      int length = write(round);
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        wire.set(
            ValueLayout.JAVA_BYTE,
            random.nextInt(PacketForm.HEAD_BYTES + EXTENSIONS),
            (byte) random.nextInt(256));
      }
      if (read(random.nextInt(20) == 0 ? random.nextInt(length) : length)
          == PacketForm.Outcome.TAKEN) {
        taken++;
        checkPlaces();
      }
    }
    assertTrue(taken > 1_000, "some were sound: " + taken);
  }

  private void checkPlaces() {
    assertTrue(far.next());
    try (var cache = new PacketCache(1 << 14, 16)) {
      int entry = far.copyInto(cache, READ);
      int payload = cache.payloadLength(entry);
      if (cache.pictureIdBits(entry) != 0) {
        int end = cache.pictureIdOffset(entry) + (cache.pictureIdBits(entry) == 15 ? 2 : 1);
        assertTrue(cache.pictureIdOffset(entry) >= 0 && end <= payload);
      }
      if (cache.tl0PicIdx(entry) >= 0) {
        assertTrue(cache.tl0PicIdxOffset(entry) >= 0 && cache.tl0PicIdxOffset(entry) < payload);
      }
      if (cache.frameNumberOffset(entry) >= 0) {
        assertTrue(cache.frameNumberOffset(entry) + 2 <= cache.extensionsLength(entry));
        cache.frameNumber(entry);
      }
    }
    far.release();
  }
}
