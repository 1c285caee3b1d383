package org.plenum.sfu.forward;

/// Which packets of a layer are left out for all its viewers, because nothing is to be heard in
/// them: runs of sequence numbers that are forwarded and left out by turns. A packet belongs to the
/// run that its number falls into, whenever it comes: a late one finds the number that was kept
/// free for it, and what gets lost in silence leaves no gap. Of a layer for which nothing is ever
/// decided, nothing is left out. One thread; allocates nothing once made.
public final class SoundRuns {
  /// As many as can fall into the second for which sound is kept.
  private static final int KEPT = 8;

  // Run 0 is forwarded and has no beginning; odd runs are left out.
  private final long[] firsts = new long[KEPT];
  private final int[] omittedBefore = new int[KEPT];
  private long newest;
  private long highest = Long.MIN_VALUE;

  /// A packet came. What is older than the newest is of the run that it falls into.
  ///
  /// @param number unwrapped
  /// @param worthSending whether it shall be forwarded, if it is the newest
  public void decide(long number, boolean worthSending) {
    if (number <= highest) {
      return;
    }
    highest = number;
    if (worthSending != isForwarded(newest)) {
      int omitted = omitted(newest, number);
      newest++;
      firsts[place(newest)] = number;
      omittedBefore[place(newest)] = omitted;
    }
  }

  /// Whether sound of it is forwarded now.
  public boolean isOpen() {
    return isForwarded(newest);
  }

  /// Whether this packet is not to be sent. What is too old to tell is not.
  public boolean isLeftOut(long number) {
    long run = runOf(number);
    return !isForwarded(run) || isBefore(number, run);
  }

  /// What was left out before this packet, as [Omitted] packs it.
  long omittedBefore(long number) {
    return Omitted.of(omitted(runOf(number), number), 0);
  }

  /// Whether it is the first packet after some that were left out (RFC 3551 §4.1: its marker is to
  /// be set).
  public boolean beginsTalkspurt(long number) {
    return newest > 0 && isOpen() && number == firsts[place(newest)];
  }

  /// Where the talkspurt of this packet began; the packet itself if that was long ago, or never
  /// decided.
  ///
  /// @param most packets to look back
  long talkspurtStart(long number, int most) {
    long first = newest > 0 && isOpen() ? firsts[place(newest)] : number;
    return first <= number && number - first <= most ? first : number;
  }

  private long runOf(long number) {
    long run = newest;
    while (run > Math.max(0, newest - KEPT + 1) && isBefore(number, run)) {
      run--;
    }
    return run;
  }

  private boolean isBefore(long number, long run) {
    return run > 0 && number < firsts[place(run)];
  }

  private int omitted(long run, long number) {
    int before = omittedBefore[place(run)];
    return isForwarded(run) ? before : before + (int) (number - firsts[place(run)]);
  }

  private static boolean isForwarded(long run) {
    return (run & 1) == 0;
  }

  private static int place(long run) {
    return (int) (run & (KEPT - 1));
  }
}
