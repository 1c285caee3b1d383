package org.plenum.signaling.limit;

import java.util.function.LongSupplier;

/// Whether more is sent than may be, looked at every so often. One thread looks, any may ask.
public final class BitrateWatch {
  /// How often to look.
  public static final long INTERVAL_NANOS = 1_000_000_000L;

  private static final double BITS_OF_BYTE_A_MEGABIT = 8e-6;

  private final LongSupplier sentBytes;
  private final int mostMegabits;
  private long lastBytes;
  private long lastNanos;
  private volatile boolean over;

  /// @param sentBytes counts up
  /// @param mostMegabits a second; 0: no bound
  public BitrateWatch(LongSupplier sentBytes, int mostMegabits, long nowNanos) {
    this.sentBytes = sentBytes;
    this.mostMegabits = mostMegabits;
    this.lastBytes = sentBytes.getAsLong();
    this.lastNanos = nowNanos;
  }

  /// Measures from the last look until now.
  public void look(long nowNanos) {
    long bytes = sentBytes.getAsLong();
    double seconds = (nowNanos - lastNanos) / 1e9;
    if (seconds > 0) {
      double megabits = (bytes - lastBytes) * BITS_OF_BYTE_A_MEGABIT / seconds;
      over = mostMegabits > 0 && megabits >= mostMegabits;
      lastBytes = bytes;
      lastNanos = nowNanos;
    }
  }

  public boolean isOver() {
    return over;
  }
}
