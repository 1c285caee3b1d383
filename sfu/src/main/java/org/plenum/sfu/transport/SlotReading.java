package org.plenum.sfu.transport;

/// What is known of one slot at its viewer at one moment.
///
/// @param nacks packets that the viewer asked for again, in all
/// @param reportAgeNanos since its latest report (RFC 3550 §6.4.1); [#NEVER] if there was none
/// @param fractionLost as that says, 0 to 1: of what the publisher sent
/// @param jitterNanos as that says
public record SlotReading(long nacks, long reportAgeNanos, double fractionLost, long jitterNanos) {
  /// It has not reported.
  public static final long NEVER = Long.MAX_VALUE;
}
