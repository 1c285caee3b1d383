package org.plenum.signaling.recording;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.plenum.signaling.clock.ClockWatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sweeps a store every 15 s, on a thread of its own, for it waits for the disk.
public final class RecordingSweep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RecordingSweep.class);

  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("recording-sweep").factory());

  private RecordingSweep() {}

  /// @param watch nothing is deleted for its age once it says that the clock jumped
  public static RecordingSweep start(RecordingStore store, ClockWatch watch) {
    var sweep = new RecordingSweep();
    var unused =
        sweep.executor.scheduleWithFixedDelay(() -> run(store, watch), 1, 15, TimeUnit.SECONDS);
    return sweep;
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }

  private static void run(RecordingStore store, ClockWatch watch) {
    try {
      store.completeAbandoned();
      if (!watch.hasJumped()) {
        store.deleteOld();
      }
    } catch (RuntimeException e) {
      LOG.error("recordings could not be swept", e);
    }
  }
}
