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
  public int findSent(long number) {
    boolean isThere = number >= 0 && number < next && number >= next - REMEMBERED;
    return isThere ? (int) number & REMEMBERED - 1 : -1;
  }

  /// Sends one more.
  ///
  /// @return when
  long send() {
    fates[(int) next & REMEMBERED - 1] = Fate.UNREPORTED;
    return INTERVAL_NANOS * next++;
  }

  Fate fateOf(long number) {
    return fate(findSent(number));
  }

  @Override
  public long sendNanos(int entry) {
    long sinceThen = next - 1 - entry & REMEMBERED - 1;
    return INTERVAL_NANOS * (next - 1 - sinceThen);
  }

  @Override
  public int bytes(int entry) {
    return BYTES;
  }

  @Override
  public int probe(int entry) {
    return Probe.NONE;
  }

  @Override
  public Fate fate(int entry) {
    return fates[entry];
  }

  @Override
  public void fate(int entry, Fate told) {
    fates[entry] = told;
  }
}
