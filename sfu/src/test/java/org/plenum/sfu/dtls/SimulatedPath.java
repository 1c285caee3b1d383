package org.plenum.sfu.dtls;

import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One direction of a lossy path, seeded: loses, doubles and swaps datagrams. Any thread.
final class SimulatedPath {
  private final Random random;
  private final double loss;
  private final double others;
  private final Consumer<byte[]> destination;
  private byte @Nullable [] late;

  /// @param others probability of a doubled and of a swapped datagram, each
  SimulatedPath(long seed, double loss, double others, Consumer<byte[]> destination) {
    random = new Random(seed);
    this.loss = loss;
    this.others = others;
    this.destination = destination;
  }

  synchronized void send(byte[] datagram) {
    if (random.nextDouble() < loss) {
      return;
    }
    byte[] before = late;
    late = null;
    if (before == null && random.nextDouble() < others) {
      late = datagram;
      return;
    }
    destination.accept(datagram);
    if (random.nextDouble() < others) {
      destination.accept(datagram.clone());
    }
    if (before != null) {
      destination.accept(before);
    }
  }
}
