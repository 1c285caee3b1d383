package org.plenum.sfu.receive;

/// A layer's own numbers: its publisher's, unwrapped, moved up by the packets of ours that were put
/// in between. So viewers find no gap and ask for packets of both kinds alike. Only the publisher
/// is spoken to by its numbers. No allocation after construction; one thread.
public final class InsertedNumbers {
  /// [#of]: so late that its place is not known any more.
  public static final long TOO_LATE = Long.MIN_VALUE;

  /// Insertions remembered for late packets. At a key frame a second, 16 s.
  static final int KEPT = 16;

  private final long[] from = new long[KEPT];
  private final long[] shifts = new long[KEPT];
  private int made;

  /// The layer's number of one of its publisher's.
  public long of(long number) {
    for (int i = made - 1; i >= Math.max(0, made - KEPT); i--) {
      if (number >= from[i % KEPT]) {
        return number + shifts[i % KEPT];
      }
    }
    return made <= KEPT ? number : TOO_LATE;
  }

  /// Makes room before a packet of the publisher's, the highest so far.
  ///
  /// @param count numbers
  public void insert(long before, int count) {
    long shift = made == 0 ? 0 : shifts[(made - 1) % KEPT];
    from[made % KEPT] = before;
    shifts[made % KEPT] = shift + count;
    made++;
  }
}
