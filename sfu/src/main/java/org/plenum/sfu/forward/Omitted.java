package org.plenum.sfu.forward;

/// How much a slot has left out of a layer before a certain packet: packets and pictures, counted
/// since the slot began to forward the layer, packed into one `long` so that a queue can hold it
/// beside each reference. What is left out on purpose must leave no gap in the numbers that the
/// viewer sees.
public final class Omitted {
  /// Nothing was left out.
  public static final long NOTHING = 0;

  private Omitted() {}

  /// @param pictures of a stream whose picture ids count pictures of all layers (VP8), else 0
  public static long of(int packets, int pictures) {
    return (long) pictures << 32 | packets & 0xFFFF_FFFFL;
  }

  public static int packets(long omitted) {
    return (int) omitted;
  }

  public static int pictures(long omitted) {
    return (int) (omitted >> 32);
  }
}
