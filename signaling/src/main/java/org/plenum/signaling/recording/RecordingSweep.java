package org.plenum.signaling.recording;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sweeps a store every 15 s, on a thread of its own, for it waits for the disk.
public final class RecordingSweep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RecordingSweep.class);

  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("recording-sweep").factory());

  private RecordingSweep() {}

  public static RecordingSweep start(RecordingStore store) {
    var sweep = new RecordingSweep();
    var unused = sweep.executor.scheduleWithFixedDelay(() -> run(store), 1, 15, TimeUnit.SECONDS);
    return sweep;
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }

  private static void run(RecordingStore store) {
    try {
      store.sweep();
    } catch (RuntimeException e) {
      LOG.error("recordings could not be swept", e);
    }
  }
}
