package org.plenum.sfu.rtp;

/// The size of a picture in pixels, or 0 by 0 where nothing says. A reusable flyweight; one thread.
final class PictureSize {
  /// More than any level of H.264 and H.265 allows, and as much as VP9 and AV1 can say.
  private static final int MAX_SIDE = 1 << 16;

  private int width;
  private int height;

  void clear() {
    width = 0;
    height = 0;
  }

  /// Returns false, with the size as it was, if a side is not 1 to 65 536.
  boolean set(long width, long height) {
    if (width < 1 || width > MAX_SIDE || height < 1 || height > MAX_SIDE) {
      return false;
    }
    this.width = (int) width;
    this.height = (int) height;
    return true;
  }

  /// Sets a size of which `bits` say next what is cut off at the left, right, top and bottom, in
  /// units of the given pixels, as H.264 and H.265 have it in common. Returns false, with the size
  /// as it was, if nothing is left.
  boolean setCropped(long width, long height, BitReader bits, int unitWidth, int unitHeight) {
    long across = (long) bits.unsignedExpGolomb() + bits.unsignedExpGolomb();
    long down = (long) bits.unsignedExpGolomb() + bits.unsignedExpGolomb();
    return !bits.isExhausted() && set(width - unitWidth * across, height - unitHeight * down);
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }
}
