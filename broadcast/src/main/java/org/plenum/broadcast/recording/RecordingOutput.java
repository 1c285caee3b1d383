package org.plenum.broadcast.recording;

/// Where a recording's files go. Calls return at once; what the disk does not take ends the
/// recording.
public interface RecordingOutput {
  /// Adds to a file, which is made if there is none.
  ///
  /// @param file its name; not a path
  /// @param bytes not to be changed any more
  void append(String file, byte[] bytes);

  /// Gives a part of a file other content.
  void patch(String file, long at, byte[] bytes);

  /// Nothing more will come for this file.
  void close(String file);
}
