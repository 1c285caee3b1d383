package org.plenum.sfu.red;

/// Which of the packets that are missing before a packet of redundant audio its blocks repeat: a
/// block says how old it is, and not under which sequence number it was sent (RFC 2198 §3).
/// Reusable; one thread.
public final class RedGap {
  /// No missing packet can be told to be that one.
  public static final long UNKNOWN = Long.MIN_VALUE;

  private long number;
  private int spanUnits;
  private int steps;
  private boolean isEven;
  private boolean isWhole;

  /// Looks at a gap.
  ///
  /// @param before the sequence number of the last packet before it, unwrapped
  /// @param beforeTimestamp its timestamp
  /// @param number the sequence number of the packet behind it, unwrapped
  /// @param timestamp its timestamp
  /// @param red its payload
  /// @return whether anything is missing that a block may repeat
  public boolean look(
      long before, int beforeTimestamp, long number, int timestamp, RedPayload red) {
    this.number = number;
    spanUnits = timestamp - beforeTimestamp;
    long distance = number - before;
    if (distance < 2 || distance > RedPayload.MOST_TIMESTAMP_OFFSET || spanUnits < distance) {
      return false;
    }
    steps = (int) distance;
    isEven = spanUnits % steps == 0;
    isWhole = !isEven && fillsTheGap(red);
    return true;
  }

  /// Where frames are not of one length, as after a silence that was not sent, blocks can be told
  /// only if each missing packet has its own.
  private boolean fillsTheGap(RedPayload red) {
    int inside = 0;
    int older = spanUnits;
    for (int i = 0; i < red.redundantCount(); i++) {
      int age = red.timestampOffset(i);
      if (isInside(age)) {
        inside++;
        if (age >= older) {
          return false;
        }
        older = age;
      }
    }
    return inside == steps - 1;
  }

  /// The unwrapped sequence number of the missing packet that a block of the payload looked at
  /// repeats, or [#UNKNOWN].
  public long numberOf(RedPayload red, int block) {
    int age = red.timestampOffset(block);
    if (!isInside(age)) {
      return UNKNOWN;
    }
    if (isEven) {
      int frameUnits = spanUnits / steps;
      return age % frameUnits == 0 ? number - age / frameUnits : UNKNOWN;
    }
    return isWhole ? number - insideFrom(red, block) : UNKNOWN;
  }

  /// Blocks of the gap from this one on.
  private int insideFrom(RedPayload red, int block) {
    int inside = 0;
    for (int i = block; i < red.redundantCount(); i++) {
      inside += isInside(red.timestampOffset(i)) ? 1 : 0;
    }
    return inside;
  }

  private boolean isInside(int age) {
    return age > 0 && age < spanUnits;
  }
}
