package org.plenum.ice.tcp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class FrameBufferFuzzTest {
  /// The first byte says how the rest is cut. Never throws, never stalls, never looks outside of
  /// what came.
  @FuzzTest(maxDuration = "5s")
  void frames(byte[] input) {
    cut(new FrameBuffer(Framing.RFC_4571), 2, input);
  }

  /// The same where the first bytes tell the framing, and for STUN without frames.
  @FuzzTest(maxDuration = "5s")
  void framesOfEitherKind(byte[] input) {
    cut(new FrameBuffer(), 0, input);
    cut(new FrameBuffer(Framing.STUN), 0, input);
  }

  private static void cut(FrameBuffer buffer, int headerBytes, byte[] input) {
    if (input.length == 0) {
      return;
    }
    int chunk = 1 + (input[0] & 0xFF) * 20;
    long framed = 0;
    for (int at = 1; at < input.length; ) {
      MemorySegment space = buffer.space();
      int count = (int) Math.min(space.byteSize(), Math.min(chunk, input.length - at));
      assertTrue(count > 0, "stalled");
      MemorySegment.copy(input, at, space, ValueLayout.JAVA_BYTE, 0, count);
      buffer.add(count);
      at += count;
      int length = buffer.next();
      while (length > 0) {
        framed += headerBytes + length;
        assertTrue(framed < input.length, "more than came");
        byte last = buffer.bytes().get(ValueLayout.JAVA_BYTE, buffer.offset() + length - 1);
        assertTrue(last >= Byte.MIN_VALUE);
        buffer.take();
        length = buffer.next();
      }
      if (length == FrameBuffer.TOO_LONG) {
        return;
      }
    }
  }
}
