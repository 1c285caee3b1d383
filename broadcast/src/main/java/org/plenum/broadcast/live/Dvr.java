package org.plenum.broadcast.live;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.hls.Past;
import org.plenum.broadcast.hls.PastBlock;
import org.plenum.broadcast.hls.Playlists;
import org.plenum.broadcast.hls.Rendition;
import org.plenum.broadcast.hls.Segment;
import org.plenum.broadcast.recording.RecordingEnd;
import org.plenum.sfu.RoomId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What viewers of one broadcast can go back to: its segments, on a disk. Each is written when it
/// is complete, and listed from there when it has left the memory. A disk that is full, slow or
/// gone ends that, and the broadcast goes on. The broadcast's thread only.
final class Dvr {
  private static final Logger LOG = LoggerFactory.getLogger(Dvr.class);

  /// A block that is listed no more, but served for clients with an older playlist: RFC 8216 §6.2.2
  /// asks for as long as the playlist was, so that all of it takes the place twice.
  ///
  /// @param untilTicks when it may go
  private record Leaving(PastBlock block, long untilTicks) {}

  /// What there is of one rendition.
  private static final class Kept {
    final Rendition rendition;
    final Past past;
    final Deque<Leaving> leaving = new ArrayDeque<>();

    /// Number of the segment after the last that the disk has.
    final AtomicLong onDisk = new AtomicLong();

    long nextToWrite;
    long initNumber = -1;

    /// Below which there are no initialization segments any more.
    long firstInit;

    /// Of what was ever listed at a time.
    long longestTicks;

    Kept(Rendition rendition, Past past) {
      this.rendition = rendition;
      this.past = past;
    }

    @Nullable PastBlock oldest() {
      Leaving first = leaving.peekFirst();
      return first == null ? past.first() : first.block();
    }
  }

  private final RoomId room;
  private final DvrStore store;
  private final Path folder;
  private final Instant zero;
  private final DiskQueue queue;
  private final Map<String, Kept> byFolder = new LinkedHashMap<>();
  private long bytes;
  private boolean failed;

  /// @param id of the broadcast
  /// @param zero the wall time of tick 0
  Dvr(RoomId room, String id, Instant zero, DvrStore store) {
    this.room = room;
    this.store = store;
    this.zero = zero;
    this.folder = store.enter(id);
    this.queue = new DiskQueue("dvr-" + room);
  }

  /// Keeps what is new of these, and lets go what is too old or too much.
  void update(List<Rendition> renditions, long nowNanos) {
    if (failed) {
      return;
    }
    long ticks = 0;
    for (Rendition rendition : renditions) {
      Kept kept =
          byFolder.computeIfAbsent(rendition.folder(), _ -> new Kept(rendition, new Past(zero)));
      write(kept);
      list(kept);
      ticks = Math.max(ticks, rendition.endTicks());
    }
    letGo(ticks);
    RecordingEnd failure = queue.failure(nowNanos);
    if (failure != null) {
      giveUp(failure.text());
    }
  }

  /// How far viewers can go back now; 0 if they cannot.
  long lengthNanos() {
    long ticks = 0;
    for (Kept kept : byFolder.values()) {
      PastBlock first = kept.past.first();
      if (first != null) {
        ticks = Math.max(ticks, kept.rendition.endTicks() - first.startTicks());
      }
    }
    return failed ? 0 : ticks * (1_000_000_000L / Segment.TICKS);
  }

  /// Whether it takes no more of the disk than its share as of now.
  boolean isWithinShare() {
    return bytes <= store.shareBytes();
  }

  /// What a playlist lists now.
  Rendition.Listing listing(Rendition rendition) {
    Kept kept = byFolder.get(rendition.folder());
    return failed || kept == null ? rendition.listing() : rendition.listing(kept.past);
  }

  /// The files as of now.
  DvrFiles files() {
    Map<String, DvrFiles.Range> ranges = new HashMap<>();
    if (!failed) {
      byFolder.forEach(
          (name, kept) -> {
            PastBlock oldest = kept.oldest();
            if (oldest != null) {
              ranges.put(
                  name,
                  new DvrFiles.Range(
                      oldest.number(),
                      kept.past.nextNumber(),
                      oldest.initNumber(),
                      kept.rendition.isSound()));
            }
          });
    }
    return new DvrFiles(folder, Map.copyOf(ranges));
  }

  /// Nobody may watch any more: deletes all. Blocks for the disk.
  void close() {
    if (!failed) {
      leave();
    }
  }

  private void leave() {
    queue.finish(() -> {});
    store.leave(folder, bytes);
  }

  private void write(Kept kept) {
    for (Rendition.Entry entry : kept.rendition.served()) {
      if (entry.number() < kept.nextToWrite) {
        continue;
      }
      Path directory = folder.resolve(kept.rendition.folder());
      if (entry.initNumber() != kept.initNumber) {
        kept.initNumber = entry.initNumber();
        Path init = directory.resolve(kept.initNumber + Playlists.INIT_SUFFIX);
        put(init, entry.segment().init().bytes());
      }
      put(directory.resolve(Playlists.segmentFile(entry.number())), entry.segment().bytes());
      kept.nextToWrite = entry.number() + 1;
      long next = kept.nextToWrite;
      queue.put(0, () -> kept.onDisk.set(next));
      count(entry.segment().bytes().length);
    }
  }

