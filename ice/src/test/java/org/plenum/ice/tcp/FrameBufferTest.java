package org.plenum.ice.tcp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// RFC 4571 §2, RFC 8656 §12.5.
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

  private static final byte[] STUN =
      HexFormat.of().parseHex("000300082112a442000000000000000000000000" + "0019000411000000");

  private static final byte[] CHANNEL_DATA = {0x40, 0, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0};

  private static void put(FrameBuffer buffer, byte[] bytes, int from, int to) {
    MemorySegment.copy(bytes, from, buffer.space(), ValueLayout.JAVA_BYTE, 0, to - from);
    buffer.add(to - from);
  }

  /// RFC 8656 §12.5: the first message tells that no lengths stand before the others.
  @Test
  void theFirstMessageTellsStunWithoutFrames() {
    byte[] stream = Arrays.copyOf(STUN, 2 * STUN.length + CHANNEL_DATA.length);
    System.arraycopy(CHANNEL_DATA, 0, stream, STUN.length, CHANNEL_DATA.length);
    System.arraycopy(STUN, 0, stream, STUN.length + CHANNEL_DATA.length, STUN.length);
    var told = new FrameBuffer();
    List<byte[]> messages = new ArrayList<>();
    for (int i = 0; i < stream.length; i++) {
      put(told, stream, i, i + 1);
      int length = told.next();
      if (length > 0) {
        messages.add(told.bytes().asSlice(told.offset(), length).toArray(ValueLayout.JAVA_BYTE));
        told.take();
      } else {
        assertEquals(FrameBuffer.INCOMPLETE, length);
      }
    }
    assertEquals(Framing.STUN, told.framing());
    assertEquals(3, messages.size());
    assertArrayEquals(STUN, messages.get(0));
    assertArrayEquals(CHANNEL_DATA, messages.get(1));
    assertArrayEquals(STUN, messages.get(2));
  }

  @Test
  void aFrameAroundTheFirstMessageTellsIceTcp() {
    byte[] framed = new byte[2 + STUN.length];
    framed[1] = (byte) STUN.length;
    System.arraycopy(STUN, 0, framed, 2, STUN.length);
    var told = new FrameBuffer();
    put(told, framed, 0, 7);
    assertEquals(FrameBuffer.INCOMPLETE, told.next());
    put(told, framed, 7, framed.length);
    assertEquals(STUN.length, told.next());
    assertEquals(2, told.offset());
    assertEquals(Framing.RFC_4571, told.framing());
  }

  @Test
  void whatIsNeitherStunNorChannelDataCannotBeRead() {
    for (byte[] wrong :
        new byte[][] {
          {(byte) 0x80, 0, 0, 4}, {0x50, 0, 0, 4}, {0, 1, 0, 3}, {0, 1, 8, 0}, {0x40, 0, 8, 0}
        }) {
      var stun = new FrameBuffer(Framing.STUN);
      put(stun, wrong, 0, wrong.length);
      assertEquals(FrameBuffer.TOO_LONG, stun.next(), HexFormat.of().formatHex(wrong));
    }
  }

  @Test
  void stunIsSentWithoutFrames() {
    var queue = new FrameQueue(Framing.STUN);
    queue.append(MemorySegment.ofArray(STUN), 0, STUN.length);
    assertArrayEquals(STUN, queue.next().toArray(ValueLayout.JAVA_BYTE));
  }
}
