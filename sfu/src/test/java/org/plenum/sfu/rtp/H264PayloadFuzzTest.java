package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class H264PayloadFuzzTest {
  private static final H264Payload PAYLOAD = new H264Payload();

  @FuzzTest(maxDuration = "5s")
  void whatItSaysHangsTogether(byte[] bytes) {
    check(PAYLOAD, bytes);
  }

  /// What must hold of any bytes at all.
  static void check(H264Payload payload, byte[] bytes) {
    if (!payload.parse(MemorySegment.ofArray(bytes), 0, bytes.length)) {
      return;
    }
    assertTrue(payload.hasParameterSets() || payload.height() == 0);
    assertTrue(payload.nalType() >= 1 && payload.nalType() <= 23);
    boolean aggregation = (bytes[0] & 0x1F) == 24;
    if (!aggregation) {
      assertTrue(!payload.startsIdr() || payload.nalType() == 5 && payload.mayStartAccessUnit());
      assertTrue(!payload.hasParameterSets() || payload.nalType() == 7);
    }
  }
}