  private void put(Path file, byte[] content) {
    queue.put(
        content.length,
        () -> {
          Files.createDirectories(file.toAbsolutePath().resolveSibling(""));
          Files.write(file, content);
        });
  }

  /// What has left the memory's playlist is listed from the disk.
  private void list(Kept kept) {
    List<Rendition.Entry> listed = kept.rendition.listed();
    if (listed.isEmpty()) {
      return;
    }
    long until = Math.min(kept.onDisk.get(), listed.getFirst().number());
    for (Rendition.Entry entry : kept.rendition.served()) {
      if (entry.number() == kept.past.nextNumber() && entry.number() < until) {
        kept.past.add(entry);
      }
    }
    if (kept.past.nextNumber() < kept.rendition.served().getFirst().number()) {
      giveUp("the disk is too slow");
    }
  }

  /// What is too old is listed no more, and so is what leaves no place for as much that is on its
  /// way out.
  private void letGo(long nowTicks) {
    long beforeTicks = nowTicks - store.most().toSeconds() * Segment.TICKS;
    // Those in memory too, which will be.
    long listedBytes = bytes;
    // They leave a block at a time.
    long blockBytes = 0;
    for (Kept kept : byFolder.values()) {
      PastBlock first = kept.past.first();
      if (first != null) {
        kept.longestTicks = Math.max(kept.longestTicks, nowTicks - first.startTicks());
        blockBytes += first.bytes();
      }
      while (first != null && first.endTicks() < beforeTicks) {
        unlist(kept, first, nowTicks);
        first = kept.past.first();
      }
      listedBytes -= kept.leaving.stream().mapToLong(leaving -> leaving.block().bytes()).sum();
    }
    Kept longest = oldest(kept -> kept.past.first());
    while (longest != null && 2 * (listedBytes + blockBytes) > store.shareBytes()) {
      listedBytes -= unlist(longest, Objects.requireNonNull(longest.past.first()), nowTicks);
      longest = oldest(kept -> kept.past.first());
    }
    for (Kept kept : byFolder.values()) {
      Leaving first = kept.leaving.peekFirst();
      while (first != null && first.untilTicks() <= nowTicks) {
        forget(kept, kept.leaving.removeFirst().block());
        first = kept.leaving.peekFirst();
      }
    }
    while (bytes > store.shareBytes() && !failed) {
      dropOldest(nowTicks);
    }
  }

  /// There is less place than there was, or more is written: clients with an older playlist may not
  /// find what it names.
  private void dropOldest(long nowTicks) {
    Kept oldest = oldest(Kept::oldest);
    if (oldest == null) {
      giveUp("it may not have as many bytes as two segments take");
      return;
    }
    PastBlock first = oldest.past.first();
    if (oldest.leaving.isEmpty() && first != null) {
      unlist(oldest, first, nowTicks);
    }
    forget(oldest, oldest.leaving.removeFirst().block());
  }

  /// The rendition that has the oldest of these; null if there is none.
  private @Nullable Kept oldest(Function<Kept, @Nullable PastBlock> which) {
    Kept found = null;
    long foundTicks = Long.MAX_VALUE;
    for (Kept kept : byFolder.values()) {
      PastBlock its = which.apply(kept);
      if (its != null && its.endTicks() < foundTicks) {
        found = kept;
        foundTicks = its.endTicks();
      }
    }
    return found;
  }

  /// @return its bytes
  private static long unlist(Kept kept, PastBlock first, long nowTicks) {
    kept.past.removeFirst();
    kept.leaving.add(new Leaving(first, nowTicks + Rendition.stayTicks(kept.longestTicks)));
    return first.bytes();
  }

  private void forget(Kept kept, PastBlock block) {
    Path directory = folder.resolve(kept.rendition.folder());
    PastBlock next = kept.oldest();
    long firstInit = next == null ? block.lastInitNumber() : next.initNumber();
    long before = kept.firstInit;
    kept.firstInit = firstInit;
    queue.put(
        DiskQueue.LITTLE,
        () -> {
          for (long number = block.number(); number < block.nextNumber(); number++) {
            Files.deleteIfExists(directory.resolve(Playlists.segmentFile(number)));
          }
          for (long init = before; init < firstInit; init++) {
            Files.deleteIfExists(directory.resolve(init + Playlists.INIT_SUFFIX));
          }
        });
    count(-block.bytes());
  }

  private void count(long more) {
    bytes += more;
    store.add(more);
  }

  private void giveUp(String why) {
    if (!failed) {
      failed = true;
      store.failed();
      LOG.atWarn()
          .addKeyValue("room", room)
          .log("viewers of the broadcast cannot go back any more: {}", why);
      // Others may need the place.
      Thread.ofVirtual().name("dvr-end-" + room).start(this::leave);
    }
  }
}
