package org.plenum.signaling;

import org.plenum.broadcast.live.Recording;
import org.plenum.broadcast.live.Recordings;
import org.plenum.broadcast.recording.RecordingEnd;
import org.plenum.signaling.data.NotStoredException;
import org.plenum.signaling.recording.RoomRecordings;
import org.plenum.signaling.session.OpenRoom;
import org.plenum.signaling.session.Rooms;

/// Has the files of a recording that has ended brought to where such are kept, and passes on what
/// becomes of recordings. One that could not go on is not begun again with its room. Any thread.
///
/// @param kept where they are
/// @param next is told
record EndedRecordings(RoomRecordings kept, Rooms rooms, Recordings.Listener next)
    implements Recordings.Listener {
  @Override
  public void onStarted(Recording recording) {
    next.onStarted(recording);
  }

  @Override
  public void onEnded(Recording recording) {
    kept.ended(recording.id());
    next.onEnded(recording);
    RecordingEnd end = recording.end();
    OpenRoom room = rooms.find(recording.room());
    if (room != null && end != null && !end.reason().isIntended()) {
      giveUp(room);
    }
  }

  private void giveUp(OpenRoom room) {
    try {
      rooms.egress(room, egress -> egress.recording(false));
    } catch (NotStoredException e) {
      // logged; a restart tries again
    }
  }
}
