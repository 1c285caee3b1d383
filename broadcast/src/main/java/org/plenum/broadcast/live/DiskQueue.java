package org.plenum.broadcast.live;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.recording.RecordingEnd;
import org.plenum.broadcast.recording.RecordingEnd.Reason;
import org.plenum.broadcast.recording.RecordingStorage;

/// What a disk is to do, one thing after another on a thread of its own, so that whoever reads a
/// room never waits for it. A disk that falls behind by too much, or takes something not, gets
/// nothing more.
final class DiskQueue {
  /// Of what waits for the disk: half a minute of twelve cameras.
  private static final long MOST_WAITING_BYTES = 64L << 20;

  /// For one thing that the disk is asked to do.
  private static final long MOST_NANOS = 20_000_000_000L;

  private static final long IDLE = Long.MIN_VALUE;

  /// Of what takes no bytes to speak of.
  static final int LITTLE = 64;

  /// Something that the disk is to do.
  @FunctionalInterface
  interface Action {
    void run() throws IOException;
  }

  private record Step(Action action, int bytes, boolean last) {}

  private final LinkedBlockingQueue<Step> steps = new LinkedBlockingQueue<>();
  private final AtomicLong waitingBytes = new AtomicLong();
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile long begunNanos = IDLE;
  private volatile @Nullable RecordingEnd failure;

  /// @param name of its thread
  DiskQueue(String name) {
    Thread.ofPlatform().daemon().name(name).start(this::work);
  }

  /// After a failure nothing is done.
  ///
  /// @param bytes that wait with it
  void put(int bytes, Action action) {
    if (failure != null) {
      return;
    }
    if (waitingBytes.addAndGet(bytes) > MOST_WAITING_BYTES) {
      fail(
          new RecordingEnd(
              Reason.STORAGE_SLOW,
              "the disk is too slow: " + (MOST_WAITING_BYTES >> 20) + " MiB wait for it"));
    }
    steps.add(new Step(action, bytes, false));
  }

  /// What ended it; null while all is well.
  ///
  /// @param nowNanos monotonic
  @Nullable RecordingEnd failure(long nowNanos) {
    long begun = begunNanos;
    if (begun != IDLE && nowNanos - begun > MOST_NANOS) {
      fail(new RecordingEnd(Reason.STORAGE_SLOW, "the disk does not answer any more"));
    }
    return failure;
  }

  /// Does this as the last, also after a failure as far as the disk takes it, and waits for that,
  /// but not for ever.
  void finish(Action action) {
    steps.add(new Step(action, LITTLE, true));
    try {
      if (!done.await(MOST_NANOS, TimeUnit.NANOSECONDS)) {
        fail(new RecordingEnd(Reason.STORAGE_SLOW, "the disk does not answer any more"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void fail(RecordingEnd why) {
    if (failure == null) {
      failure = why;
    }
  }

  private void work() {
    try {
      for (Step step = steps.take(); ; step = steps.take()) {
        begunNanos = System.nanoTime();
        waitingBytes.addAndGet(-step.bytes());
        if (failure == null || step.last()) {
          run(step);
        }
        begunNanos = IDLE;
        if (step.last()) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      done.countDown();
    }
  }

  private void run(Step step) {
    try {
      step.action().run();
    } catch (RecordingStorage.NoPlaceException e) {
      fail(new RecordingEnd(Reason.QUOTA, String.valueOf(e.getMessage())));
    } catch (IOException | RuntimeException e) {
      fail(new RecordingEnd(Reason.STORAGE, "the disk did not take it: " + e.getMessage()));
    }
  }
}
