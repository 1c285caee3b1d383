package org.plenum.broadcast.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where broadcasts keep what is older than what is in memory, so that viewers can go back. Nothing
/// of it outlasts the server. Any thread.
public final class DvrStore {
  private static final Logger LOG = LoggerFactory.getLogger(DvrStore.class);

  private final Path directory;
  private final Duration most;
  private final long mostBytes;
  private final AtomicInteger users = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();

  private DvrStore(Path directory, Duration most, long mostBytes) {
    this.directory = directory;
    this.most = most;
    this.mostBytes = mostBytes;
  }

  /// Deletes what a server that was killed has left there.
  ///
  /// @param directory of its own; it is made when it is needed
  /// @param most how far viewers can go back
  /// @param mostBytes of all broadcasts together; each has an equal share
  public static DvrStore open(Path directory, Duration most, long mostBytes) {
    delete(directory);
    return new DvrStore(directory, most, mostBytes);
  }

  /// What there is on the disk now.
  public long bytes() {
    return bytes.get();
  }

  /// How many broadcasts gave it up because of the disk.
  public long failures() {
    return failures.get();
  }

  Duration most() {
    return most;
  }

  /// What one broadcast may have now.
  long shareBytes() {
    return mostBytes / Math.max(1, users.get());
  }

  /// A broadcast begins.
  ///
  /// @param id its folder's name
  Path enter(String id) {
    users.incrementAndGet();
    return directory.resolve(id);
  }

  /// It has ended, and nobody may watch it any more.
  void leave(Path folder, long itsBytes) {
    users.decrementAndGet();
    add(-itsBytes);
    delete(folder);
  }

  void add(long more) {
    bytes.addAndGet(more);
  }

  void failed() {
    failures.incrementAndGet();
  }

  private static void delete(Path directory) {
    if (Files.notExists(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      LOG.warn("what was kept of broadcasts stays in {}: {}", directory, e.toString());
    }
  }
}
