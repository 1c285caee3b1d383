package org.plenum.sfu.srtp;

import java.util.Arrays;

/// Which packet indices were used: the highest one and a bitmap of those right behind it (RFC 3711
/// §3.3.2). A ring of words, as in RFC 6479: going ahead clears whole words.
final class IndexWindow {
  private static final int WORDS = 16; // a power of two

  /// Indices this far behind the highest are too old to tell. Video at 50 Mbit/s sends about 5 000
  /// packets in a second, so this takes 200 ms of reordering.
  static final int SIZE = (WORDS - 1) * Long.SIZE;

  private final long[] used = new long[WORDS];
  private long highest = -1;

  /// The highest index marked, or -1.
  long highest() {
    return highest;
  }

  /// True if the index was not marked and is not too old to tell.
  boolean isFresh(long index) {
    if (index > highest) {
      return true;
    }
    return highest - index < SIZE && (used[word(index)] & 1L << index) == 0;
  }

  /// To be called with a fresh index only.
  void mark(long index) {
    if (index > highest) {
      advance(index);
    }
    used[word(index)] |= 1L << index;
  }

  private void advance(long index) {
    long from = (highest >> 6) + 1;
    long to = index >> 6;
    if (to - from >= WORDS) {
      Arrays.fill(used, 0);
    } else {
      for (long w = from; w <= to; w++) {
        used[(int) w & WORDS - 1] = 0;
      }
    }
    highest = index;
  }

  private static int word(long index) {
    return (int) (index >> 6) & WORDS - 1;
  }
}
