package org.plenum.signaling.recording;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RoomId;

/// A recording that the server makes, or made, as it stands now. Any thread.
public final class RoomRecording {
  private final RecordingId id;
  private final RoomId room;
  private final Instant created;
  private final AtomicLong bytes = new AtomicLong();
  private volatile double seconds;
  private volatile int tracks;
  private volatile @Nullable String end;

  /// Where its files are; guarded by this.
  private RecordingPlace place;

  /// Guarded by this.
  private boolean gone;

  RoomRecording(RecordingId id, RoomId room, Instant created, RecordingPlace place) {
    this.place = place;
    this.id = id;
    this.room = room;
    this.created = created;
  }

  public RecordingId id() {
    return id;
  }

  public RoomId room() {
    return room;
  }

  public Instant created() {
    return created;
  }

  /// Of all its files.
  public long bytes() {
    return bytes.get();
  }

  /// How long it is.
  public double seconds() {
    return seconds;
  }

  /// How many tracks it has.
  public int tracks() {
    return tracks;
  }

  /// Why it ended, as its manifest says; null while it goes on or is mended.
  public @Nullable String end() {
    return end;
  }

  synchronized RecordingPlace place() {
    return place;
  }

  /// @return false if it was deleted
  synchronized boolean moveTo(RecordingPlace other) {
    if (!gone) {
      place = other;
    }
    return !gone;
  }

  /// It is about to be deleted: it moves no more.
  ///
  /// @return where from
  synchronized RecordingPlace leave() {
    gone = true;
    return place;
  }

  /// It could not be deleted.
  synchronized void stay() {
    gone = false;
  }

  synchronized boolean isGone() {
    return gone;
  }

  void add(long more) {
    bytes.addAndGet(more);
  }

  void update(double itsSeconds, int itsTracks, @Nullable String itsEnd) {
    seconds = itsSeconds;
    tracks = itsTracks;
    end = itsEnd;
  }
}
