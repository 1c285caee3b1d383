package org.plenum.broadcast.recording;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RoomId;

/// What is known of a recording: with it, its files can be played together.
///
/// @param id names it
/// @param started the wall time at which its time line begins
/// @param lengthNanos so far
/// @param end null while it goes on
public record RecordedRoom(
    String id,
    RoomId room,
    Instant started,
    long lengthNanos,
    @Nullable RecordingEnd end,
    List<RecordedTrack> tracks) {
  public RecordedRoom {
    tracks = List.copyOf(tracks);
  }
}
