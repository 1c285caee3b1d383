package org.plenum.sfu.rtp;

import static org.plenum.sfu.rtp.NetworkOrder.u16;
import static org.plenum.sfu.rtp.NetworkOrder.u8;

import java.lang.foreign.MemorySegment;

/// View of a VP9 payload descriptor (RFC 9628 §4.2), flexible and non-flexible mode. A reusable
/// flyweight; one thread.
///
/// A *frame* is one spatial layer's share of a *picture*; a picture's frames have one RTP timestamp
/// and one picture id.
public final class Vp9Descriptor {
  // First byte.
  private static final int I = 0x80;
  private static final int P = 0x40;
  private static final int L = 0x20;
  private static final int F = 0x10;
  private static final int B = 0x08;
  private static final int E = 0x04;
  private static final int V = 0x02;
  private static final int Z = 0x01;
  // First byte of the picture id: 15 bits instead of 7.
  private static final int M = 0x80;
  // Layer indices: TID (3 bits), U, SID (3 bits), D.
  private static final int U = 0x10;
  private static final int D = 0x01;
  // Reference index: P_DIFF (7 bits), N: another one follows.
  private static final int N = 0x01;

  /// RFC 9628 §4.2: in flexible mode a picture refers to at most three others.
  private static final int MAX_REFERENCES = 3;

  private int flags;
  private int length;
  private int pictureId;
  private int pictureIdBits;
  private int pictureIdOffset;
  private int layerIndices;
  private int tl0PicIdx;
  private int tl0PicIdxOffset;
  private int referenceCount;
  private final int[] references = new int[MAX_REFERENCES];
  private final Vp9ScalabilityStructure structure = new Vp9ScalabilityStructure();
  private final Vp9FrameHeader frameHeader = new Vp9FrameHeader();
  private final PictureSize frameSize = new PictureSize();

  /// Returns false if the payload is too short for what its flags announce, contradicts RFC 9628,
  /// or ends with the descriptor: a packet carries at least a byte of the frame.
  public boolean parse(MemorySegment slab, long payloadOffset, int payloadLength) {
    pictureId = -1;
    pictureIdBits = 0;
    layerIndices = -1;
    tl0PicIdx = -1;
    referenceCount = 0;
    structure.clear();
    frameSize.clear();
    if (payloadLength < 2) {
      return false;
    }
    flags = u8(slab, payloadOffset);
    if ((flags & (F | I)) == F) { // §4.2: flexible mode needs picture ids
      return false;
    }
    length = 1;
    if (!parsePictureId(slab, payloadOffset, payloadLength)
        || !parseLayerIndices(slab, payloadOffset, payloadLength)
        || !parseReferences(slab, payloadOffset, payloadLength)
        || !parseStructure(slab, payloadOffset, payloadLength)
        || length >= payloadLength) {
      return false;
    }
    if (isKeyFrameStart()) {
      frameHeader.parse(slab, payloadOffset + length, payloadLength - length, frameSize);
    }
    return true;
  }

  private boolean parsePictureId(MemorySegment slab, long payloadOffset, int payloadLength) {
    if ((flags & I) == 0) {
      return true;
    }
    if (length + 2 > payloadLength) { // a 7-bit id and a byte of the frame, or a 15-bit id
      return false;
    }
    pictureIdOffset = length;
    int first = u8(slab, payloadOffset + length);
    boolean isLong = (first & M) != 0;
    pictureIdBits = isLong ? 15 : 7;
    pictureId = isLong ? u16(slab, payloadOffset + length) & 0x7FFF : first;
    length += isLong ? 2 : 1;
    return true;
  }

  private boolean parseLayerIndices(MemorySegment slab, long payloadOffset, int payloadLength) {
    if ((flags & L) == 0) {
      return true;
    }
    int bytes = (flags & F) != 0 ? 1 : 2;
    if (length + bytes > payloadLength) {
      return false;
    }
    layerIndices = u8(slab, payloadOffset + length);
    if (bytes == 2) { // TL0PICIDX follows in non-flexible mode only
      tl0PicIdxOffset = length + 1;
      tl0PicIdx = u8(slab, payloadOffset + tl0PicIdxOffset);
    }
    length += bytes;
    return true;
  }

  private boolean parseReferences(MemorySegment slab, long payloadOffset, int payloadLength) {
    boolean another = (flags & (P | F)) == (P | F);
    while (another) {
      if (length >= payloadLength || referenceCount == MAX_REFERENCES) {
        return false;
      }
      int index = u8(slab, payloadOffset + length++);
      references[referenceCount++] = index >> 1;
      another = (index & N) != 0;
    }
    return true;
  }

