package org.plenum.sfu.rtp;

import java.time.Instant;

/// NTP timestamps as RTCP uses them (RFC 3550 §4): seconds since 1900 in the upper 32 bits, the
/// fraction in the lower. Short form: the middle 32 bits, in units of 1/65 536 s, which wraps every
/// 18 hours.
public final class NtpTime {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /// From 1900 to 1970: 70 years with 17 leap days.
  private static final long UNIX_EPOCH_SECONDS = 2_208_988_800L;

  private NtpTime() {}

  /// The NTP timestamp of a moment given in nanoseconds since 1970.
  public static long fromEpochNanos(long epochNanos) {
    return from(
        Math.floorDiv(epochNanos, NANOS_PER_SECOND), Math.floorMod(epochNanos, NANOS_PER_SECOND));
  }

  /// The NTP timestamp of a moment.
  public static long fromInstant(Instant instant) {
    return from(instant.getEpochSecond(), instant.getNano());
  }

  private static long from(long epochSeconds, long nanos) {
    long fraction = ((nanos << 32) + NANOS_PER_SECOND / 2) / NANOS_PER_SECOND;
    return epochSeconds + UNIX_EPOCH_SECONDS << 32 | fraction;
  }

  /// A duration, which may be negative, in NTP units of 2^-32 s.
  public static long fromDuration(long nanos) {
    long rest = Math.floorMod(nanos, NANOS_PER_SECOND);
    return (Math.floorDiv(nanos, NANOS_PER_SECOND) << 32) + (rest << 32) / NANOS_PER_SECOND;
  }

  /// Nanoseconds of a duration in NTP units, which may be negative.
  public static long toNanos(long duration) {
    return (duration >> 32) * NANOS_PER_SECOND
        + ((duration & 0xFFFF_FFFFL) * NANOS_PER_SECOND >>> 32);
  }

  /// Nanoseconds since 1970, rounded. Timestamps whose highest bit is 0 lie between 2036 and 2104,
  /// as RFC 4330 §3 reads them.
  public static long toEpochNanos(long ntp) {
    long nanos = (ntp & 0xFFFF_FFFFL) * NANOS_PER_SECOND + (1L << 31) >>> 32;
    return epochSeconds(ntp) * NANOS_PER_SECOND + nanos;
  }

  /// The moment of an NTP timestamp, by the same rule as [#toEpochNanos].
  public static Instant toInstant(long ntp) {
    long epochNanos = toEpochNanos(ntp);
    return Instant.ofEpochSecond(
        Math.floorDiv(epochNanos, NANOS_PER_SECOND), Math.floorMod(epochNanos, NANOS_PER_SECOND));
  }

  private static long epochSeconds(long ntp) {
    long era = ntp < 0 ? 0 : 1L << 32;
    return era + (ntp >>> 32) - UNIX_EPOCH_SECONDS;
  }

  /// The short form: what an LSR field repeats (RFC 3550 §6.4.1).
  public static int middle32(long ntp) {
    return (int) (ntp >>> 16);
  }

  /// A duration as a DLSR field says it, in 1/65 536 s; 0 to the field's end (18 hours).
  public static int shortFromNanos(long nanos) {
    long clamped = Math.clamp(nanos, 0, (NANOS_PER_SECOND << 16) - 1);
    return (int) ((clamped << 16) / NANOS_PER_SECOND);
  }

  /// Nanoseconds of a duration in 1/65 536 s, taken as unsigned.
  public static long nanosFromShort(int shortDuration) {
    return Integer.toUnsignedLong(shortDuration) * NANOS_PER_SECOND >>> 16;
  }

  /// The round-trip time A - LSR - DLSR (RFC 3550 §6.4.1) in nanoseconds, right across a
  /// wrap-around; -1 if the reporter had seen no SR (LSR 0). A difference below zero, which clock
  /// rounding on a short path gives, counts as 0.
  ///
  /// @param arrival when the report came: [#middle32] of the clock that made the SRs
  public static long roundTripNanos(
      int arrival, int lastSenderReport, int delaySinceLastSenderReport) {
    if (lastSenderReport == 0) {
      return -1;
    }
    return nanosFromShort(Math.max(0, arrival - lastSenderReport - delaySinceLastSenderReport));
  }
}
