package org.plenum.sfu.rtp;

import static org.plenum.sfu.rtp.NetworkOrder.u8;

import java.lang.foreign.MemorySegment;

/// View of an AV1 payload (AOM, *RTP Payload Format For AV1* v1.0 §4.4 and §4.5): the aggregation
/// header and the headers of the OBUs. A reusable flyweight; one thread.
public final class Av1Payload {
  // Aggregation header: Z, Y, W (2 bits), N, reserved.
  private static final int Z = 0x80;
  private static final int Y = 0x40;
  private static final int N = 0x08;

  // OBU header (AV1 §5.3.2): forbidden bit, type (4 bits), extension, size field, reserved.
  private static final int EXTENSION = 0x04;

  // AV1 §6.2.2.
  private static final int SEQUENCE_HEADER = 1;
  private static final int TILE_GROUP = 4;
  private static final int REDUNDANT_FRAME_HEADER = 7;

  /// AV1 §4.10.5.
  private static final int MAX_LEB128_BYTES = 8;

  private final Av1SequenceHeader sequence = new Av1SequenceHeader();
  private final PictureSize size = new PictureSize();

  private int header;
  private int length;
  private int firstObuType;
  private boolean sequenceHeader;
  private int temporalLayer;
  private int spatialLayer;

  /// Set by [#readSize].
  private int at;

  /// Returns false if the payload has no OBU element, its sizes do not add up or N and Z contradict
  /// each other.
  public boolean parse(MemorySegment slab, long payloadOffset, int payloadLength) {
    firstObuType = -1;
    sequenceHeader = false;
    size.clear();
    temporalLayer = -1;
    spatialLayer = -1;
    if (payloadLength < 2) {
      return false;
    }
    header = u8(slab, payloadOffset);
    length = payloadLength;
    if ((header & (N | Z)) == (N | Z)) { // §4.4: the first packet of a sequence continues nothing
      return false;
    }
    return parseElements(slab, payloadOffset);
  }

  private boolean parseElements(MemorySegment slab, long payloadOffset) {
    int announced = header >> 4 & 3;
    at = 1;
    int count = 0;
    while (at < length) {
      count++;
      int elementSize = count == announced ? length - at : readSize(slab, payloadOffset);
      if (elementSize < 0) {
        return false;
      }
      boolean continues = count == 1 && (header & Z) != 0;
      if (!continues && elementSize > 0) {
        readObu(slab, payloadOffset + at, elementSize);
      }
      at += elementSize;
    }
    return announced == 0 || count == announced;
  }

  /// Reads a leb128 number at [#at] and moves behind it. Returns -1 if it does not end, or reaches
  /// beyond the payload.
  private int readSize(MemorySegment slab, long payloadOffset) {
    long value = 0;
    for (int i = 0; i < MAX_LEB128_BYTES && at < length; i++) {
      int next = u8(slab, payloadOffset + at++);
      value |= (next & 0x7FL) << 7 * i;
      if (next < 0x80) {
        return value <= length - at ? (int) value : -1;
      }
    }
    return -1;
  }

  private void readObu(MemorySegment slab, long offset, int length) {
    int first = u8(slab, offset);
    int type = first >> 3 & 0xF;
    if (firstObuType < 0) {
      firstObuType = type;
    }
    if (type == SEQUENCE_HEADER) {
      sequenceHeader = true;
      sequence.parse(slab, offset, length, size);
    }
    if ((first & EXTENSION) != 0 && length > 1) {
      int layer = u8(slab, offset + 1);
      temporalLayer = layer >> 5;
      spatialLayer = layer >> 3 & 3;
    }
  }

  /// The packet may be the first of a frame: it continues no OBU (Z = 0), and its first OBU is not
  /// one that stands behind a frame header. Without a dependency descriptor that is all there is to
  /// know: the first frame of a temporal unit has a new RTP timestamp too.
  public boolean isFrameStart() {
    return (header & Z) == 0
        && firstObuType >= 0
        && firstObuType != TILE_GROUP
        && firstObuType != REDUNDANT_FRAME_HEADER;
  }

  /// The last OBU goes on in the next packet (Y).
  public boolean continuesInNextPacket() {
    return (header & Y) != 0;
  }

  /// First packet of a coded video sequence (N): a decoder can start here.
  public boolean startsCodedVideoSequence() {
    return (header & N) != 0;
  }

  /// A sequence header OBU is in it or starts in it.
  public boolean hasSequenceHeader() {
    return sequenceHeader;
  }

  /// temporal_id 0 to 7 of the OBUs, or -1: no OBU starts in the packet, or none says.
  public int temporalLayer() {
    return temporalLayer;
  }

  /// spatial_id 0 to 3 of the OBUs, or -1: no OBU starts in the packet, or none says.
  public int spatialLayer() {
    return spatialLayer;
  }

  /// Greatest width in pixels that a sequence header that is in it or starts in it says; 0 if none
  /// does.
  public int width() {
    return size.width();
  }

  /// Greatest height in pixels that a sequence header that is in it or starts in it says; 0 if none
  /// does.
  public int height() {
    return size.height();
  }
}
