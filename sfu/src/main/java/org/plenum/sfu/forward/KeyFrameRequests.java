package org.plenum.sfu.forward;

import org.plenum.ice.NanoTime;

/// When to ask a publisher for a key frame: all wishes of its viewers become one request,
/// repeated until the key frame is there. Encoders ignore a request within 300 ms of the last.
/// One thread, no clock.
public final class KeyFrameRequests {
  private static final long INTERVAL_NANOS = 300_000_000L;

  /// After this many requests without an answer, the publisher is asked less often.
  private static final int EAGER_TRIES = 10;

  private static final long PATIENT_INTERVAL_NANOS = 1_000_000_000L;

  private boolean wanted;
  private boolean suspended;
  private boolean everSent;
  private long sentNanos;

  /// When the present wish was first sent.
  private long firstSentNanos;

  private int tries;
  private long sent;

  /// Somebody needs a key frame. Not of a publisher that sends nothing: whoever waits for it asks
  /// again when it is back.
  public void want() {
    if (!wanted && !suspended) {
      wanted = true;
      tries = 0;
    }
  }

  /// Whether to send a request now; if so, it counts as sent.
  public boolean takeDue(long nowNanos) {
    if (!wanted) {
      return false;
    }
    long interval = tries < EAGER_TRIES ? INTERVAL_NANOS : PATIENT_INTERVAL_NANOS;
    if (everSent && !NanoTime.isDue(NanoTime.after(sentNanos, interval), nowNanos)) {
      return false;
    }
    everSent = true;
    sentNanos = nowNanos;
    if (tries == 0) {
      firstSentNanos = nowNanos;
    }
    tries++;
    sent++;
    return true;
  }

  /// One was asked for by another way, which counts as a request.
  public void askedOtherwise(long nowNanos) {
    everSent = true;
    sentNanos = nowNanos;
  }

  /// A key frame has begun to arrive.
  public void arrived() {
    wanted = false;
  }

  /// What would make the key frame has stopped: nothing is asked until [#resume].
  void suspend() {
    suspended = true;
    wanted = false;
  }

  /// It sends again.
  void resume() {
    suspended = false;
  }

  public boolean isWanted() {
    return wanted;
  }

  /// For how long a key frame that was asked for has not come; 0 if none is awaited.
  public long waitedNanos(long nowNanos) {
    return wanted && tries > 0 ? nowNanos - firstSentNanos : 0;
  }

  /// Requests sent in all.
  public long sent() {
    return sent;
  }
}
