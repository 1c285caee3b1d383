package org.plenum.signaling;

import org.plenum.broadcast.live.Recording;
import org.plenum.broadcast.live.Recordings;
import org.plenum.signaling.recording.RoomRecordings;

/// Has the files of a recording that has ended brought to where such are kept, and passes on what
/// becomes of recordings. Any thread.
///
/// @param kept where they are
/// @param next is told
record EndedRecordings(RoomRecordings kept, Recordings.Listener next)
    implements Recordings.Listener {
  @Override
  public void onStarted(Recording recording) {
    next.onStarted(recording);
  }

  @Override
  public void onEnded(Recording recording) {
    kept.ended(recording.id());
    next.onEnded(recording);
  }
}
