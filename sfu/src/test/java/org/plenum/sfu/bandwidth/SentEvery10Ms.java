package org.plenum.sfu.bandwidth;

/// Packets of one size, 10 ms apart, the last 4 096 of them remembered.
final class SentEvery10Ms implements SentHistory {
  static final int BYTES = 1_000;
  private static final long INTERVAL_NANOS = 10_000_000;
  private static final int REMEMBERED = 4_096;

  long next;
  private final Fate[] fates = new Fate[REMEMBERED];

  @Override
  public long nextNumber() {
    return next;
  }

  @Override
  public boolean contains(long number) {
    return number >= 0 && number < next && number >= next - REMEMBERED;
  }

  @Override
  public long sendNanos(long number) {
    return INTERVAL_NANOS * number;
  }

  @Override
  public int bytes(long number) {
    return BYTES;
  }

  @Override
  public int probe(long number) {
    return Probe.NONE;
  }

  @Override
  public Fate fate(long number) {
    return fates[(int) number & REMEMBERED - 1];
  }

  @Override
  public void fate(long number, Fate told) {
    fates[(int) number & REMEMBERED - 1] = told;
  }
}
