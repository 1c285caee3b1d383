package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class H265PayloadFuzzTest {
  private static final H265Payload PAYLOAD = new H265Payload();

  @FuzzTest(maxDuration = "5s")
  void whatItSaysHangsTogether(byte[] bytes) {
    check(PAYLOAD, bytes);
  }

  /// What must hold of any bytes at all.
  static void check(H265Payload payload, byte[] bytes) {
    if (!payload.parse(MemorySegment.ofArray(bytes), 0, bytes.length)) {
      return;
    }
    int type = payload.nalType();
    assertTrue(payload.hasParameterSets() || payload.height() == 0);
    assertTrue(type >= 0 && type <= 47);
    assertTrue(payload.temporalLayer() >= 0 && payload.temporalLayer() <= 6);
    int packetType = bytes[0] >> 1 & 0x3F;
    if (packetType < 48) {
      assertTrue(type == packetType);
      assertTrue(!payload.startsIrap() || type >= 16 && type <= 21 && payload.mayStartAccessUnit());
      assertTrue(payload.hasParameterSets() == (type >= 32 && type <= 34));
    }
  }
}
