package org.plenum.sfu.allocation;

/// What a track can be forwarded as: an encoding of simulcast, or a temporal or spatial layer
/// together with all that it depends on.
///
/// @param bitrateBps what forwarding it costs, smoothed over a second or so; of a layer that is
///     switched off at its publisher, what it is expected to cost, or the least that its publisher
///     can be asked to begin with
/// @param wholeBps what it would cost if bandwidth were no matter
/// @param height of the picture in pixels; 0 while unknown
/// @param framesPerSecond 0 while unknown
public record LayerOffer(int bitrateBps, int wholeBps, int height, int framesPerSecond) {
  public LayerOffer {
    if (bitrateBps < 0 || wholeBps < bitrateBps || height < 0 || framesPerSecond < 0) {
      throw new IllegalStateException(
          "expected no negative numbers and no part above the whole, got "
              + (bitrateBps
                  + " of "
                  + wholeBps
                  + " bit/s, height "
                  + height
                  + ", "
                  + framesPerSecond
                  + " frames/s"));
    }
  }

  /// One that costs the same in any case.
  public LayerOffer(int bitrateBps, int height, int framesPerSecond) {
    this(bitrateBps, bitrateBps, height, framesPerSecond);
  }
}
