package org.plenum.sfu;

/// What a viewer wants to see in one seat.
///
/// @param screen whether the participant's screen share is meant, not camera and microphone
/// @param maxHeight pixels of the picture on the page, 0 if it is not shown (sound only)
/// @param maxFramerate pictures a second that are worth while there, 1 to [#ANY_FRAMERATE]
public record SeatView(
    int seat, ParticipantId participant, boolean screen, int maxHeight, int maxFramerate) {
  /// As many as there are.
  public static final int ANY_FRAMERATE = 1_000;

  public SeatView {
    if (maxHeight < 0 || maxHeight > 8192) {
      throw new IllegalArgumentException("maxHeight must be 0 to 8192, not " + maxHeight);
    }
    if (maxFramerate < 1 || maxFramerate > ANY_FRAMERATE) {
      throw new IllegalArgumentException("maxFramerate must be 1 to 1000, not " + maxFramerate);
    }
  }

  /// At any rate of pictures.
  public SeatView(int seat, ParticipantId participant, boolean screen, int maxHeight) {
    this(seat, participant, screen, maxHeight, ANY_FRAMERATE);
  }
}
