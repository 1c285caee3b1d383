package org.plenum.sfu.rtp;

import java.lang.foreign.MemorySegment;

/// View of a VP8 payload descriptor (RFC 7741 §4.2) and of the frame header key-frame bit (§4.3). A
/// reusable flyweight; one thread.
public final class Vp8Descriptor {
  /// Returns false if the payload is too short for what its flags announce.
  public boolean parse(MemorySegment slab, long payloadOffset, int payloadLength) {
    throw new UnsupportedOperationException();
  }

  /// Bytes of the descriptor.
  public int length() {
    throw new UnsupportedOperationException();
  }

  /// First packet of a frame (S = 1, PID = 0).
  public boolean isFrameStart() {
    throw new UnsupportedOperationException();
  }

  /// First packet of a key frame.
  public boolean isKeyFrameStart() {
    throw new UnsupportedOperationException();
  }

  /// The picture id, or -1.
  public int pictureId() {
    throw new UnsupportedOperationException();
  }

  /// 7, 15, or 0 if absent.
  public int pictureIdBits() {
    throw new UnsupportedOperationException();
  }

  /// Offset of the picture id from the payload's start, if present.
  public int pictureIdOffset() {
    throw new UnsupportedOperationException();
  }

  /// 0 to 255, or -1.
  public int tl0PicIdx() {
    throw new UnsupportedOperationException();
  }

  /// Offset of TL0PICIDX from the payload's start, if present.
  public int tl0PicIdxOffset() {
    throw new UnsupportedOperationException();
  }

  /// Temporal layer 0 to 3, or -1.
  public int temporalLayer() {
    throw new UnsupportedOperationException();
  }
}
