package org.plenum.broadcast.recording;

import java.util.List;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;

/// What is known of a track that is recorded.
///
/// @param parts its files, in order
/// @param leftOutNanos for how long something of it was left out because files would have begun
///     too often
public record RecordedTrack(
    TrackId track,
    ParticipantId publisher,
    TrackSource source,
    List<Part> parts,
    long leftOutNanos) {
  public RecordedTrack {
    parts = List.copyOf(parts);
  }

  /// A file of a track: another one begins where a decoder must be set up anew.
  ///
  /// @param codec with its profile and level, as RFC 6381 has it
  /// @param width in pixels; 0 of sound
  /// @param startNanos where it begins on the recording's time line
  /// @param lengthNanos from its first picture to the end of its last
  /// @param bytes without what may be appended to it at the end
  /// @param alignment places of it by its publisher's sender reports; where there is none yet, it
  ///     begins by the time of arrival
  public record Part(
      String file,
      String contentType,
      String codec,
      int width,
      int height,
      long startNanos,
      long lengthNanos,
      long bytes,
      List<Place> alignment) {
    public Part {
      alignment = List.copyOf(alignment);
    }
  }

  /// From here on, media time and the recording's time run alike.
  ///
  /// @param mediaNanos in the file
  /// @param timelineNanos on the recording's time line
  public record Place(long mediaNanos, long timelineNanos) {}
}
