package org.plenum.sfu;

/// What a viewer wants to see in one seat.
///
/// @param screen whether the participant's screen share is meant, not camera and microphone
/// @param maxHeight pixels of the picture on the page, 0 if it is not shown (sound only)
public record SeatView(int seat, ParticipantId participant, boolean screen, int maxHeight) {
  public SeatView {
    if (maxHeight < 0 || maxHeight > 8192) {
      throw new IllegalArgumentException("maxHeight must be 0 to 8192, not " + maxHeight);
    }
  }
}
