package org.plenum.bench.badcall;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What the link towards the viewers did, read every 50 ms on a thread of its own.
final class LinkLog implements AutoCloseable {
  private static final long INTERVAL_MILLIS = 50;

  /// One reading.
  ///
  /// @param bytesOut delivered since the start
  /// @param dropped packets that did not fit into the queue since the start
  record Reading(long nanos, double queueMillis, long bytesOut, long dropped) {}

  private final Badnet badnet;
  private final List<Reading> readings = new ArrayList<>();
  private volatile boolean stopped;

  LinkLog(Badnet badnet) {
    this.badnet = badnet;
    Thread.ofPlatform().name("link-log").daemon().start(this::run);
  }

  private void run() {
    try {
      while (!stopped) {
        read();
        Thread.sleep(INTERVAL_MILLIS);
      }
    } catch (IOException e) {
      throw new IllegalStateException("the link emulator is gone", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() throws IOException {
    JsonNode down = badnet.tell("stats").path("down");
    var reading =
        new Reading(
            System.nanoTime(),
            down.path("queue_ms").asDouble(),
            down.path("bytes_out").asLong(),
            down.path("dropped_queue").asLong());
    synchronized (readings) {
      readings.add(reading);
    }
  }

  /// The readings between two moments.
  List<Reading> between(long fromNanos, long toNanos) {
    synchronized (readings) {
      return readings.stream()
          .filter(reading -> reading.nanos - fromNanos >= 0 && toNanos - reading.nanos >= 0)
          .toList();
    }
  }

  @Override
  public void close() {
    stopped = true;
  }
}
