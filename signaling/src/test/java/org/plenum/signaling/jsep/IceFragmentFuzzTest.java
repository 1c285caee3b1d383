package org.plenum.signaling.jsep;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class IceFragmentFuzzTest {
  /// Whatever is not refused by name stays within the bounds.
  @FuzzTest(maxDuration = "5s")
  void reads(@NotNull String text) {
    IceFragment fragment;
    try {
      fragment = IceFragment.read(text);
    } catch (InvalidOfferException expected) {
      return;
    }
    if (fragment.candidates() + fragment.mids().size() > IceFragmentReader.MAX_LINES) {
      throw new AssertionError("more than there are lines");
    }
  }
}
