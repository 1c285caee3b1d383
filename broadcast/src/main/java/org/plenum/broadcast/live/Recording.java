package org.plenum.broadcast.live;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.recording.RecordedRoom;
import org.plenum.broadcast.recording.RecordedTrack;
import org.plenum.broadcast.recording.RecordingEnd;
import org.plenum.broadcast.recording.RecordingEnd.Reason;
import org.plenum.broadcast.recording.RecordingStorage;
import org.plenum.broadcast.recording.RoomRecorder;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomTap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// One room's recording on the server. Its thread reads the tap and hands files to the storage's
/// thread; any thread may ask about it or stop it.
public final class Recording {
  private static final Logger LOG = LoggerFactory.getLogger(Recording.class);

  /// How often the tap is read: several times in a picture.
  private static final long LOOK_NANOS = 10_000_000L;

  /// How often what is known is kept.
  private static final long KEEP_NANOS = 2_000_000_000L;

  /// Longer ones would be hard to use.
  private static final long MOST_NANOS = 12L * 3_600 * 1_000_000_000L;

  /// Packets that are read before it is decided what is due.
  private static final int MOST_AT_ONCE = 4_096;

  private final RoomId room;
  private final String id;
  private final RoomTap tap;
  private final StorageQueue storage;
  private final Instant started;
  private final long zeroNanos;
  private final CountDownLatch done = new CountDownLatch(1);

  // Its own thread only.
  private @Nullable RecordedRoom kept;
  private final Set<ParticipantId> leftOutTold = new HashSet<>();

  private volatile @Nullable RecordingEnd wish;
  private volatile @Nullable RecordingEnd end;
  private volatile long bytes;

  /// @param id names it; another for each
  /// @param tap not yet read by anybody
  Recording(RoomId room, String id, RoomTap tap, RecordingStorage storage) {
    this.room = room;
    this.id = id;
    this.tap = tap;
    this.started = Instant.now();
    this.zeroNanos = System.nanoTime();
    this.storage = new StorageQueue(storage, "recording-disk-" + room);
  }

  /// @param onEnded called once, on its thread
  void start(Consumer<Recording> onEnded) {
    Thread.ofVirtual()
        .name("recording-" + room)
        .start(
            () -> {
              try {
                run();
              } finally {
                onEnded.accept(this);
                done.countDown();
              }
            });
  }

  public RoomId room() {
    return room;
  }

  public String id() {
    return id;
  }

  public Instant started() {
    return started;
  }

  /// Of its media so far.
  public long bytes() {
    return bytes;
  }

  /// Null while it goes on.
  public @Nullable RecordingEnd end() {
    return end;
  }

  /// Whether something has ended it, or will in a moment.
  boolean isEnding() {
    return tap.isClosed() || tap.isEnded();
  }

  /// Ends it, and waits until all is kept. Idempotent.
  public void stop(Reason reason) {
    if (wish == null) {
      wish = new RecordingEnd(reason, "");
    }
    tap.close();
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    LOG.atInfo().addKeyValue("room", room).log("the recording {} begins", id);
    var recorder = new RoomRecorder(zeroNanos, storage);
    RecordingEnd why = new RecordingEnd(Reason.FAULT, "the server failed");
    try {
      why = follow(recorder);
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("room", room).setCause(e).log("the recording failed");
    }
    RecordedRoom all;
    try {
      recorder.end();
      all = known(recorder, why);
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("room", room).setCause(e).log("the recording did not end well");
      why = new RecordingEnd(Reason.FAULT, "the server failed");
      all = lastKnown(why);
    }
    tap.close();
    storage.finish(all);
    RecordingEnd failure = storage.failure(System.nanoTime());
    RecordingEnd its = failure == null ? why : failure;
    end = its;
    LOG.atLevel(its.reason().isIntended() ? Level.INFO : Level.WARN)
        .addKeyValue("room", room)
        .log("the recording {} has ended: {} {}", id, its.reason(), its.text());
  }

  /// Until something ends it.
  private RecordingEnd follow(RoomRecorder recorder) {
    long keptNanos = zeroNanos - KEEP_NANOS;
    while (true) {
      long now = System.nanoTime();
      RecordingEnd why = reason(recorder, now);
      if (why != null) {
        return why;
      }
      tap.read(MOST_AT_ONCE, packet -> recorder.onPacket(packet, now));
      recorder.onTimeout(tap.streams(), tap.speakers(), now);
      if (now - keptNanos >= KEEP_NANOS) {
        keptNanos = now;
        kept = known(recorder, null);
        storage.keep(kept);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private @Nullable RecordingEnd reason(RoomRecorder recorder, long nowNanos) {
    RecordingEnd failure = storage.failure(nowNanos);
    if (failure != null) {
      return failure;
    }
    if (tap.isClosed()) {
      return Objects.requireNonNullElse(wish, new RecordingEnd(Reason.STOPPED, ""));
    }
    if (tap.isEnded()) {
      return new RecordingEnd(Reason.ROOM_CLOSED, "");
    }
    if (nowNanos - zeroNanos > MOST_NANOS) {
      return new RecordingEnd(
          Reason.TOO_LONG, "a recording takes at most " + MOST_NANOS / 3_600_000_000_000L + " h");
    }
    if (recorder.isFull()) {
      return new RecordingEnd(
          Reason.TOO_LONG, "a recording has at most " + RoomRecorder.MOST_PARTS + " files");
    }
    return null;
  }

  /// What was kept last.
  private RecordedRoom lastKnown(RecordingEnd why) {
    RecordedRoom last = kept;
    return last == null
        ? new RecordedRoom(id, room, started, 0, why, List.of())
        : new RecordedRoom(id, room, started, last.lengthNanos(), why, last.tracks());
  }

  private RecordedRoom known(RoomRecorder recorder, @Nullable RecordingEnd why) {
    long now = System.nanoTime();
    var tracks = recorder.tracks(now);
    tracks.forEach(this::tellLeftOut);
    bytes =
        tracks.stream()
            .flatMap(track -> track.parts().stream())
            .mapToLong(RecordedTrack.Part::bytes)
            .sum();
    return new RecordedRoom(id, room, started, now - zeroNanos, why, tracks);
  }

  /// Once for each publisher.
  private void tellLeftOut(RecordedTrack track) {
    if (track.leftOutNanos() > 0 && leftOutTold.add(track.publisher())) {
      LOG.atWarn()
          .addKeyValue("room", room)
          .addKeyValue("participant", track.publisher())
          .log("the recording {} leaves out some of a track that changes too often", id);
    }
  }
}
