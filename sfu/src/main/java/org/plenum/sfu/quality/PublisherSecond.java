package org.plenum.sfu.quality;

/// A second of a track on its way from its publisher to the server.
///
/// @param expectedPackets by sequence numbers (RFC 3550 §A.3)
/// @param lostPackets of these, those that did not come at first
/// @param unrepairedPackets of these, those that did not come by retransmission either
/// @param jitterMillis interarrival jitter (RFC 3550 §A.8)
/// @param expectedFrames what the camera or screen gives in a second; 0 for sound, while muted and
///     if unknown
/// @param arrivedFrames of the layer that is forwarded
/// @param limitation what the publisher's encoder says it is held back by
/// @param keyFrameWaitMillis how long a key frame that was asked for had not come within the second
/// @param fullHeight of the picture that it would send if nothing held it back, in pixels; 0 for
///     sound and if unknown
/// @param sentHeight of the largest picture that it does send
public record PublisherSecond(
    int expectedPackets,
    int lostPackets,
    int unrepairedPackets,
    double jitterMillis,
    int expectedFrames,
    int arrivedFrames,
    Limitation limitation,
    int keyFrameWaitMillis,
    int fullHeight,
    int sentHeight) {
  /// A second without fault.
  public static final PublisherSecond CLEAN =
      new PublisherSecond(100, 0, 0, 0, 0, 0, Limitation.NONE, 0, 0, 0);

  /// `qualityLimitationReason` of the publisher's statistics (W3C webrtc-stats); [#NONE] if it does
  /// not tell.
  public enum Limitation {
    NONE,
    CPU,
    BANDWIDTH
  }

  /// 0 to 1.
  double lossBeforeRepair() {
    return Fractions.of(lostPackets, expectedPackets);
  }

  /// What never came, 0 to 1.
  public double lossAfterRepair() {
    return Fractions.of(unrepairedPackets, expectedPackets);
  }

  /// 0 to 1.
  double missingFrames() {
    return Fractions.of(expectedFrames - arrivedFrames, expectedFrames);
  }
}
