package org.plenum.sfu.receive;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.plenum.sfu.rtp.NetworkOrder.u16;
import static org.plenum.sfu.rtp.NetworkOrder.u8;

import java.lang.foreign.MemorySegment;
import org.plenum.sfu.CodecName;

/// The latest parameter sets of an H264 or H265 layer, without which a decoder cannot begin. Some
/// encoders send them once, at the start: whoever comes later needs them again. Those of one
/// access unit replace all earlier ones of the same types. No allocation after construction; one
/// thread.
public final class ParameterSets {
  /// Encoders in calls have one of each; some have a picture parameter set for each kind of slice.
  static final int MOST_SETS = 8;

  /// The longest set, in bytes. Each is sent in a packet of its own, so it must fit into one;
  /// most have 10 to 100.
  static final int MOST_BYTES = 512;

  // NAL unit types (ITU-T H.264 table 7-1, H.265 table 7-1) and aggregates of them (RFC 6184
  // §5.7.1,
  // RFC 7798 §4.4.2).
  private static final int H264_SPS = 7;
  private static final int H264_PPS = 8;
  private static final int H264_STAP_A = 24;
  private static final int H265_VPS = 32;
  private static final int H265_SPS = 33;
  private static final int H265_PPS = 34;
  private static final int H265_AP = 48;

  private final byte[][] sets = new byte[MOST_SETS][MOST_BYTES];
  private final int[] lengths = new int[MOST_SETS];
  private final int[] types = new int[MOST_SETS];
  private final int[] timestamps = new int[MOST_SETS];
  private int count;
  private CodecName codec = CodecName.H264;

  /// Looks for parameter sets in a payload, and keeps them.
  ///
  /// @param timestamp of the packet; access units differ in it
  public void note(CodecName name, MemorySegment slab, long offset, int length, int timestamp) {
    boolean isH265 = name == CodecName.H265;
    if (length < 2 || (!isH265 && name != CodecName.H264)) {
      return;
    }
    if (name != codec) {
      codec = name;
      count = 0;
    }
    int type = type(slab, offset);
    if (type == (isH265 ? H265_AP : H264_STAP_A)) {
      noteAggregated(slab, offset + (isH265 ? 2 : 1), offset + length, timestamp);
    } else {
      note(type, slab, offset, length, timestamp);
    }
  }

  private void noteAggregated(MemorySegment slab, long from, long end, int timestamp) {
    long at = from;
    while (end - at > 2) {
      int length = u16(slab, at);
      at += 2;
      if (length == 0 || length > end - at) {
        return;
      }
      note(type(slab, at), slab, at, length, timestamp);
      at += length;
    }
  }

  private void note(int type, MemorySegment slab, long offset, int length, int timestamp) {
    if (!isParameterSet(type)) {
      return;
    }
    forgetFormer(type, timestamp);
    if (length > MOST_BYTES || count == MOST_SETS) {
      count = 0; // some of them would be worth nothing
      return;
    }
    MemorySegment.copy(slab, JAVA_BYTE, offset, sets[count], 0, length);
    lengths[count] = length;
    types[count] = type;
    timestamps[count] = timestamp;
    count++;
  }

  private void forgetFormer(int type, int timestamp) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (types[i] != type || timestamps[i] == timestamp) {
        byte[] bytes = sets[kept];
        sets[kept] = sets[i];
        sets[i] = bytes;
        lengths[kept] = lengths[i];
        types[kept] = types[i];
        timestamps[kept] = timestamps[i];
        kept++;
      }
    }
    count = kept;
  }

  private int type(MemorySegment slab, long nal) {
    return codec == CodecName.H265 ? u8(slab, nal) >> 1 & 0x3F : u8(slab, nal) & 0x1F;
  }

  private boolean isParameterSet(int type) {
    return codec == CodecName.H265
        ? type >= H265_VPS && type <= H265_PPS
        : type == H264_SPS || type == H264_PPS;
  }

  /// Whether a key frame with this timestamp came without sets of its own, and here are all that a
  /// decoder needs.
  public boolean mustPrecede(CodecName name, int timestamp) {
    return name == codec
        && isComplete()
        && !has(codec == CodecName.H265 ? H265_SPS : H264_SPS, timestamp);
  }

  private boolean isComplete() {
    return codec == CodecName.H265
        ? has(H265_VPS) && has(H265_SPS) && has(H265_PPS)
        : has(H264_SPS) && has(H264_PPS);
  }

  private boolean has(int type) {
    for (int i = 0; i < count; i++) {
      if (types[i] == type) {
        return true;
      }
    }
    return false;
  }

  private boolean has(int type, int timestamp) {
    for (int i = 0; i < count; i++) {
      if (types[i] == type && timestamps[i] == timestamp) {
        return true;
      }
    }
    return false;
  }

  /// How many there are.
  public int count() {
    return count;
  }

  /// Bytes of one: a NAL unit, in a packet of its own in any packetization mode.
  public int length(int index) {
    return lengths[index];
  }

  /// Copies one.
  public void copy(int index, MemorySegment to, long at) {
    MemorySegment.copy(sets[index], 0, to, JAVA_BYTE, at, lengths[index]);
  }
}
