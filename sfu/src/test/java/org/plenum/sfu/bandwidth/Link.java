package org.plenum.sfu.bandwidth;

import java.util.ArrayDeque;
import java.util.Random;

/// A bottleneck shared by all who send into it: a rate that changes by schedule, a queue bounded in
/// milliseconds of that rate whose tail is dropped, random loss and jitter behind it.
final class Link implements TcpFlow.Way {
  private record Waiting(int bytes, long since, long delayNanos, Runnable arrive, Runnable drop) {}

  private final Simulation time;
  private final Random random;
  private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
  private double bps;
  private double queueMillis = 300;
  private double loss;
  private double jitterMillis;
  private long queuedBytes;
  private long extraNanos;
  private boolean busy;
  private boolean down;
  private long lastArrival = Long.MIN_VALUE;
  final Series queueingMillis = new Series();
  final Series capacityBps = new Series();
  long dropped;

  Link(Simulation time, long seed, double bps) {
    this.time = time;
    this.random = new Random(seed);
    this.bps = bps;
    capacityBps.add(time.seconds(), bps);
  }

  Link queue(double millis) {
    queueMillis = millis;
    return this;
  }

  Link loss(double ratio) {
    loss = ratio;
    return this;
  }

  /// Uniform, up to this much; packets keep their order.
  Link jitter(double millis) {
    jitterMillis = millis;
    return this;
  }

  Link rateAt(double seconds, double newBps) {
    time.at(
        (long) (seconds * 1e9),
        () -> {
          bps = newBps;
          capacityBps.add(time.seconds(), newBps);
        });
    return this;
  }

  Link downAt(double from, double until) {
    time.at((long) (from * 1e9), () -> down = true);
    time.at((long) (until * 1e9), () -> down = false);
    return this;
  }

  Link longerAt(double seconds, double millis) {
    time.at((long) (seconds * 1e9), () -> extraNanos = (long) (millis * 1e6));
    return this;
  }

  double bps() {
    return bps;
  }

  @Override
  public void send(int bytes, long delayNanos, Runnable arrive, Runnable drop) {
    boolean full = (queuedBytes + bytes) * 8 > bps * queueMillis / 1_000 + 12_000;
    if (full || down || random.nextDouble() < loss) {
      dropped += full ? 1 : 0;
      drop.run();
      return;
    }
    queue.add(new Waiting(bytes, time.now(), delayNanos, arrive, drop));
    queuedBytes += bytes;
    if (!busy) {
      serve();
    }
  }

  private void serve() {
    Waiting next = queue.peek();
    if (next == null) {
      busy = false;
      return;
    }
    busy = true;
    time.in((long) (next.bytes * 8e9 / bps), () -> done(next));
  }

  private void done(Waiting packet) {
    queue.remove();
    queuedBytes -= packet.bytes;
    queueingMillis.add(time.seconds(), (time.now() - packet.since) / 1e6);
    long jitter = (long) (random.nextDouble() * jitterMillis * 1e6);
    long arrival = time.now() + packet.delayNanos + extraNanos + jitter;
    lastArrival = Math.max(arrival, lastArrival);
    time.at(jitterMillis > 0 ? lastArrival : arrival, packet.arrive);
    serve();
  }
}
