package org.plenum.signaling.recording;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A complete recording on the disk that is to go to the bucket. Any thread.
interface Parcel {
  /// One of its files.
  ///
  /// @param name that it has in the bucket
  record Content(String name, Path file) {}

  RecordingId recording();

  /// Its files; the one that says what the others are comes last. They do not change any more.
  List<Content> contents() throws IOException;

  /// Whether it was deleted meanwhile.
  boolean isGone();

  /// All of it is in the bucket: it is read there from now on, and goes from the disk.
  ///
  /// @return false if it was deleted meanwhile
  boolean arrived();
}
