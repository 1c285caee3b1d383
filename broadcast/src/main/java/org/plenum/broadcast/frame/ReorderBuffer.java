package org.plenum.broadcast.frame;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
import org.plenum.sfu.TappedPacket;

/// Brings the packets of a stream into order. What is missing is waited for as long as it takes the
/// SFU to get it by asking again, and no longer.
public final class ReorderBuffer {
  /// Three round trips of a bad path, and the waiting between the requests.
  static final long PATIENCE_NANOS = 500_000_000L;

  /// As many as come in half a second of 10 Mb/s.
  static final int MOST_WAITING = 600;

  private final TreeMap<Long, TappedPacket> waiting = new TreeMap<>();
  private boolean begun;
  private long next;
  private boolean lost;

  /// A packet came. One whose turn is over is left out.
  public void put(TappedPacket packet) {
    if (!begun) {
      begun = true;
      next = packet.sequenceNumber();
    }
    if (packet.sequenceNumber() >= next) {
      waiting.put(packet.sequenceNumber(), packet);
    }
  }

  /// The packet whose turn it is, or null if there is none now.
  public @Nullable TappedPacket poll(long nowNanos) {
    if (waiting.isEmpty()) {
      return null;
    }
    TappedPacket first = waiting.firstEntry().getValue();
    long deadline = NanoTime.after(first.arrivalNanos(), PATIENCE_NANOS);
    boolean isTurn =
        first.sequenceNumber() == next
            || waiting.size() > MOST_WAITING
            || NanoTime.isDue(deadline, nowNanos);
    return isTurn ? pollRest() : null;
  }

  /// The next of what is there, where nothing more will come; null at the end.
  public @Nullable TappedPacket pollRest() {
    if (waiting.isEmpty()) {
      return null;
    }
    TappedPacket first = waiting.pollFirstEntry().getValue();
    lost |= first.sequenceNumber() != next;
    next = first.sequenceNumber() + 1;
    return first;
  }

  /// Whether packets were given up before the one that was returned last.
  public boolean takeLost() {
    boolean result = lost;
    lost = false;
    return result;
  }
}
