package org.plenum.sfu.bandwidth;

import java.util.Arrays;

/// Measures from feedback at what rate a probe went out and at what rate it came in.
final class ProbeMeter {
  /// More than ever run at a time.
  private static final int SLOTS = 16;

  /// This much of a probe must have arrived for it to count, less on a lossy path.
  private static final double ENOUGH = 0.8;

  private static final double LEAST_ENOUGH = 0.5;
  private static final double LONGEST_NANOS = 1e9;

  /// A burst that came in at twice the rate was held up and then let go: it says nothing.
  private static final double GREATEST_RATIO = 2;

  /// One that came in at less than this part of the rate has met the bottleneck.
  private static final double SATURATED = 0.9;

  /// Some room is left below a bottleneck that was met.
  private static final double UTILIZATION = 0.95;

  private final int[] ids = new int[SLOTS];
  private final int[] minBytes = new int[SLOTS];
  private final int[] minPackets = new int[SLOTS];
  private final int[] packets = new int[SLOTS];
  private final long[] bytes = new long[SLOTS];
  private final long[] firstSend = new long[SLOTS];
  private final long[] lastSend = new long[SLOTS];
  private final long[] firstArrival = new long[SLOTS];
  private final long[] lastArrival = new long[SLOTS];
  private final int[] lastSendBytes = new int[SLOTS];
  private final int[] firstArrivalBytes = new int[SLOTS];
  private double resultBps;
  private boolean saturated;

  /// @param loss the part of all packets that is lost anyway, 0 to 1
  void expect(Probe probe, double loss) {
    int slot = probe.id % SLOTS;
    double enough = Math.max(LEAST_ENOUGH, ENOUGH - loss);
    ids[slot] = probe.id;
    minBytes[slot] = (int) (probe.minBytes * enough);
    minPackets[slot] = (int) (probe.minPackets * enough);
    packets[slot] = 0;
    bytes[slot] = 0;
  }

  /// The burst was broken off: what was sent of it must do.
  void onStopped(int id, int sentPackets, int sentBytes) {
    int slot = id % SLOTS;
    if (ids[slot] == id) {
      minBytes[slot] = Math.min(minBytes[slot], (int) (sentBytes * ENOUGH));
      minPackets[slot] = Math.max(3, Math.min(minPackets[slot], (int) (sentPackets * ENOUGH)));
    }
  }

  void onReceived(int id, long sendNanos, long arrivalNanos, int packetBytes) {
    if (id <= 0 || ids[id % SLOTS] != id) {
      return;
    }
    int slot = id % SLOTS;
    if (packets[slot]++ == 0) {
      firstSend[slot] = sendNanos;
      lastSend[slot] = sendNanos;
      lastSendBytes[slot] = packetBytes;
      firstArrival[slot] = arrivalNanos;
      lastArrival[slot] = arrivalNanos;
      firstArrivalBytes[slot] = packetBytes;
    } else {
      widen(slot, sendNanos, arrivalNanos, packetBytes);
    }
    bytes[slot] += packetBytes;
    if (packets[slot] >= minPackets[slot] && bytes[slot] >= minBytes[slot]) {
      measure(slot);
    }
  }

  private void widen(int slot, long sendNanos, long arrivalNanos, int packetBytes) {
    if (sendNanos - firstSend[slot] < 0) {
      firstSend[slot] = sendNanos;
    }
    if (sendNanos - lastSend[slot] > 0) {
      lastSend[slot] = sendNanos;
      lastSendBytes[slot] = packetBytes;
    }
    if (arrivalNanos - firstArrival[slot] < 0) {
      firstArrival[slot] = arrivalNanos;
      firstArrivalBytes[slot] = packetBytes;
    }
    if (arrivalNanos - lastArrival[slot] > 0) {
      lastArrival[slot] = arrivalNanos;
    }
  }

  /// The last packet's own time on the wire is in neither send interval, the first one's not in the
  /// receive interval.
  private void measure(int slot) {
    double sendNanos = lastSend[slot] - firstSend[slot];
    double arrivalNanos = lastArrival[slot] - firstArrival[slot];
    if (sendNanos <= 0
        || sendNanos > LONGEST_NANOS
        || arrivalNanos <= 0
        || arrivalNanos > LONGEST_NANOS) {
      return;
    }
    double sendBps = (bytes[slot] - lastSendBytes[slot]) * 8e9 / sendNanos;
    double arrivalBps = (bytes[slot] - firstArrivalBytes[slot]) * 8e9 / arrivalNanos;
    if (arrivalBps > GREATEST_RATIO * sendBps) {
      return;
    }
    saturated = arrivalBps < SATURATED * sendBps;
    resultBps = saturated ? UTILIZATION * arrivalBps : Math.min(sendBps, arrivalBps);
  }

  /// Bits per second, 0 if no probe was measured since [#clearResult].
  double resultBps() {
    return resultBps;
  }

  /// True if the probe met the bottleneck: the result is what it passes on.
  boolean isSaturated() {
    return saturated;
  }

  void clearResult() {
    resultBps = 0;
  }

  void reset() {
    Arrays.fill(ids, 0);
    resultBps = 0;
  }
}
