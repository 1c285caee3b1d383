package org.plenum.signaling.recording;

import java.io.IOException;

/// Where the files of complete recordings lie. Any thread; blocks.
interface RecordingPlace {
  /// Opens a file of a recording.
  ///
  /// @throws java.nio.file.NoSuchFileException if it is not there
  StoredFile open(RecordingId recording, String name) throws IOException;

  /// Deletes a recording with all its files; nothing needs to be there. What says what they are
  /// goes last: without it nobody would find the rest again.
  void delete(RecordingId recording) throws IOException;
}
