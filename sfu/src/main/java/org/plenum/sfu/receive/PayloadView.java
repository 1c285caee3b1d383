package org.plenum.sfu.receive;

import java.lang.foreign.MemorySegment;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.rtp.Vp8Descriptor;

/// What the SFU has to know of a payload, whatever its codec: where frames and key frames begin, the
/// picture's size, and the numbers that are rewritten for each viewer. A reusable flyweight, one
/// thread. [#parse] may be told lies: what cannot be read is no start of anything.
public final class PayloadView {
  private final Vp8Descriptor vp8 = new Vp8Descriptor();

  private boolean frameStart;
  private boolean keyFrameStart;
  private boolean idrStart;
  private boolean parameterSets;
  private int width;
  private int height;
  private int pictureId;
  private int pictureIdBits;
  private int pictureIdOffset;
  private int tl0PicIdx;
  private int tl0PicIdxOffset;

  /// Reads a payload, padding excluded.
  public void parse(CodecName codec, MemorySegment slab, long offset, int length) {
    clear();
    switch (codec) {
      case OPUS -> {
        frameStart = true;
        keyFrameStart = true;
      }
      case VP8 -> parseVp8(slab, offset, length);
      case VP9, H264, H265, AV1 -> {}
    }
  }

  private void clear() {
    frameStart = false;
    keyFrameStart = false;
    idrStart = false;
    parameterSets = false;
    width = 0;
    height = 0;
    pictureId = -1;
    pictureIdBits = 0;
    pictureIdOffset = 0;
    tl0PicIdx = -1;
    tl0PicIdxOffset = 0;
  }

  private void parseVp8(MemorySegment slab, long offset, int length) {
    if (!vp8.parse(slab, offset, length)) {
      return;
    }
    frameStart = vp8.isFrameStart();
    keyFrameStart = vp8.isKeyFrameStart();
    width = vp8.width();
    height = vp8.height();
    pictureId = vp8.pictureId();
    pictureIdBits = vp8.pictureIdBits();
    pictureIdOffset = vp8.pictureIdOffset();
    tl0PicIdx = vp8.tl0PicIdx();
    tl0PicIdxOffset = vp8.tl0PicIdxOffset();
  }

  /// Whether a frame begins here; H264 and H265 do not say, for them it is whether one may.
  public boolean isFrameStart() {
    return frameStart;
  }

  /// Whether a key frame begins here, with all that a decoder needs.
  public boolean isKeyFrameStart() {
    return keyFrameStart;
  }

  /// H264 and H265: whether the first slice of a picture begins here that refers to no other; a
  /// decoder can start with it if it has the parameter sets.
  public boolean isIdrStart() {
    return idrStart;
  }

  /// H264 and H265: whether it carries a sequence parameter set.
  public boolean hasParameterSets() {
    return parameterSets;
  }

  /// Pixels, where a key frame begins and says so; else 0.
  public int width() {
    return width;
  }

  /// Pixels, where a key frame begins and says so; else 0.
  public int height() {
    return height;
  }

  /// -1 without one.
  public int pictureId() {
    return pictureId;
  }

  /// 7, 15, or 0 without a picture id.
  public int pictureIdBits() {
    return pictureIdBits;
  }

  /// Bytes from the payload's start.
  public int pictureIdOffset() {
    return pictureIdOffset;
  }

  /// -1 without one.
  public int tl0PicIdx() {
    return tl0PicIdx;
  }

  /// Bytes from the payload's start.
  public int tl0PicIdxOffset() {
    return tl0PicIdxOffset;
  }
}
