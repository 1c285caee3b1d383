package org.plenum.sfu.bandwidth;

/// The rate at which the bottleneck passes packets on, measured while it is busy: from arrivals
/// since the queue was last empty, at most 300 ms back. It also holds for a sender that sends
/// little, because only time in which something waited counts.
final class BusyRate {
  /// Waiting for longer than this is no accident of timing.
  private static final long BUSY_NANOS = 10_000_000;

  private static final long HALF_WINDOW_NANOS = 150_000_000;
  private static final long SHORTEST_NANOS = 25_000_000;
  private static final int LEAST_PACKETS = 4;

  private boolean busy;
  private int packets;
  private long bytes;
  private long lastArrival;
  private long fromArrival;
  private long fromBytes;
  private long middleArrival;
  private long middleBytes;

  /// @param queueNanos how long this packet waited on the path
  void add(long arrivalNanos, int packetBytes, long queueNanos) {
    if (queueNanos < BUSY_NANOS) {
      busy = false;
    } else if (!busy || arrivalNanos - lastArrival < 0) {
      begin(arrivalNanos);
    } else {
      packets++;
      bytes += packetBytes;
      lastArrival = arrivalNanos;
      if (arrivalNanos - middleArrival > HALF_WINDOW_NANOS) {
        fromArrival = middleArrival;
        fromBytes = middleBytes;
        middleArrival = arrivalNanos;
        middleBytes = bytes;
      }
    }
  }

  /// The first packet's own time at the bottleneck is not in the interval, so its bytes are not.
  private void begin(long arrivalNanos) {
    busy = true;
    packets = 0;
    bytes = 0;
    lastArrival = arrivalNanos;
    fromArrival = arrivalNanos;
    fromBytes = 0;
    middleArrival = arrivalNanos;
    middleBytes = 0;
  }

  /// Bits per second; 0 if the bottleneck is not busy, or not for long enough to tell.
  double bps() {
    long span = lastArrival - fromArrival;
    if (!busy || packets < LEAST_PACKETS || span < SHORTEST_NANOS) {
      return 0;
    }
    return (bytes - fromBytes) * 8e9 / span;
  }

  void reset() {
    busy = false;
  }
}
