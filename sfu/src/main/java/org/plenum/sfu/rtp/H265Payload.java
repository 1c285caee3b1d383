package org.plenum.sfu.rtp;

import static org.plenum.sfu.rtp.NetworkOrder.u16;
import static org.plenum.sfu.rtp.NetworkOrder.u8;

import java.lang.foreign.MemorySegment;

/// View of an H.265 payload (RFC 7798 §4.4): which NAL units it carries or begins. A reusable
/// flyweight; one thread.
///
/// As in H.264, no bit says that a frame starts; the marker bit ends one. Decoding order numbers
/// (DONL, DOND: sprop-max-don-diff above 0) are not read; WebRTC does not use them.
public final class H265Payload {
  private static final int NAL_HEADER_BYTES = 2;

  // NAL unit types: ITU-T H.265 table 7-1.
  private static final int FIRST_IRAP = 16;
  private static final int LAST_IRAP = 21;
  private static final int LAST_SLICE = 31;
  private static final int VPS = 32;
  private static final int SPS = 33;
  private static final int PPS = 34;
  private static final int LAST_SINGLE = 47;
  // RFC 7798 §4.4.
  private static final int AP = 48;
  private static final int FU = 49;
  private static final int PACI = 50;

  // FU header (RFC 7798 §4.4.3): S, E, type.
  private static final int S = 0x80;
  private static final int E = 0x40;
  private static final int FU_TYPE = 0x3F;

  private final H265SequenceParameterSet sequenceParameterSet = new H265SequenceParameterSet();
  private final PictureSize size = new PictureSize();

  private int nalType;
  private int temporalLayer;
  private boolean continuation;
  private boolean laterSlice;
  private boolean parameterSets;
  private boolean irap;

  /// Returns false if the payload is too short, of a reserved type, or if its lengths do not add
  /// up.
  public boolean parse(MemorySegment slab, long payloadOffset, int payloadLength) {
    nalType = -1;
    continuation = false;
    laterSlice = false;
    parameterSets = false;
    size.clear();
    irap = false;
    if (payloadLength < NAL_HEADER_BYTES) {
      return false;
    }
    temporalLayer = (u8(slab, payloadOffset + 1) & 7) - 1;
    if (temporalLayer < 0) { // nuh_temporal_id_plus1 must not be 0
      return false;
    }
    int type = type(slab, payloadOffset);
    long body = payloadOffset + NAL_HEADER_BYTES;
    int length = payloadLength - NAL_HEADER_BYTES;
    return type == PACI ? parsePaci(slab, body, length) : parseBody(type, slab, body, length);
  }

  private static int type(MemorySegment slab, long nalOffset) {
    return u8(slab, nalOffset) >> 1 & 0x3F;
  }

  /// What lies behind the payload header of the given type.
  private boolean parseBody(int type, MemorySegment slab, long offset, int length) {
    return switch (type) {
      case AP -> parseAggregation(slab, offset, length);
      case FU -> parseFragment(slab, offset, length);
      default -> take(type, slab, offset, length);
    };
  }

  /// PACI (§4.4.4): A (1 bit), cType (6), PHSsize (5), F0..2, Y; then PHSsize bytes of extensions,
  /// which do not matter here, then the contained payload without its header, whose type is cType.
  private boolean parsePaci(MemorySegment slab, long offset, int length) {
    if (length < 2) {
      return false;
    }
    int fields = u16(slab, offset);
    int at = 2 + (fields >> 4 & 0x1F);
    return at < length && parseBody(fields >> 9 & 0x3F, slab, offset + at, length - at);
  }

  /// Aggregation packet (§4.4.2): NAL units, each behind its size. RFC 7798 wants two or more, but
  /// one alone does no harm.
  private boolean parseAggregation(MemorySegment slab, long offset, int length) {
    int at = 0;
    while (at < length) {
      if (at + 2 > length) {
        return false;
      }
      int size = u16(slab, offset + at);
      at += 2;
      if (size < NAL_HEADER_BYTES || size > length - at) {
        return false;
      }
      long nal = offset + at;
      if (!take(type(slab, nal), slab, nal + NAL_HEADER_BYTES, size - NAL_HEADER_BYTES)) {
        return false;
      }
      at += size;
    }
    return nalType >= 0;
  }

  /// Fragmentation unit (§4.4.3).
  private boolean parseFragment(MemorySegment slab, long offset, int length) {
    if (length < 2) {
      return false;
    }
    int header = u8(slab, offset);
    int type = header & FU_TYPE;
    if ((header & (S | E)) == (S | E)) { // a NAL unit that fits one packet must not be fragmented
      return false;
    }
    if ((header & S) == 0) {
      nalType = type;
      continuation = true;
      return type <= LAST_SINGLE;
    }
    return take(type, slab, offset + 1, length - 1);
  }

  /// Notes a NAL unit, or the start of one, whose `length` bytes behind the header lie at `offset`.
  private boolean take(int type, MemorySegment slab, long offset, int length) {
    if (type > LAST_SINGLE) {
      return false;
    }
    boolean first = nalType < 0;
    if (first) {
      nalType = type;
    }
    if (type >= VPS && type <= PPS) {
      parameterSets = true;
    }
    if (type == SPS) {
      sequenceParameterSet.parse(slab, offset, length, size);
    }
    if (type <= LAST_SLICE) {
      // first_slice_segment_in_pic_flag is the first bit of every slice segment header.
      boolean firstSlice = length > 0 && u8(slab, offset) >= 0x80;
      irap |= firstSlice && type >= FIRST_IRAP && type <= LAST_IRAP;
      laterSlice |= first && !firstSlice;
    }
    return true;
  }

  /// Type of the first NAL unit in the packet, whole or in part, 0 to 47 (ITU-T H.265 table 7-1).
  public int nalType() {
    return nalType;
  }

  /// TemporalId 0 to 6 of the packet; in an aggregation packet the lowest of its NAL units.
  public int temporalLayer() {
    return temporalLayer;
  }

  /// False if the packet does not start an access unit: it continues a fragmented NAL unit, or its
  /// first NAL unit is a slice segment that is not its picture's first. If true, only a new RTP
  /// timestamp tells.
  public boolean mayStartAccessUnit() {
    return !continuation && !laterSlice;
  }

  /// A video, sequence or picture parameter set (types 32 to 34) is in it or starts in it.
  public boolean hasParameterSets() {
    return parameterSets;
  }

  /// The first slice segment of an intra random access point picture (types 16 to 21: BLA, IDR,
  /// CRA) is in it or starts in it.
  public boolean startsIrap() {
    return irap;
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
