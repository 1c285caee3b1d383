package org.plenum.signaling.recording;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.plenum.signaling.bucket.Bucket;
import org.plenum.signaling.bucket.Bucket.Stored;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks what recordings there are in the bucket, at the start and every ten minutes, on a thread
/// of its own: those of a server that has lost its disk, and of others that share the bucket. What
/// is too old it deletes.
final class BucketIndex implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BucketIndex.class);

  private static final Duration INTERVAL = Duration.ofMinutes(10);
  private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);

  /// What is in the bucket of one recording.
  private static final class Found {
    private final Set<String> files = new HashSet<>();
    private long bytes;
    private Instant latest = Instant.MIN;

    private void add(String file, Stored stored) {
      files.add(file);
      bytes += stored.bytes();
      latest = stored.modified().isAfter(latest) ? stored.modified() : latest;
    }

    private @Nullable String saying() {
      return files.stream().filter(RecordingBucket.SAYING::contains).findFirst().orElse(null);
    }
  }

  private final Bucket bucket;
  private final RecordingBucket place;
  private final RecordingStore store;
  private final BooleanSupplier mayDelete;
  private final FailingTime failing;
  private final Set<RecordingId> unreadable = new HashSet<>();
  private final Thread thread;

  /// @param mayDelete whether anything may be deleted for its age
  /// @param nanos monotonic
  BucketIndex(Bucket bucket, RecordingStore store, BooleanSupplier mayDelete, LongSupplier nanos) {
    this.bucket = bucket;
    this.place = new RecordingBucket(bucket);
    this.store = store;
    this.mayDelete = mayDelete;
    this.failing = new FailingTime(nanos);
    this.thread = Thread.ofPlatform().daemon().name("recording-index").unstarted(this::work);
  }

  void start() {
    thread.start();
  }

  /// For how long the bucket has not been looked at though it was tried; 0 while all is well.
  double failingSeconds() {
    return failing.seconds();
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void work() {
    try {
      while (!Thread.interrupted()) {
        Thread.sleep(looks() ? INTERVAL : AFTER_FAILURE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server ends
    }
  }

  private boolean looks() {
    try {
      look();
    } catch (IOException | RuntimeException e) {
      if (!Thread.currentThread().isInterrupted()) {
        failing.failed();
        LOG.warn("{} cannot be looked at, its recordings may be missing: {}", bucket, e.toString());
      }
      return false;
    }
    failing.succeeded();
    return true;
  }

  /// Brings what is known in line with what is there.
  void look() throws IOException {
    Set<RecordingId> before = store.inBucket();
    Map<RecordingId, Found> there = list();
    int adopted = 0;
    for (Map.Entry<RecordingId, Found> each : there.entrySet()) {
      String saying = each.getValue().saying();
      if (saying != null && !store.knows(each.getKey()) && !unreadable.contains(each.getKey())) {
        adopted += adopt(each.getKey(), saying, each.getValue().bytes) ? 1 : 0;
      }
    }
    if (adopted > 0) {
      LOG.info("{} recordings were found in {}", adopted, bucket);
    }
    before.removeAll(there.keySet());
    before.forEach(store::forget);
    if (mayDelete.getAsBoolean()) {
      deleteOld(there);
    }
  }

  private Map<RecordingId, Found> list() throws IOException {
    Map<RecordingId, Found> there = new HashMap<>();
    for (Stored each : bucket.list("")) {
      int slash = each.name().indexOf('/');
      RecordingId id = slash < 0 ? null : id(each.name().substring(0, slash));
      if (id != null) {
        there
            .computeIfAbsent(id, unknown -> new Found())
            .add(each.name().substring(slash + 1), each);
      }
    }
    return there;
  }

  /// Null: it is none of ours.
  private static @Nullable RecordingId id(String name) {
    try {
      return new RecordingId(name);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private boolean adopt(RecordingId id, String saying, long bytes) throws IOException {
    byte[] content = bucket.read(RecordingBucket.name(id, saying));
    try {
      store.adopt(id, saying, content, bytes, place);
      return true;
    } catch (IOException | RuntimeException e) {
      unreadable.add(id);
      LOG.atWarn()
          .addKeyValue("recording", id)
          .log("one that lies in {} cannot be read: {}", bucket, e.toString());
      return false;
    }
  }

  /// What was never whole, because nobody went on to bring it there, has nothing that says its age.
  private void deleteOld(Map<RecordingId, Found> there) throws IOException {
    store.deleteOldInBucket();
    Instant before = store.oldest();
    for (Map.Entry<RecordingId, Found> each : there.entrySet()) {
      Found found = each.getValue();
      if (found.saying() == null && found.latest.isBefore(before) && !store.knows(each.getKey())) {
        place.delete(each.getKey());
      }
    }
  }
}
