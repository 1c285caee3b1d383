package org.plenum.sfu.simulation;

/// Where the choices of a [RandomCall] come from: a seed, or what a fuzzer made up.
interface Dice {
  /// 0 to `bound` - 1.
  int below(int bound);

  /// So many bytes, or fewer if there are no more.
  byte[] bytes(int count);

  /// Whether all that is to happen has happened.
  boolean isOver();
}
