package org.plenum.sfu.rtp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class Av1SequenceHeaderFuzzTest {
  private static final SizeReader READER = new Av1SequenceHeader()::parse;

  @FuzzTest(maxDuration = "5s")
  void whatItFindsIsASize(byte[] bytes) {
    READER.check(bytes);
  }
}
