package org.plenum.sfu.receive;

import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Consumer;

/// A link in virtual time that loses, delays and reorders what is sent over it, the same way for
/// the same seed.
public final class SimulatedLink<T> {
  private record InFlight<T>(long dueNanos, long order, T what) {}

  private final Random random;
  private final double loss;
  private final long delayNanos;
  private final long jitterNanos;
  private final PriorityQueue<InFlight<T>> inFlight =
      new PriorityQueue<>(
          (a, b) -> {
            int byTime = Long.signum(a.dueNanos - b.dueNanos);
            return byTime != 0 ? byTime : Long.compare(a.order, b.order);
          });
  private long sent;

  /// @param loss share of what is sent that never arrives
  public SimulatedLink(long seed, double loss, long delayNanos) {
    this(seed, loss, delayNanos, 0);
  }

  /// @param jitterNanos up to this much is added to the delay of each
  public SimulatedLink(long seed, double loss, long delayNanos, long jitterNanos) {
    this.random = new Random(seed);
    this.loss = loss;
    this.delayNanos = delayNanos;
    this.jitterNanos = jitterNanos;
  }

  public void send(T what, long nowNanos) {
    long extra = jitterNanos == 0 ? 0 : random.nextLong(jitterNanos);
    if (random.nextDouble() >= loss) {
      inFlight.add(new InFlight<>(nowNanos + delayNanos + extra, sent++, what));
    }
  }

  /// Hands over what has arrived by now, in order of arrival.
  public void deliver(long nowNanos, Consumer<T> receiver) {
    for (var first = inFlight.peek();
        first != null && first.dueNanos - nowNanos <= 0;
        first = inFlight.peek()) {
      inFlight.remove();
      receiver.accept(first.what);
    }
  }
}
