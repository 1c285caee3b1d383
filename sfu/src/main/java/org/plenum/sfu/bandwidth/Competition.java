package org.plenum.sfu.bandwidth;

/// Tells whether others fill the bottleneck's queue and will go on doing so whatever this sender
/// does, as a download over TCP does. A sender that yields to such a queue starves; one that
/// shares it must go by loss, as the others do.
///
/// A queue of our own gives itself away: it falls by what is sent less ([ExpectedFall]). That is
/// looked at while the queue stands, and by trials (a second at half the rate, seldom) also after
/// it has been taken for one that others fill.
final class Competition {
  /// What an update found.
  enum Finding {
    NOTHING,
    /// The path has become longer: what seemed a queue is none.
    LONGER_PATH,
    /// What was taken for a queue of others is our own.
    OWN_QUEUE
  }

  private static final long STANDING_NANOS = 50_000_000;
  private static final long EMPTY_NANOS = 30_000_000;

  /// A queue of our own making drains in less, or is seen to drain.
  private static final long PATIENCE_NANOS = 2_500_000_000L;

  /// Where others filled it a moment ago, they are likely to do so again.
  private static final long SHORT_PATIENCE_NANOS = 400_000_000L;

  private static final long RECENT_NANOS = 15_000_000_000L;

  /// A queue that others fill and drain moves; a longer path does not.
  private static final long MOVES_NANOS = 20_000_000;

  /// With so much to be expected, neither jitter nor frames that vary hide what a queue does.
  private static final long TELLING_NANOS = 300_000_000;

  /// Of what was to be expected, a queue of our own has fallen by this part.
  private static final double OWN_PART = 0.5;

  /// More is asked of a trial: a download that lost packets meanwhile yields a little too.
  private static final double OWN_PART_OF_TRIAL = 0.7;

  /// Of the rate that arrived before: the link is narrower now, or others take of it.
  private static final double NARROWER = 0.8;

  /// A link becomes narrower once or twice. One that passes on less each time that less is sent is
  /// filled by others.
  private static final int MOST_NARROWINGS = 4;

  private static final long TRIAL_NANOS = 1_000_000_000L;
  private static final double TRIAL_PART = 0.5;
  private static final long FIRST_PAUSE_NANOS = 2_000_000_000L;
  private static final long LONGEST_PAUSE_NANOS = 30_000_000_000L;

  /// After a trial that said little, and after one that should have told.
  private static final int PAUSE_GROWTH = 2;

  private static final int PAUSE_GROWTH_ONCE_TOLD = 10;

  private final ExpectedFall fall = new ExpectedFall();
  private boolean standing;
  private int narrowings;
  private long standingSince;
  private long least;
  private long greatest;
  private boolean competing;
  private boolean competed;
  private long competedUntil;
  private boolean confirmed;
  private boolean trying;
  private long trialAt;
  private long pauseNanos;

  /// A packet of this feedback arrived.
  void onReceived(long sendNanos, int bytes) {
    fall.onReceived(sendNanos, bytes);
  }

  /// Once per feedback.
  ///
  /// @param arrivingBps what the bottleneck passes on of ours, 0 if unknown
  Finding update(long queueNanos, double arrivingBps, long nowNanos) {
    if (competing) {
      return share(queueNanos, arrivingBps, nowNanos);
    }
    if (queueNanos < STANDING_NANOS || arrivingBps <= 0) {
      standing = false;
      return Finding.NOTHING;
    }
    if (!standing) {
      watch(queueNanos, arrivingBps, nowNanos);
      return Finding.NOTHING;
    }
    least = Math.min(least, queueNanos);
    greatest = Math.max(greatest, queueNanos);
    if (arrivingBps < NARROWER * fall.bottleneckBps()) {
      fall.begin(queueNanos, arrivingBps);
      if (++narrowings >= MOST_NARROWINGS) {
        return conclude(false, nowNanos);
      }
    }
    return judge(queueNanos, arrivingBps, nowNanos);
  }

  private void watch(long queueNanos, double arrivingBps, long nowNanos) {
    standing = true;
    narrowings = 0;
    standingSince = nowNanos;
    least = queueNanos;
    greatest = queueNanos;
    fall.begin(queueNanos, arrivingBps);
  }

  private Finding judge(long queueNanos, double arrivingBps, long nowNanos) {
    boolean again = competed && nowNanos - competedUntil < RECENT_NANOS;
    long patience = again ? SHORT_PATIENCE_NANOS : PATIENCE_NANOS;
    boolean isTime = nowNanos - standingSince >= patience;
    boolean isTelling = fall.nanos() >= TELLING_NANOS;
    if (!isTime && !isTelling) {
      return Finding.NOTHING;
    }
    double fallen = fall.fallenNanos(queueNanos);
    if (fallen > OWN_PART * fall.nanos() && (isTelling || fallen > MOVES_NANOS)) {
      watch(queueNanos, arrivingBps, nowNanos);
      return Finding.NOTHING;
    }
    return conclude(again, nowNanos);
  }

  /// What stands there is not of our own making.
  private Finding conclude(boolean again, long nowNanos) {
    standing = false;
    if (!again && greatest - least <= MOVES_NANOS) {
      return Finding.LONGER_PATH;
    }
    competing = true;
    confirmed = false;
    trying = false;
    pauseNanos = again ? pauseNanos : FIRST_PAUSE_NANOS;
    trialAt = nowNanos + pauseNanos;
    return Finding.NOTHING;
  }

  private Finding share(long queueNanos, double arrivingBps, long nowNanos) {
    if (queueNanos <= EMPTY_NANOS) {
      reset();
      competed = true;
      competedUntil = nowNanos;
    } else if (!trying) {
      if (nowNanos - trialAt >= 0 && arrivingBps > 0) {
        trying = true;
        trialAt = nowNanos;
        fall.begin(queueNanos, arrivingBps);
      }
    } else if (fall.newestSend() - trialAt >= TRIAL_NANOS) { // what was sent late has waited too
      return endTrial(queueNanos, nowNanos);
    }
    return Finding.NOTHING;
  }

  private Finding endTrial(long queueNanos, long nowNanos) {
    double expected = fall.nanos();
    boolean isTelling = expected >= TELLING_NANOS;
    if (isTelling && fall.fallenNanos(queueNanos) > OWN_PART_OF_TRIAL * expected) {
      reset();
      return Finding.OWN_QUEUE;
    }
    trying = false;
    confirmed = isTelling;
    int growth = isTelling ? PAUSE_GROWTH_ONCE_TOLD : PAUSE_GROWTH;
    pauseNanos = Math.min(growth * pauseNanos, LONGEST_PAUSE_NANOS);
    trialAt = nowNanos + pauseNanos;
    return Finding.NOTHING;
  }

  boolean isCompeting() {
    return competing;
  }

  /// The same, and the latest trial has told so.
  boolean isConfirmed() {
    return competing && confirmed;
  }

  /// Whether less is sent for a moment, or was just now, and what the queue does is not known yet.
  boolean isTrying() {
    return trying;
  }

  /// The rate with what a trial takes from it.
  double bound(double bps, long nowNanos) {
    boolean isLow = trying && nowNanos - trialAt < TRIAL_NANOS;
    return isLow ? Math.min(bps, TRIAL_PART * fall.bottleneckBps()) : bps;
  }

  void reset() {
    standing = false;
    competing = false;
    competed = false;
    trying = false;
  }
}
