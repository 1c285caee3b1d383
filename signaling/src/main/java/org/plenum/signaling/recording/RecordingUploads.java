package org.plenum.signaling.recording;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.plenum.signaling.bucket.Bucket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings complete recordings to the bucket, one after another, on a thread of its own, so that
/// nothing else waits for that. What fails stays on the disk and is tried again, after one second,
/// two, and so on up to five minutes. Any thread.
public final class RecordingUploads implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RecordingUploads.class);

  /// Of a part of an upload: it lies in memory, and is sent anew if the connection breaks.
  static final int PIECE_BYTES = 8 << 20;

  static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration MOST_PAUSE = Duration.ofMinutes(5);

  /// For the request that is under way when the server ends.
  private static final long END_MILLIS = 2_000;

  private final Bucket bucket;
  private final int pieceBytes;
  private final Duration firstPause;
  private final FailingTime failing;
  private final LinkedBlockingQueue<Upload> queue = new LinkedBlockingQueue<>();
  private final Set<RecordingId> waiting = ConcurrentHashMap.newKeySet();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong uploaded = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final Thread thread;

  /// @param pieceBytes of a part of an upload
  /// @param firstPause after the first failure
  /// @param nanos monotonic
  RecordingUploads(Bucket bucket, int pieceBytes, Duration firstPause, LongSupplier nanos) {
    if (pieceBytes < Bucket.LEAST_PART_BYTES) {
      throw new IllegalArgumentException("a part of " + pieceBytes + " bytes is refused");
    }
    this.bucket = bucket;
    this.pieceBytes = pieceBytes;
    this.firstPause = firstPause;
    this.failing = new FailingTime(nanos);
    this.thread = Thread.ofPlatform().daemon().name("recording-upload").unstarted(this::work);
  }

  void start() {
    thread.start();
  }

  /// One more, unless it waits already.
  void add(Parcel parcel) {
    if (waiting.add(parcel.recording())) {
      queue.add(new Upload(parcel, bucket, pieceBytes, bytes::addAndGet));
    }
  }

  /// How many recordings are on their way, or wait for it.
  public int waiting() {
    return waiting.size();
  }

  /// How many recordings have arrived since the server started.
  public long uploaded() {
    return uploaded.get();
  }

  /// How many bytes of recordings have arrived since the server started.
  public long bytes() {
    return bytes.get();
  }

  /// How often it was tried in vain since the server started.
  public long failures() {
    return failures.get();
  }

  /// For how long nothing has arrived though it was tried, in seconds; 0 while all is well.
  public double failingSeconds() {
    return failing.seconds();
  }

  /// Ends what is under way; it begins anew when the server does.
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(END_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    Duration pause = firstPause;
    try {
      while (!Thread.interrupted()) {
        Upload next = queue.take();
        if (succeeds(next, pause)) {
          pause = firstPause;
        } else {
          queue.add(next); // behind the others: the fault may be its own
          Thread.sleep(jittered(pause));
          pause = shorter(pause.multipliedBy(2), MOST_PAUSE);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server ends
    }
  }

  private boolean succeeds(Upload upload, Duration pause) {
    try {
      if (upload.run()) {
        uploaded.incrementAndGet();
      }
    } catch (IOException | RuntimeException e) {
      if (Thread.currentThread().isInterrupted()) {
        return false;
      }
      failures.incrementAndGet();
      failing.failed();
      LOG.atWarn()
          .addKeyValue("recording", upload.recording())
          .log(
              "a recording stays on the disk, and goes to {} later (the next try is in {} s): {}",
              bucket,
              Math.max(1, pause.toSeconds()),
              String.valueOf(e));
      return false;
    }
    waiting.remove(upload.recording());
    if (failing.succeeded()) {
      LOG.info("recordings go to {} again", bucket);
    }
    return true;
  }

  /// So that several servers do not come back at the same moment.
  private static Duration jittered(Duration pause) {
    return Duration.ofNanos(
        (long) (pause.toNanos() * ThreadLocalRandom.current().nextDouble(0.8, 1.2)));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