  private boolean parseStructure(MemorySegment slab, long payloadOffset, int payloadLength) {
    if ((flags & V) == 0) {
      return true;
    }
    int bytes = structure.parse(slab, payloadOffset + length, payloadLength - length);
    length += bytes;
    return bytes > 0;
  }

  /// Bytes of the descriptor.
  public int length() {
    return length;
  }

  /// First packet of a frame, that is of one spatial layer (B).
  public boolean isFrameStart() {
    return (flags & B) != 0;
  }

  /// Last packet of a frame, that is of one spatial layer (E). The RTP marker ends the picture.
  public boolean isFrameEnd() {
    return (flags & E) != 0;
  }

  /// First packet of a key picture: B, no prediction from other pictures, the lowest spatial layer
  /// or none named.
  public boolean isKeyFrameStart() {
    return (flags & (B | P)) == B && spatialLayer() <= 0;
  }

  /// The frame is predicted from other pictures (P).
  public boolean isInterPicturePredicted() {
    return (flags & P) != 0;
  }

  /// The frame is predicted from a lower spatial layer of its own picture (D).
  public boolean isInterLayerPredicted() {
    return layerIndices >= 0 && (layerIndices & D) != 0;
  }

  /// No higher spatial layer of this picture needs this frame (Z).
  public boolean isNotReferenceForUpperSpatialLayers() {
    return (flags & Z) != 0;
  }

  /// Flexible mode (F): references are listed packet by packet, and there is no TL0PICIDX.
  public boolean isFlexibleMode() {
    return (flags & F) != 0;
  }

  /// The picture id, or -1.
  public int pictureId() {
    return pictureId;
  }

  /// 7, 15, or 0 if absent.
  public int pictureIdBits() {
    return pictureIdBits;
  }

  /// Offset of the picture id from the payload's start, if present.
  public int pictureIdOffset() {
    return pictureIdOffset;
  }

  /// 0 to 255, or -1.
  public int tl0PicIdx() {
    return tl0PicIdx;
  }

  /// Offset of TL0PICIDX from the payload's start, if present.
  public int tl0PicIdxOffset() {
    return tl0PicIdxOffset;
  }

  /// Temporal layer 0 to 7, or -1.
  public int temporalLayer() {
    return layerIndices >= 0 ? layerIndices >> 5 : -1;
  }

  /// Spatial layer 0 to 7, or -1.
  public int spatialLayer() {
    return layerIndices >= 0 ? layerIndices >> 1 & 7 : -1;
  }

  /// From this frame on, frames of higher temporal layers depend on none before it (U): a viewer
  /// may switch up to them.
  public boolean isSwitchingUpPoint() {
    return layerIndices >= 0 && (layerIndices & U) != 0;
  }

  /// References listed in flexible mode, 0 to 3.
  public int referenceCount() {
    return referenceCount;
  }

  /// P_DIFF of reference `i` below [#referenceCount]: the picture id less that of the picture
  /// referred to, 0 to 127.
  public int referenceDifference(int i) {
    return references[i];
  }

  /// The packet carries a scalability structure (V).
  public boolean hasScalabilityStructure() {
    return (flags & V) != 0;
  }

  /// Spatial layers the structure in this packet announces, 1 to 8; 0 without one.
  public int spatialLayerCount() {
    return structure.spatialLayerCount();
  }

  /// Width in pixels of spatial layer `layer` below [#spatialLayerCount], or 0 if it is not said.
  public int width(int layer) {
    return structure.width(layer);
  }

  /// Height in pixels of spatial layer `layer` below [#spatialLayerCount], or 0 if it is not said.
  public int height(int layer) {
    return structure.height(layer);
  }

  /// Width in pixels that the header of the key frame beginning here says, which is the picture's
  /// lowest spatial layer; 0 if none begins, or it does not fit the packet.
  public int frameWidth() {
    return frameSize.width();
  }

  /// Height in pixels that the header of the key frame beginning here says, which is the picture's
  /// lowest spatial layer; 0 if none begins, or it does not fit the packet.
  public int frameHeight() {
    return frameSize.height();
  }

  /// Pictures in the picture group the structure in this packet describes; 0 without one.
  public int pictureGroupSize() {
    return structure.pictureGroupSize();
  }
}
