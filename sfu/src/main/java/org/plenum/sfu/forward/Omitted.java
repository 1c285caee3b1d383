package org.plenum.sfu.forward;

/// How much a slot has left out of a layer before a certain packet: packets and pictures, counted
/// since the slot began to forward the layer; and what has to be changed in the packet because
/// something beside it was left out. Packed into one `long` so that a queue can hold it beside each
/// reference. What is left out on purpose must leave no gap in the numbers that the viewer sees.
public final class Omitted {
  /// Nothing was left out.
  public static final long NOTHING = 0;

  /// [#target]: the packet says nothing of it.
  public static final int NO_TARGET = -1;

  private static final int PICTURES_AT = 32;
  private static final int PICTURE_BITS = 0x7FFF;
  private static final long MARKER = 1L << 47;
  private static final int TARGET_AT = 48;
  private static final int TARGET_BITS = 0x1F;

  private Omitted() {}

  /// @param pictures of a stream whose picture ids count pictures of all layers (VP8), else 0; kept
  ///     modulo 2^15, as picture ids are
  public static long of(int packets, int pictures) {
    return (long) (pictures & PICTURE_BITS) << PICTURES_AT | packets & 0xFFFF_FFFFL;
  }

  /// @param marker whether the packet is the last that is forwarded of its picture
  /// @param target what is forwarded from this packet's picture on, if its dependency descriptor is
  ///     to say so: see [org.plenum.sfu.receive.FrameLayers]; else [#NO_TARGET]
  static long of(int packets, int pictures, boolean marker, int target) {
    return of(packets, pictures) | (marker ? MARKER : 0) | (long) (target + 1) << TARGET_AT;
  }

  public static int packets(long omitted) {
    return (int) omitted;
  }

  /// 0 to 2^15 - 1.
  public static int pictures(long omitted) {
    return (int) (omitted >>> PICTURES_AT) & PICTURE_BITS;
  }

  /// Whether the picture ends with this packet for the viewer.
  public static boolean marker(long omitted) {
    return (omitted & MARKER) != 0;
  }

  /// What is forwarded from here on, if the packet is to say so; else [#NO_TARGET].
  public static int target(long omitted) {
    return ((int) (omitted >>> TARGET_AT) & TARGET_BITS) - 1;
  }
}
