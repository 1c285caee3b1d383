package org.plenum.ice.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// RFC 4571 §2.
class FrameBufferTest {
  private final FrameBuffer buffer = new FrameBuffer(Framing.RFC_4571);

  /// Frames of these lengths, each filled with its length's low byte.
  static byte[] stream(int... lengths) {
    var out = new java.io.ByteArrayOutputStream();
    for (int length : lengths) {
      out.write(length >>> 8);
      out.write(length);
      for (int i = 0; i < length; i++) {
        out.write(length);
      }
    }
    return out.toByteArray();
  }

  /// Feeds as much as there is room for, at most `chunk` bytes at a time, and takes all frames.
  static List<Integer> frames(FrameBuffer buffer, byte[] stream, Random chunks, int most) {
    List<Integer> lengths = new ArrayList<>();
    int at = 0;
    while (at < stream.length) {
      MemorySegment space = buffer.space();
      assertTrue(space.byteSize() > 0, "there is room while no frame is complete");
      int count = Math.min(stream.length - at, 1 + chunks.nextInt(most));
      count = (int) Math.min(count, space.byteSize());
      MemorySegment.copy(stream, at, space, ValueLayout.JAVA_BYTE, 0, count);
      buffer.add(count);
      at += count;
      for (int length = buffer.next(); length > 0; length = buffer.next()) {
        for (int i = 0; i < length; i++) {
          byte content = buffer.bytes().get(ValueLayout.JAVA_BYTE, buffer.offset() + i);
          assertEquals((byte) length, content);
        }
        lengths.add(length);
        buffer.take();
      }
      if (buffer.next() == FrameBuffer.TOO_LONG) {
        return lengths;
      }
    }
    return lengths;
  }

  @Test
  void findsEveryFrameHoweverTheStreamIsCut() {
    int[] lengths = new Random(5).ints(300, 1, FrameBuffer.MAX_FRAME_BYTES + 1).toArray();
    lengths[17] = FrameBuffer.MAX_FRAME_BYTES;
    byte[] stream = stream(lengths);
    for (int most : new int[] {1, 2, 3, 100, 2_050, 5_000}) {
      assertEquals(
          java.util.Arrays.stream(lengths).boxed().toList(),
          frames(new FrameBuffer(Framing.RFC_4571), stream, new Random(most), most));
    }
  }

  @Test
  void emptyFramesArePassedOver() {
    assertEquals(List.of(5, 7), frames(buffer, stream(0, 0, 5, 0, 7, 0), new Random(1), 4));
    assertEquals(List.of(), frames(buffer, new byte[100_000], new Random(1), 4_000));
  }

  @Test
  void aFrameThatIsTooLongEndsTheStream() {
    for (int length : new int[] {FrameBuffer.MAX_FRAME_BYTES + 1, 65_535}) {
      var fresh = new FrameBuffer(Framing.RFC_4571);
      assertEquals(List.of(3), frames(fresh, stream(3, length, 3), new Random(1), 1));
      assertEquals(FrameBuffer.TOO_LONG, fresh.next());
    }
  }

  @Test
  void halfAFrameIsIncomplete() {
    assertEquals(FrameBuffer.INCOMPLETE, buffer.next());
    frames(buffer, new byte[] {1}, new Random(1), 1);
    assertEquals(FrameBuffer.INCOMPLETE, buffer.next());
    frames(buffer, new byte[] {0, 9, 9, 9}, new Random(1), 1);
    assertEquals(FrameBuffer.INCOMPLETE, buffer.next());
  }

  @Test
  void moreThanThereIsRoomForIsRefused() {
    int room = (int) buffer.space().byteSize();
    assertThrows(IllegalArgumentException.class, () -> buffer.add(room + 1));
    assertThrows(IllegalArgumentException.class, () -> buffer.add(-1));
  }
}
