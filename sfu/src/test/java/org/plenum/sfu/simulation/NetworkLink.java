package org.plenum.sfu.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/// One direction of a path: a bottleneck whose rate changes by schedule, its queue (bounded in
/// milliseconds of that rate, the tail is dropped), then delay, jitter and random loss. Virtual
/// time in steps of a millisecond; what is random has a seed.
final class NetworkLink {
  private record Datagram(byte[] bytes, long atNanos) {}

  private static final long STEP_NANOS = 1_000_000L;
  private static final long NANOS_PER_MILLI = 1_000_000L;
  private static final double LONG_QUEUE_MILLIS = 100;

  /// A queue holds that much however slow its link is.
  private static final long LEAST_QUEUE_BITS = 24_000;

  private final Random random;
  private final ArrayDeque<byte[]> queue = new ArrayDeque<>();
  private final ArrayDeque<Datagram> underWay = new ArrayDeque<>();
  private final PriorityQueue<Datagram> overtaken =
      new PriorityQueue<>(Comparator.comparingLong(Datagram::atNanos));
  private final TreeMap<Long, Long> rates = new TreeMap<>();
  private long bps = 100_000_000;
  private long queueMillis = 300;
  private long delayNanos = 10 * NANOS_PER_MILLI;
  private long jitterNanos;
  private double loss;
  private double doubled;
  private double late;
  private long lateNanos;
  private double creditBits;
  private long queuedBytes;
  private long lastArrivalNanos = Long.MIN_VALUE;

  /// What was handed to it, what it could have carried, what its queue dropped.
  private long offeredBytes;

  private double capacityBits;
  private long dropped;

  /// When its queue was longer than 100 ms, in steps since the start of the call.
  private final List<Long> longQueueSteps = new ArrayList<>();

  NetworkLink(long seed) {
    random = new Random(seed);
  }

  NetworkLink rate(long bitrateBps) {
    bps = bitrateBps;
    return this;
  }

  /// Another rate from this time on, counted from the start of the call.
  NetworkLink rateAt(double seconds, long bitrateBps) {
    rates.put((long) (seconds * 1e9), bitrateBps);
    return this;
  }

  NetworkLink queue(int millis) {
    queueMillis = millis;
    return this;
  }

  NetworkLink delay(int millis) {
    delayNanos = millis * NANOS_PER_MILLI;
    return this;
  }

  /// Uniform, up to this much; datagrams keep their order.
  NetworkLink jitter(int millis) {
    jitterNanos = millis * NANOS_PER_MILLI;
    return this;
  }

  NetworkLink loss(double ratio) {
    loss = ratio;
    return this;
  }

  /// Some arrive twice.
  NetworkLink doubles(double ratio) {
    doubled = ratio;
    return this;
  }

  /// Some come so much later, and those behind them overtake them.
  NetworkLink reorders(double ratio, int millis) {
    late = ratio;
    lateNanos = millis * NANOS_PER_MILLI;
    return this;
  }

  long delayNanos() {
    return delayNanos;
  }

  long offeredBytes() {
    return offeredBytes;
  }

  double capacityBytes() {
    return capacityBits / 8;
  }

  long dropped() {
    return dropped;
  }

  double queueingMillis() {
    return queuedBytes * 8_000.0 / bps;
  }

  /// For how long in all its queue was longer than 100 ms, from this time on.
  double longQueueMillisSince(double seconds) {
    double millis = STEP_NANOS / 1e6;
    return millis * longQueueSteps.stream().filter(step -> step * millis >= 1e3 * seconds).count();
  }

  void send(byte[] datagram) {
    offeredBytes += datagram.length;
    long bits = (queuedBytes + datagram.length) * 8;
    if (bits > Math.max(LEAST_QUEUE_BITS, bps * queueMillis / 1_000)) {
      dropped++;
      return;
    }
    queue.add(datagram);
    queuedBytes += datagram.length;
  }

  /// A millisecond passes, until `sinceStartNanos`.
  void step(long sinceStartNanos, Consumer<byte[]> receiver) {
    if (!rates.isEmpty() && rates.firstKey() <= sinceStartNanos) {
      bps = rates.pollFirstEntry().getValue();
    }
    creditBits += bps / 1e3;
    capacityBits += bps / 1e3;
    while (!queue.isEmpty() && creditBits >= queue.peek().length * 8.0) {
      byte[] datagram = queue.remove();
      queuedBytes -= datagram.length;
      creditBits -= datagram.length * 8.0;
      pass(datagram, sinceStartNanos);
    }
    if (queueingMillis() > LONG_QUEUE_MILLIS) {
      longQueueSteps.add(sinceStartNanos / STEP_NANOS);
    }
    if (queue.isEmpty()) {
      creditBits = Math.min(creditBits, bps / 1e3);
    }
    while (!underWay.isEmpty() && underWay.peek().atNanos <= sinceStartNanos) {
      receiver.accept(underWay.remove().bytes);
    }
    while (!overtaken.isEmpty() && overtaken.peek().atNanos <= sinceStartNanos) {
      receiver.accept(overtaken.remove().bytes);
    }
  }

  private void pass(byte[] datagram, long sinceStartNanos) {
    if (loss > 0 && random.nextDouble() < loss) {
      return;
    }
    long jitter = jitterNanos == 0 ? 0 : (long) (random.nextDouble() * jitterNanos);
    long arrival = sinceStartNanos + Math.max(delayNanos + jitter, STEP_NANOS);
    if (late > 0 && random.nextDouble() < late) {
      overtaken.add(new Datagram(datagram, arrival + lateNanos));
      return;
    }
    lastArrivalNanos = Math.max(arrival, lastArrivalNanos);
    underWay.add(new Datagram(datagram, lastArrivalNanos));
    if (doubled > 0 && random.nextDouble() < doubled) {
      underWay.add(new Datagram(datagram, lastArrivalNanos));
    }
  }
}
