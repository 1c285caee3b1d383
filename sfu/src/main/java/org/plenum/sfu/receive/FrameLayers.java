package org.plenum.sfu.receive;

/// Which layers within its stream a frame belongs to, packed into one `long` so that a cache can
/// hold it beside each packet. All codecs are brought into the terms of the dependency descriptor
/// (AOM, *RTP Payload Format For AV1*, appendix A):
///
/// A *target* is a quality that a viewer may be sent: all frames up to a spatial and a temporal
/// layer that decode together. Its index is 4 × spatial + temporal, both 0 to 3; higher layers
/// count as 3. A stream that has fewer layers says of the missing ones what it says of its highest,
/// so [#EVERYTHING] is always the whole stream.
public final class FrameLayers {
  /// Nothing is known: the frame belongs to every target, and leaving it out would break them all.
  public static final long NONE = 0;

  /// Targets that can be told apart.
  public static final int TARGETS = 16;

  /// The target that every frame belongs to.
  public static final int EVERYTHING = TARGETS - 1;

  /// The highest spatial layer that can be told apart.
  public static final int MOST_SPATIAL = 3;

  /// The highest temporal layer that can be told apart.
  public static final int MOST_TEMPORAL = 3;

  /// Bit i stands for target i.
  public static final int ALL_TARGETS = 0xFFFF;

  private static final int SWITCHING_AT = 16;
  private static final int DISCARDABLE_AT = 32;
  private static final int OWN_AT = 48;
  private static final int NEEDED_AT = 52;
  private static final int TARGET_BITS = 0xF;
  private static final long KNOWN = 1L << 56;
  private static final long STARTS = 1L << 57;
  private static final long ENDS = 1L << 58;
  private static final long INDEPENDENT = 1L << 59;
  private static final long TEMPORAL_UP = 1L << 60;
  private static final long COUNTED_PICTURE = 1L << 61;

  private FrameLayers() {}

  /// The index of a target.
  public static int target(int spatial, int temporal) {
    return 4 * Math.min(spatial, 3) + Math.min(temporal, 3);
  }

  /// Spatial layer of a target, 0 to 3.
  public static int spatial(int target) {
    return target >> 2;
  }

  /// Temporal layer of a target, 0 to 3.
  public static int temporal(int target) {
    return target & 3;
  }

  /// The targets from these spatial and temporal layers on, up to the highest.
  public static int from(int spatial, int temporal) {
    int row = 0xF << Math.min(temporal, 3) & 0xF;
    int all = 0;
    for (int s = Math.min(spatial, 3); s <= 3; s++) {
      all |= row << 4 * s;
    }
    return all;
  }

  /// A frame of the layer `own` that belongs to these targets.
  ///
  /// @param own target made of the frame's own spatial and temporal layer
  /// @param present targets that it belongs to
  /// @param switching targets that can be taken up with this frame, if it can be decoded
  /// @param discardable targets of which no later frame refers to it
  public static long of(int own, int present, int switching, int discardable) {
    return KNOWN
        | present & ALL_TARGETS
        | (long) (switching & ALL_TARGETS) << SWITCHING_AT
        | (long) (discardable & ALL_TARGETS) << DISCARDABLE_AT
        | (long) own << OWN_AT
        | (long) own << NEEDED_AT;
  }

  /// The same frame, which can be decoded if a target other than its own is whole so far.
  static long needing(long frame, int target) {
    return frame & ~((long) TARGET_BITS << NEEDED_AT) | (long) target << NEEDED_AT;
  }

  /// The same frame, which refers to no other.
  static long independent(long frame) {
    return frame | INDEPENDENT;
  }

  /// The same frame, which later frames of higher temporal layers do not look behind.
  static long temporalUp(long frame) {
    return frame | TEMPORAL_UP;
  }

  /// The same, of a stream whose picture ids count pictures of every layer without gaps (VP8): what
  /// is left out is left out of them too.
  static long countedPicture(long frame) {
    return frame | COUNTED_PICTURE;
  }

  /// The same, of its first packet, or its last.
  static long bounds(long frame, boolean isStart, boolean isEnd) {
    return frame | (isStart ? STARTS : 0) | (isEnd ? ENDS : 0);
  }

  /// Targets that it belongs to.
  public static int present(long frame) {
    return (int) frame & ALL_TARGETS;
  }

  /// Whether it belongs to a target.
  public static boolean isIn(long frame, int target) {
    return frame == NONE || (frame >>> target & 1) != 0;
  }

  /// Targets that can be taken up with this frame, if it can be decoded.
  public static int switching(long frame) {
    return (int) (frame >>> SWITCHING_AT) & ALL_TARGETS;
  }

  /// Targets of which a frame is missing for good if this one is left out.
  public static int broken(long frame) {
    return present(frame) & ~((int) (frame >>> DISCARDABLE_AT) & ALL_TARGETS);
  }

  /// Its own spatial and temporal layer, as a target.
  public static int own(long frame) {
    return (int) (frame >>> OWN_AT) & TARGET_BITS;
  }

  /// The target that must be whole so far for this frame to be decoded, unless it
  /// [#isIndependent].
  public static int needed(long frame) {
    return (int) (frame >>> NEEDED_AT) & TARGET_BITS;
  }

  public static boolean isIndependent(long frame) {
    return (frame & INDEPENDENT) != 0;
  }

  /// Whether later frames of higher temporal layers refer to none of those layers before it.
  public static boolean isTemporalUp(long frame) {
    return (frame & TEMPORAL_UP) != 0;
  }

  public static boolean isCountedPicture(long frame) {
    return (frame & COUNTED_PICTURE) != 0;
  }

  /// Whether the packet is known to be the first of its frame, that is of one spatial layer.
  public static boolean starts(long frame) {
    return (frame & STARTS) != 0;
  }

  /// Whether the packet is known to be the last of its frame, that is of one spatial layer.
  public static boolean ends(long frame) {
    return (frame & ENDS) != 0;
  }
}
