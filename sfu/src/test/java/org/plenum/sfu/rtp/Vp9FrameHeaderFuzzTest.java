package org.plenum.sfu.rtp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class Vp9FrameHeaderFuzzTest {
  private static final SizeReader READER = new Vp9FrameHeader()::parse;

  @FuzzTest(maxDuration = "5s")
  void whatItFindsIsASize(byte[] bytes) {
    READER.check(bytes);
  }
}
