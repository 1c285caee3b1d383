package org.plenum.sfu.bandwidth;

/// By how much the bottleneck's queue should have fallen since some moment if nobody but this
/// sender filled it. While a queue stands, packets leave it at the bottleneck's rate: those that
/// are sent in a second, at half that rate, shorten it by half a second.
final class ExpectedFall {
  private long newestSend;
  private long fromSend;
  private long fromQueueNanos;
  private double bottleneckBps;
  private double bits;

  /// A packet arrived, in any order.
  void onReceived(long sendNanos, int bytes) {
    bits += bytes * 8.0;
    if (sendNanos - newestSend > 0) {
      newestSend = sendNanos;
    }
  }

  /// Measures from now on, which is the moment when the newest packet reported was sent.
  void begin(long queueNanos, double arrivingBps) {
    fromSend = newestSend;
    fromQueueNanos = queueNanos;
    bottleneckBps = arrivingBps;
    bits = 0;
  }

  /// Less than nothing if the queue should have grown.
  double nanos() {
    return newestSend - fromSend - bits * 1e9 / bottleneckBps;
  }

  /// What it has fallen by.
  double fallenNanos(long queueNanos) {
    return fromQueueNanos - queueNanos;
  }

  /// The rate at which packets arrived at the beginning.
  double bottleneckBps() {
    return bottleneckBps;
  }

  /// When the newest packet that was reported was sent.
  long newestSend() {
    return newestSend;
  }
}
