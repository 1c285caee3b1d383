package org.plenum.sfu.room;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.forward.Track;

/// Lets tests of other packages see what is published in a room.
public final class RoomTracks {
  private RoomTracks() {}

  /// All tracks of a room, those of its other parts included.
  public static List<Track> of(Room room, long nowNanos) {
    var asked = new CompletableFuture<List<ParticipantDetails>>();
    room.handle(new RoomCommand.Participants(asked), nowNanos);
    List<Track> tracks = new ArrayList<>();
    for (ParticipantDetails each : asked.join()) {
      tracks.addAll(room.participant(each.id()).tracks().values());
    }
    return tracks;
  }
}
