package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class Av1PayloadFuzzTest {
  private static final Av1Payload PAYLOAD = new Av1Payload();

  @FuzzTest(maxDuration = "5s")
  void whatItSaysHangsTogether(byte[] bytes) {
    check(PAYLOAD, bytes);
  }

  /// What must hold of any bytes at all.
  static void check(Av1Payload payload, byte[] bytes) {
    if (!payload.parse(MemorySegment.ofArray(bytes), 0, bytes.length)) {
      return;
    }
    assertTrue(bytes.length >= 2);
    assertTrue(payload.hasSequenceHeader() || payload.height() == 0);
    boolean continuation = bytes[0] < 0;
    assertTrue(!continuation || !payload.isFrameStart() && !payload.startsCodedVideoSequence());
    assertTrue(payload.temporalLayer() >= -1 && payload.temporalLayer() <= 7);
    assertTrue(payload.spatialLayer() >= -1 && payload.spatialLayer() <= 3);
    assertTrue((payload.temporalLayer() < 0) == (payload.spatialLayer() < 0));
  }
}
