package org.plenum.signaling.http;

import java.util.Arrays;

/// About how many different texts were said (HyperLogLog; Flajolet and others, 2007), to some three
/// of a hundred, and to the unit while they are few. Keeps a kilobyte, and none of the texts.
final class DistinctSketch {
  private static final int INDEX_BITS = 10;
  private static final int REGISTERS = 1 << INDEX_BITS;
  private static final double BIAS = 0.7213 / (1 + 1.079 / REGISTERS);

  /// Of each register the longest run of zeros that begins a hash, plus one.
  private final byte[] longest = new byte[REGISTERS];

  void add(String text) {
    long hash = hash(text);
    int register = (int) (hash >>> (Long.SIZE - INDEX_BITS));
    int zeros = Math.min(Long.numberOfLeadingZeros(hash << INDEX_BITS), Long.SIZE - INDEX_BITS);
    longest[register] = (byte) Math.max(longest[register], zeros + 1);
  }

  void clear() {
    Arrays.fill(longest, (byte) 0);
  }

  /// Those that were said to this one, to the other, or to both.
  long countWith(DistinctSketch other) {
    double sum = 0;
    int empty = 0;
    for (int i = 0; i < REGISTERS; i++) {
      int zeros = Math.max(longest[i], other.longest[i]);
      sum += Math.scalb(1.0, -zeros);
      empty += zeros == 0 ? 1 : 0;
    }
    double estimate = BIAS * REGISTERS * REGISTERS / sum;
    boolean isFew = estimate <= 2.5 * REGISTERS && empty > 0;
    return Math.round(isFew ? REGISTERS * Math.log((double) REGISTERS / empty) : estimate);
  }

  /// FNV-1a, and the end of SplitMix64 so that all bits depend on all of the text.
  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
    return hash ^ (hash >>> 31);
  }
}
