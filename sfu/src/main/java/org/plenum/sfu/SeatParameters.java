package org.plenum.sfu;

import org.jspecify.annotations.Nullable;

/// Slots that belong together: one participant's picture and sound. Audio slots in no seat are
/// extra ones, for the loudest of those who have no seat.
///
/// @param seat the client's number for it, 0 to 255
public record SeatParameters(int seat, @Nullable Mid audio, @Nullable Mid video) {
  public SeatParameters {
    if (seat < 0 || seat > 255) {
      throw new IllegalArgumentException("seat must be 0 to 255, not " + seat);
    }
    if (audio == null && video == null) {
      throw new IllegalArgumentException("seat " + seat + " has neither an audio nor a video slot");
    }
  }
}
