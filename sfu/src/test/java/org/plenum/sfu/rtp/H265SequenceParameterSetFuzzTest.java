package org.plenum.sfu.rtp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class H265SequenceParameterSetFuzzTest {
  private static final SizeReader READER = new H265SequenceParameterSet()::parse;

  @FuzzTest(maxDuration = "5s")
  void whatItFindsIsASize(byte[] bytes) {
    READER.check(bytes);
  }
}
