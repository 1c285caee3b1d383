package org.plenum.sfu.receive;

import java.lang.foreign.MemorySegment;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.rtp.Av1Payload;
import org.plenum.sfu.rtp.H264Payload;
import org.plenum.sfu.rtp.H265Payload;
import org.plenum.sfu.rtp.Vp8Descriptor;
import org.plenum.sfu.rtp.Vp9Descriptor;

/// What the SFU has to know of a payload, whatever its codec: where frames and key frames begin,
/// the picture's size, and the numbers that are rewritten for each viewer. A reusable flyweight,
/// one thread. [#parse] may be given anything: where it cannot be read, nothing begins.
public final class PayloadView {
  private final Vp8Descriptor vp8 = new Vp8Descriptor();
  private final Vp9Descriptor vp9 = new Vp9Descriptor();
  private final H264Payload h264 = new H264Payload();
  private final H265Payload h265 = new H265Payload();
  private final Av1Payload av1 = new Av1Payload();

  private boolean understood;
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
  private long layers;

  /// Reads a payload, padding excluded, and what its codec says of layers.
  public void parse(
      CodecName codec, MemorySegment slab, long offset, int length, LayerReader reader) {
    parse(codec, slab, offset, length);
    if (codec == CodecName.VP8 && understood) {
      layers = reader.read(vp8);
    } else if (codec == CodecName.VP9 && understood) {
      layers = reader.read(vp9);
    }
  }

  /// Reads a payload, padding excluded.
  public void parse(CodecName codec, MemorySegment slab, long offset, int length) {
    clear();
    switch (codec) {
      case OPUS -> {
        frameStart = true;
        keyFrameStart = true;
      }
      case VP8 -> parseVp8(slab, offset, length);
      case VP9 -> parseVp9(slab, offset, length);
      case H264 -> parseH264(slab, offset, length);
      case H265 -> parseH265(slab, offset, length);
      case AV1 -> parseAv1(slab, offset, length);
    }
  }

  private void clear() {
    understood = false;
    layers = FrameLayers.NONE;
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
    understood = vp8.parse(slab, offset, length);
    if (!understood) {
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

  private void parseVp9(MemorySegment slab, long offset, int length) {
    understood = vp9.parse(slab, offset, length);
    if (!understood) {
      return;
    }
    frameStart = vp9.isFrameStart();
    keyFrameStart = vp9.isKeyFrameStart();
    if (keyFrameStart) {
      readVp9Size();
    }
    pictureId = vp9.pictureId();
    pictureIdBits = vp9.pictureIdBits();
    pictureIdOffset = vp9.pictureIdOffset();
    tl0PicIdx = vp9.tl0PicIdx();
    tl0PicIdxOffset = vp9.tl0PicIdxOffset();
  }

  /// The top spatial layer's size. The frame at hand is the lowest one, so it tells only where
  /// there is no other.
  private void readVp9Size() {
    int top = vp9.spatialLayerCount() - 1;
    if (top >= 0) {
      width = vp9.width(top);
      height = vp9.height(top);
    }
    if (top <= 0 && height == 0) {
      width = vp9.frameWidth();
      height = vp9.frameHeight();
    }
  }

  private void parseH264(MemorySegment slab, long offset, int length) {
    if (h264.parse(slab, offset, length)) {
      frameStart = h264.mayStartAccessUnit();
      parameterSets = h264.hasParameterSets();
      keyFrameStart = parameterSets;
      idrStart = h264.startsIdr();
      width = h264.width();
      height = h264.height();
    }
  }

  private void parseH265(MemorySegment slab, long offset, int length) {
    if (h265.parse(slab, offset, length)) {
      frameStart = h265.mayStartAccessUnit();
      parameterSets = h265.hasParameterSets();
      keyFrameStart = parameterSets;
      idrStart = h265.startsIrap();
      width = h265.width();
      height = h265.height();
    }
  }

  /// A coded video sequence begins with its sequence header, in the same packet or, if that was
  /// split, in those that follow.
  private void parseAv1(MemorySegment slab, long offset, int length) {
    if (av1.parse(slab, offset, length)) {
      frameStart = av1.isFrameStart();
      keyFrameStart = av1.startsCodedVideoSequence();
      width = keyFrameStart ? av1.width() : 0;
      height = keyFrameStart ? av1.height() : 0;
    }
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

  /// Which layers within its stream the payload belongs to by its codec's own descriptor:
  /// [FrameLayers]; [FrameLayers#NONE] unless it was parsed with a [LayerReader].
  public long layers() {
    return layers;
  }
}
