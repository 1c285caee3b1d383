package org.plenum.sfu.rtp;

import static org.plenum.sfu.rtp.NetworkOrder.u16;
import static org.plenum.sfu.rtp.NetworkOrder.u8;

import java.lang.foreign.MemorySegment;

/// View of a VP8 payload descriptor (RFC 7741 §4.2) and of the frame header key-frame bit (§4.3). A
/// reusable flyweight; one thread.
public final class Vp8Descriptor {
  // First byte: X, N and S bits, partition index.
  private static final int X = 0x80;
  private static final int N = 0x20;
  private static final int S = 0x10;
  private static final int PID = 0x0F;
  // Second byte, if X is set: what follows.
  private static final int I = 0x80;
  private static final int L = 0x40;
  private static final int T = 0x20;
  private static final int K = 0x10;
  // First byte of the picture id: 15 bits instead of 7.
  private static final int M = 0x80;
  // Byte of the temporal layer: TID (2 bits), Y, KEYIDX.
  private static final int Y = 0x20;

  private static final int KEY_FRAME_HEADER_BYTES = 10;

  private int length;
  private boolean frameStart;
  private boolean keyFrameStart;
  private int pictureId;
  private int pictureIdBits;
  private int pictureIdOffset;
  private int tl0PicIdx;
  private int tl0PicIdxOffset;
  private int temporalLayer;
  private boolean layerSync;
  private boolean nonReference;
  private int width;
  private int height;

  /// Returns false if the payload is too short for what its flags announce, or ends with the
  /// descriptor: a packet carries at least a byte of the frame.
  public boolean parse(MemorySegment slab, long payloadOffset, int payloadLength) {
    pictureId = -1;
    pictureIdBits = 0;
    tl0PicIdx = -1;
    temporalLayer = -1;
    layerSync = false;
    if (payloadLength < 2) {
      return false;
    }
    int first = u8(slab, payloadOffset);
    length = 1;
    if ((first & X) != 0 && !parseExtended(slab, payloadOffset, payloadLength)) {
      return false;
    }
    if (length >= payloadLength) {
      return false;
    }
    nonReference = (first & N) != 0;
    frameStart = (first & (S | PID)) == S;
    // RFC 7741 §4.3: the inverse key frame flag P is the lowest bit of the frame header.
    keyFrameStart = frameStart && (u8(slab, payloadOffset + length) & 1) == 0;
    width = 0;
    height = 0;
    if (keyFrameStart && payloadLength - length >= KEY_FRAME_HEADER_BYTES) {
      parseSize(slab, payloadOffset + length);
    }
    return true;
  }

  /// A key frame's header: 3 bytes of frame tag, the start code, width and height of 14 bits each,
  /// least significant byte first, below 2 bits of scaling (RFC 6386 §9.1).
  private void parseSize(MemorySegment slab, long frame) {
    if (u8(slab, frame + 3) == 0x9D && u16(slab, frame + 4) == 0x012A) {
      width = u8(slab, frame + 6) | (u8(slab, frame + 7) & 0x3F) << 8;
      height = u8(slab, frame + 8) | (u8(slab, frame + 9) & 0x3F) << 8;
    }
  }

  private boolean parseExtended(MemorySegment slab, long payloadOffset, int payloadLength) {
    int flags = u8(slab, payloadOffset + 1);
    int at = 2;
    if ((flags & I) != 0) {
      if (at >= payloadLength) {
        return false;
      }
      at += parsePictureId(slab, payloadOffset, at, payloadLength);
    }
    if ((flags & L) != 0) {
      if (at >= payloadLength) {
        return false;
      }
      tl0PicIdxOffset = at;
      tl0PicIdx = u8(slab, payloadOffset + at++);
    }
    if ((flags & (T | K)) != 0) {
      if (at >= payloadLength) {
        return false;
      }
      int layer = u8(slab, payloadOffset + at++);
      temporalLayer = (flags & T) != 0 ? layer >> 6 : -1;
      layerSync = (flags & T) != 0 && (layer & Y) != 0;
    }
    length = at;
    return true;
  }

  /// Returns the bytes it takes, even if the payload ends within.
  private int parsePictureId(MemorySegment slab, long payloadOffset, int at, int payloadLength) {
    int first = u8(slab, payloadOffset + at);
    pictureIdOffset = at;
    if ((first & M) == 0) {
      pictureIdBits = 7;
      pictureId = first;
      return 1;
    }
    if (at + 1 < payloadLength) {
      pictureIdBits = 15;
      pictureId = u16(slab, payloadOffset + at) & 0x7FFF;
    }
    return 2;
  }

  /// Bytes of the descriptor.
  public int length() {
    return length;
  }

  /// First packet of a frame (S = 1, PID = 0).
  public boolean isFrameStart() {
    return frameStart;
  }

  /// First packet of a key frame.
  public boolean isKeyFrameStart() {
    return keyFrameStart;
  }

  /// Pixels, on the first packet of a key frame; 0 if it does not say.
  public int width() {
    return width;
  }

  /// Pixels, on the first packet of a key frame; 0 if it does not say.
  public int height() {
    return height;
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

  /// Temporal layer 0 to 3, or -1.
  public int temporalLayer() {
    return temporalLayer;
  }

  /// The frame refers to none but frames of the lowest temporal layer (Y).
  public boolean isLayerSync() {
    return layerSync;
  }

  /// No other frame refers to this one (N).
  public boolean isNonReference() {
    return nonReference;
  }
}
