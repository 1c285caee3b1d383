package org.plenum.sfu.send;

import org.plenum.ice.NanoTime;

/// The budget of one viewer: when the next packet may leave. A token bucket, filled at the rate
/// that the estimate of the viewer's path allows; unlimited while nothing is known of it. One
/// thread, no clock.
public final class Pacer {
  /// No limit.
  public static final long UNLIMITED = Long.MAX_VALUE;

  /// Faster than any port: it counts as no limit, and sums of it would overflow.
  private static final long MOST_BPS = 100_000_000_000L;

  /// What may leave at once after a pause: as much as the rate gives in this time, and at least a
  /// packet: what leaves together waits together before a narrow link.
  private static final long BURST_NANOS = 10_000_000L;

  /// The same where the path carries far more than is sent: a picture that leaves in two parts
  /// costs nearly twice as much as one that leaves at once.
  private static final long AMPLE_BURST_NANOS = 20_000_000L;

  private static final long LEAST_BURST_BYTES = 1_250;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long MOST_ELAPSED_NANOS = 100_000_000L;

  /// A debt is paid off within this time, whatever caused it: sound that was sent beyond the
  /// budget, or a rate that has become lower.
  private static final long MOST_DEBT_NANOS = 250_000_000L;

  private long rateBps = UNLIMITED;
  private boolean ample;
  private long creditBytes;
  private long creditedNanos;

  /// Sets the budget, bit/s; [#UNLIMITED] for none.
  public void rate(long bitrateBps, long nowNanos) {
    if (rateBps == UNLIMITED) {
      creditedNanos = nowNanos;
      creditBytes = 0;
    } else {
      credit(nowNanos);
    }
    rateBps = bitrateBps > MOST_BPS ? UNLIMITED : bitrateBps;
  }

  /// Whether the path carries far more than is sent: more may leave at once then.
  public void ample(boolean carriesFarMore) {
    ample = carriesFarMore;
  }

  /// The budget, bit/s.
  public long rateBps() {
    return rateBps;
  }

  /// Whether the next packet may leave now.
  public boolean mayRelease(long nowNanos) {
    if (rateBps == UNLIMITED) {
      return true;
    }
    credit(nowNanos);
    return creditBytes > 0;
  }

  /// When the next packet may leave; [NanoTime#NEVER] if the rate is 0.
  public long nextReleaseNanos(long nowNanos) {
    if (mayRelease(nowNanos)) {
      return NanoTime.at(nowNanos);
    }
    if (rateBps <= 0) {
      return NanoTime.NEVER;
    }
    long missing = 1 - creditBytes;
    return NanoTime.after(nowNanos, missing * 8 * NANOS_PER_SECOND / rateBps + 1);
  }

  /// Charges a packet that left; the credit may go below zero, so that large packets pass too.
  public void onReleased(int lengthBytes) {
    if (rateBps != UNLIMITED) {
      long mostDebt = LEAST_BURST_BYTES + bytesIn(MOST_DEBT_NANOS);
      creditBytes = Math.max(creditBytes - lengthBytes, -mostDebt);
    }
  }

  private void credit(long nowNanos) {
    long elapsed = Math.clamp(nowNanos - creditedNanos, 0, MOST_ELAPSED_NANOS);
    long earned = bytesIn(elapsed);
    if (earned > 0) {
      creditedNanos = nowNanos;
      long burst = Math.max(LEAST_BURST_BYTES, bytesIn(ample ? AMPLE_BURST_NANOS : BURST_NANOS));
      creditBytes = Math.min(creditBytes + earned, burst);
    }
  }

  private long bytesIn(long nanos) {
    return rateBps / 8 * nanos / NANOS_PER_SECOND;
  }
}
