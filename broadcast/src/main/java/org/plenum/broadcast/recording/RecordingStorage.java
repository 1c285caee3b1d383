package org.plenum.broadcast.recording;

import java.io.IOException;

/// Keeps the files of one recording. Called by one thread, and may block; an IOException ends the
/// recording, and what was kept before stays.
public interface RecordingStorage {
  /// Adds to a file, which is made if there is none.
  ///
  /// @throws NoPlaceException if there may be no more bytes
  void append(String file, byte[] bytes) throws IOException;

  /// Gives a part of a file other content.
  void patch(String file, long at, byte[] bytes) throws IOException;

  /// Nothing more will come for this file.
  void close(String file) throws IOException;

  /// Keeps what is known by now. When this returns, all that came before lasts, whatever happens to
  /// the machine.
  ///
  /// @param known the last time with an end
  void keep(RecordedRoom known) throws IOException;

  /// It ended because of this storage or of a fault, and some of its files may have no end: makes
  /// the best of them.
  /// Called after the last [#keep].
  void mend(RecordingEnd end) throws IOException;

  /// Nothing more will be done to it, and it has an end.
  void done();

  /// There may be no more bytes: a bound of ours, not of the disk.
  final class NoPlaceException extends IOException {
    private static final long serialVersionUID = 1L;

    public NoPlaceException(String message) {
      super(message);
    }
  }
}
