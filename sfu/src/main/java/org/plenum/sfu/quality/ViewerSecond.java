package org.plenum.sfu.quality;

/// A second of a track on its way from the server to a viewer, and on the viewer's page.
///
/// @param fractionLost as the viewer reports it (RFC 3550 §6.4.1), 0 to 1: of what the publisher
///     sent, as numbers that are missing at the server are missing at the viewer too
/// @param jitterMillis as the viewer reports it
/// @param roundTripMillis server to viewer and back; 0 while unknown
/// @param nacks packets that the viewer asked for again
/// @param wantedHeight of the picture that the viewer would get with more bandwidth; 0 for sound
/// @param givenHeight of the picture that it gets; 0 if the slot is paused for want of bandwidth
/// @param wantedFrames pictures a second that it would get with more bandwidth; 0 if unknown
/// @param givenFrames pictures a second that it gets
/// @param queueMillis how long its packets wait in the pacer for its link
/// @param freezeMillis how long the picture stood still, or sound was concealed, as the page
///     says; 0 if it does not
/// @param receivedFrames as the page says; 0 if it does not
/// @param shownFrames of these, those that were decoded and rendered
public record ViewerSecond(
    double fractionLost,
    double jitterMillis,
    double roundTripMillis,
    int nacks,
    int wantedHeight,
    int givenHeight,
    int wantedFrames,
    int givenFrames,
    int queueMillis,
    int freezeMillis,
    int receivedFrames,
    int shownFrames) {
  /// A second without fault.
  public static final ViewerSecond CLEAN = new ViewerSecond(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /// 0 to 1.
  double loss() {
    return Fractions.clamp(fractionLost);
  }

  /// 0 to 1.
  double droppedFrames() {
    return Fractions.of(receivedFrames - shownFrames, receivedFrames);
  }
}
