package org.plenum.sfu.transport;

import org.plenum.sfu.red.RedPolicy;

/// How much of one viewer's sound is repeated, and what that takes. Worker's thread only.
final class Repetition {
  /// Packets that the cost is averaged over, some two seconds of speech.
  private static final int WEIGHT = 100;

  private final RedPolicy policy = new RedPolicy();

  /// What the viewer's bandwidth leaves room for.
  private int most = RedPolicy.MOST_REDUNDANT;

  private double overhead;

  /// This part of what the viewer was sent was lost, 0 to 1.
  void onLoss(double fraction, long nowNanos) {
    policy.onReport(fraction, nowNanos);
  }

  /// Repeats no more than this, whatever is lost.
  void most(int packets) {
    most = packets;
  }

  /// Earlier packets that each one repeats.
  int distance() {
    return Math.min(policy.redundant(), most);
  }

  /// A packet was sent.
  ///
  /// @param lengthBytes of the datagram
  /// @param repeatedBytes of that for repetition
  void onSent(int lengthBytes, int repeatedBytes) {
    if (repeatedBytes > 0 || overhead > 0) {
      double share = (double) repeatedBytes / (lengthBytes - repeatedBytes);
      overhead += (share - overhead) / WEIGHT;
      overhead = overhead < 1e-3 && repeatedBytes == 0 ? 0 : overhead;
    }
  }

  /// What repetition adds, as a part of what the sound takes without it.
  double overhead() {
    return overhead;
  }
}
