package org.plenum.sfu.receive;

import org.plenum.ice.NanoTime;

/// Decides which packets of one received stream to ask for again (RFC 4585 §6.2.1). Sequence
/// numbers are unwrapped to 64 bits. No clock, no allocation after construction; one thread.
public final class NackGenerator {
  /// Gaps remembered at once; a longer one is given up as a whole (a key frame is cheaper than so
  /// many packets).
  public static final int MAX_MISSING = 512;

  /// Requests for one packet before it is given up.
  public static final int MAX_TRIES = 10;

  /// This many are made, however long a round trip takes.
  static final int LEAST_TRIES = 3;

  /// What comes later is of no use to viewers ([PacketCache#MAX_AGE_NANOS]): a key frame is there
  /// sooner.
  private static final long MOST_WAIT_NANOS = PacketCache.MAX_AGE_NANOS;

  /// Reordering on the way is not yet loss.
  private static final long FIRST_DELAY_NANOS = 10_000_000L;

  /// Between two requests for a packet while the round trip is unknown or shorter.
  private static final long LEAST_INTERVAL_NANOS = 20_000_000L;

  /// The longest round trip that the peer's reports are believed about.
  private static final long MOST_INTERVAL_NANOS = 1_000_000_000L;

  private final long[] missing = new long[MAX_MISSING];
  private final long[] dueNanos = new long[MAX_MISSING];
  private final long[] askedNanos = new long[MAX_MISSING];
  private final int[] tries = new int[MAX_MISSING];
  private int count;
  private long highest = Long.MIN_VALUE;
  private long roundTripNanos;

  /// From a request to what it brought, smoothed; 0 before the first. It is better than
  /// [#roundTripNanos]: a peer that only sends never reports a round trip.
  private long answerNanos;
  private boolean gaveUp;
  private boolean ignoring;
  private long asked;

  /// Notes a packet that arrived, original or retransmitted.
  public void onPacket(long sequenceNumber, long nowNanos) {
    if (highest == Long.MIN_VALUE) {
      highest = sequenceNumber;
    } else if (sequenceNumber > highest) {
      if (!ignoring) {
        addGap(highest + 1, sequenceNumber, nowNanos);
      }
      ignoring = false;
      highest = sequenceNumber;
    } else {
      remove(sequenceNumber);
    }
  }

  /// Notes a packet that arrived because it was asked for.
  public void onRetransmission(long sequenceNumber, long nowNanos) {
    for (int i = 0; i < count; i++) {
      // Of a second request nobody can tell which one was answered.
      if (missing[i] == sequenceNumber && tries[i] == 1) {
        long sample = nowNanos - askedNanos[i];
        answerNanos = answerNanos == 0 ? sample : answerNanos + (sample - answerNanos) / 8;
      }
    }
    onPacket(sequenceNumber, nowNanos);
  }

  /// We dropped packets ourselves: those missing before the next one are not asked for.
  public void ignoreNextGap() {
    ignoring = true;
  }

  /// The round-trip time to the publisher, for the pause between two requests while none was
  /// answered.
  public void roundTrip(long nanos) {
    roundTripNanos = nanos;
  }

  /// Collects what must be asked for now, in ascending order.
  ///
  /// @param into receives the sequence numbers, 16 bits; as many as fit
  /// @return how many
  public int pollDue(long nowNanos, int[] into) {
    long tripNanos = answerNanos > 0 ? answerNanos : roundTripNanos;
    long interval = Math.clamp(tripNanos / 4 * 5, LEAST_INTERVAL_NANOS, MOST_INTERVAL_NANOS);
    long most = Math.clamp(MOST_WAIT_NANOS / interval, LEAST_TRIES, MAX_TRIES);
    int due = 0;
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (due < into.length && NanoTime.isDue(dueNanos[i], nowNanos)) {
        if (tries[i] >= most) {
          gaveUp = true;
          continue;
        }
        into[due++] = (int) (missing[i] & 0xFFFF);
        tries[i]++;
        askedNanos[i] = nowNanos;
        dueNanos[i] = NanoTime.after(nowNanos, interval);
      }
      move(i, kept++);
    }
    count = kept;
    asked += due;
    return due;
  }

  /// Whether packets were given up since the last call: the picture will not heal without a key
  /// frame.
  public boolean takeGaveUp() {
    boolean result = gaveUp;
    gaveUp = false;
    return result;
  }

  /// Gives up what is missing: nobody needs it.
  public void forget() {
    count = 0;
    gaveUp = false;
  }

  /// Requests in all, each for one packet.
  public long asked() {
    return asked;
  }

  /// Whether nothing is missing, and nothing was given up since the last [#takeGaveUp].
  public boolean isIdle() {
    return count == 0 && !gaveUp;
  }

  /// Packets being waited for.
  public int missingCount() {
    return count;
  }

  private void addGap(long from, long until, long nowNanos) {
    if (until - from > MAX_MISSING) {
      count = 0;
      gaveUp = true;
      return;
    }
    int room = MAX_MISSING - count;
    int wanted = (int) (until - from);
    if (wanted > room) {
      dropOldest(wanted - room);
    }
    for (long lost = from; lost < until; lost++) {
      missing[count] = lost;
      dueNanos[count] = NanoTime.after(nowNanos, FIRST_DELAY_NANOS);
      tries[count] = 0;
      count++;
    }
  }

  private void dropOldest(int howMany) {
    gaveUp = true;
    for (int i = howMany; i < count; i++) {
      move(i, i - howMany);
    }
    count -= howMany;
  }

  private void remove(long sequenceNumber) {
    for (int i = 0; i < count; i++) {
      if (missing[i] == sequenceNumber) {
        for (int j = i + 1; j < count; j++) {
          move(j, j - 1);
        }
        count--;
        return;
      }
    }
  }

  private void move(int from, int to) {
    missing[to] = missing[from];
    dueNanos[to] = dueNanos[from];
    askedNanos[to] = askedNanos[from];
    tries[to] = tries[from];
  }
}
