package org.plenum.sfu.bandwidth;

import java.util.TreeMap;

/// A greedy TCP transfer with CUBIC (RFC 9438), SACK-like loss detection and a retransmission
/// time-out: enough to be as rude a neighbour as a download is.
public final class TcpFlow {
  /// What carries its packets one way.
  public interface Way {
    /// @param delayNanos behind the bottleneck
    /// @param arrive called when it has arrived, if it does
    /// @param drop called if it was not taken
    void send(int bytes, long delayNanos, Runnable arrive, Runnable drop);
  }

  private static final int SEGMENT = 1_448;
  private static final double BETA = 0.7;
  private static final double CUBIC = 0.4;

  private final Simulation time;
  private final Way forward;
  private final Way backward;
  private final long delay;
  private final TreeMap<Long, Long> inFlight = new TreeMap<>();
  private double window = 10;
  private double threshold = Double.POSITIVE_INFINITY;
  private double windowMax;
  private double epochStart = -1;
  private double smoothedRtt = 0.1;
  private long next;
  private long highestAcked = -1;
  private long recoverUntil = -1;
  private long left;
  private double lastAck;
  private boolean running;
  final Series receivedBits = new Series();

  public TcpFlow(Simulation time, Way forward, Way backward, double delayMillis) {
    this.time = time;
    this.forward = forward;
    this.backward = backward;
    delay = (long) (delayMillis * 1e6);
  }

  public TcpFlow startAt(double seconds, long bytes) {
    time.at(
        (long) (seconds * 1e9),
        () -> {
          running = true;
          left = bytes / SEGMENT + 1;
          lastAck = time.seconds();
          fill();
          time.every(100 * Simulation.MILLIS, this::checkTimeout);
        });
    return this;
  }

  TcpFlow stopAt(double seconds) {
    time.at((long) (seconds * 1e9), () -> running = false);
    return this;
  }

  private void fill() {
    while (running && left > 0 && inFlight.size() < (int) window) {
      long number = next++;
      left--;
      inFlight.put(number, time.now());
      forward.send(
          SEGMENT + 52,
          delay,
          () -> {
            receivedBits.add(time.seconds(), SEGMENT * 8.0);
            backward.send(40, delay, () -> onAck(number), () -> {});
          },
          () -> {});
    }
  }

  private void onAck(long number) {
    Long sentAt = inFlight.remove(number);
    if (sentAt == null) {
      return;
    }
    lastAck = time.seconds();
    smoothedRtt += ((time.now() - sentAt) / 1e9 - smoothedRtt) / 8;
    highestAcked = Math.max(highestAcked, number);
    boolean lost = false;
    while (!inFlight.isEmpty() && inFlight.firstKey() < highestAcked - 3) {
      long gone = inFlight.firstKey();
      inFlight.remove(gone);
      left++;
      lost |= gone > recoverUntil;
    }
    if (lost) {
      recoverUntil = next - 1;
      windowMax = window;
      window = Math.max(2, window * BETA);
      threshold = window;
      epochStart = -1;
    } else {
      grow();
    }
    fill();
  }

  private void grow() {
    if (window < threshold) {
      window += 1;
      return;
    }
    if (epochStart < 0) {
      epochStart = time.seconds();
      windowMax = Math.max(windowMax, window);
    }
    double k = Math.cbrt(windowMax * (1 - BETA) / CUBIC);
    double t = time.seconds() - epochStart + smoothedRtt;
    double cubic = CUBIC * Math.pow(t - k, 3) + windowMax;
    double reno =
        windowMax * BETA + 3 * (1 - BETA) / (1 + BETA) * (t / Math.max(smoothedRtt, 0.001));
    double wanted = Math.max(cubic, reno);
    window += Math.max(0.01, wanted - window) / window;
  }

  private void checkTimeout() {
    if (!inFlight.isEmpty() && time.seconds() - lastAck > Math.max(0.5, 4 * smoothedRtt)) {
      left += inFlight.size();
      inFlight.clear();
      threshold = Math.max(2, window / 2);
      window = 2;
      epochStart = -1;
      lastAck = time.seconds();
    }
    fill();
  }

  public double received(double from, double to) {
    return receivedBits.sum(from, to) / (to - from);
  }
}
