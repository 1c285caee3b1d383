package org.plenum.sfu.rtp;

/// Arithmetic on 16-bit sequence numbers, which wrap around at 65 536 (RFC 3550 §A.1, RFC 1982).
public final class SequenceNumbers {
  private SequenceNumbers() {}

  /// How far `a` is ahead of `b`: -32 768 to 32 767.
  public static int distance(int a, int b) {
    return (short) (a - b);
  }

  /// The 64-bit number nearest to `reference` whose lower 16 bits are `sequenceNumber`.
  public static long unwrap(int sequenceNumber, long reference) {
    return reference + (short) (sequenceNumber - (int) reference);
  }
}
