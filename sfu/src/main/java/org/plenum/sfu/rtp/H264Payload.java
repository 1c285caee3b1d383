package org.plenum.sfu.rtp;

import static org.plenum.sfu.rtp.NetworkOrder.u16;
import static org.plenum.sfu.rtp.NetworkOrder.u8;

import java.lang.foreign.MemorySegment;

/// View of an H.264 payload (RFC 6184 §5): which NAL units it carries or begins. A reusable
/// flyweight; one thread.
///
/// RFC 6184 has no bit for the start of a frame; the marker bit ends one. What can be known is
/// whether a packet [may start one][#mayStartAccessUnit]. Interleaved mode (packetization-mode 2)
/// is not read: STAP-B and MTAP are refused.
public final class H264Payload {
  private static final int TYPE = 0x1F;

  // NAL unit types: ITU-T H.264 table 7-1.
  private static final int NON_IDR_SLICE = 1;
  private static final int IDR_SLICE = 5;
  private static final int SPS = 7;
  private static final int LAST_SINGLE = 23;
  // RFC 6184 table 1.
  private static final int STAP_A = 24;
  private static final int FU_A = 28;
  private static final int FU_B = 29;

  // FU header (RFC 6184 §5.8): S, E, R, type.
  private static final int S = 0x80;
  private static final int E = 0x40;

  /// The decoding order number that FU-B has behind the FU header.
  private static final int DON_BYTES = 2;

  private final H264SequenceParameterSet sequenceParameterSet = new H264SequenceParameterSet();
  private final PictureSize size = new PictureSize();

  private int nalType;
  private boolean continuation;
  private boolean laterSlice;
  private boolean parameterSets;
  private boolean idr;

  /// Returns false if the payload is empty, of a type that is reserved or needs interleaved mode,
  /// or if its lengths do not add up.
  public boolean parse(MemorySegment slab, long payloadOffset, int payloadLength) {
    nalType = -1;
    continuation = false;
    laterSlice = false;
    parameterSets = false;
    size.clear();
    idr = false;
    if (payloadLength < 1) {
      return false;
    }
    int type = u8(slab, payloadOffset) & TYPE;
    return switch (type) {
      case STAP_A -> parseAggregation(slab, payloadOffset, payloadLength);
      case FU_A, FU_B -> parseFragment(slab, payloadOffset, payloadLength, type);
      default -> take(type, slab, payloadOffset + 1, payloadLength - 1);
    };
  }

  /// STAP-A (§5.7.1): NAL units, each behind its size.
  private boolean parseAggregation(MemorySegment slab, long payloadOffset, int payloadLength) {
    int at = 1;
    while (at < payloadLength) {
      if (at + 2 > payloadLength) {
        return false;
      }
      int size = u16(slab, payloadOffset + at);
      at += 2;
      if (size == 0 || size > payloadLength - at) {
        return false;
      }
      int type = u8(slab, payloadOffset + at) & TYPE;
      if (!take(type, slab, payloadOffset + at + 1, size - 1)) {
        return false;
      }
      at += size;
    }
    return nalType >= 0;
  }

  /// FU-A and FU-B (§5.8).
  private boolean parseFragment(
      MemorySegment slab, long payloadOffset, int payloadLength, int packetType) {
    int at = packetType == FU_B ? 2 + DON_BYTES : 2;
    if (at >= payloadLength) {
      return false;
    }
    int header = u8(slab, payloadOffset + 1);
    boolean start = (header & S) != 0;
    // A NAL unit that fits one packet must not be fragmented; FU-B is for the first fragment only.
    if (start && (header & E) != 0 || !start && packetType == FU_B) {
      return false;
    }
    int type = header & TYPE;
    if (!start) {
      nalType = type;
      continuation = true;
      return isSingle(type);
    }
    return take(type, slab, payloadOffset + at, payloadLength - at);
  }

  /// Notes a NAL unit, or the start of one, whose `length` bytes behind the header lie at `offset`.
  private boolean take(int type, MemorySegment slab, long offset, int length) {
    if (!isSingle(type)) {
      return false;
    }
    boolean first = nalType < 0;
    if (first) {
      nalType = type;
    }
    if (type == SPS) {
      parameterSets = true;
      sequenceParameterSet.parse(slab, offset, length, size);
    }
    if (type == IDR_SLICE || type == NON_IDR_SLICE) {
      // first_mb_in_slice comes first and is 0 if its Exp-Golomb code is the single bit 1.
      boolean firstSlice = length > 0 && u8(slab, offset) >= 0x80;
      idr |= firstSlice && type == IDR_SLICE;
      laterSlice |= first && !firstSlice;
    }
    return true;
  }

  private static boolean isSingle(int type) {
    return type >= 1 && type <= LAST_SINGLE;
  }

  /// Type of the first NAL unit in the packet, whole or in part, 1 to 23 (ITU-T H.264 table 7-1).
  public int nalType() {
    return nalType;
  }

  /// False if the packet surely does not start an access unit: it continues a fragmented NAL unit,
  /// or its first NAL unit is a slice that is not its picture's first. (Arbitrary slice order, a
  /// Baseline feature no browser uses, breaks the second rule.) If true, only a new RTP timestamp
  /// tells.
  public boolean mayStartAccessUnit() {
    return !continuation && !laterSlice;
  }

  /// A sequence parameter set (type 7) is in it, from which a decoder can start: browsers send one
  /// with each IDR picture, in the same packet or one with the same timestamp before it.
  public boolean hasParameterSets() {
    return parameterSets;
  }

  /// The first slice of an IDR picture (type 5) is in it or starts in it.
  public boolean startsIdr() {
    return idr;
  }

  /// Width in pixels that a sequence parameter set that is in it or starts in it says; 0 if none
  /// does.
  public int width() {
    return size.width();
  }

  /// Height in pixels that a sequence parameter set that is in it or starts in it says; 0 if none
  /// does.
  public int height() {
    return size.height();
  }
}
