package org.plenum.bench.client;

import static org.plenum.sfu.rtp.NetworkOrder.put16;
import static org.plenum.sfu.rtp.NetworkOrder.put8;
import static org.plenum.sfu.rtp.NetworkOrder.u8;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// What a load client's video looks like on the wire, before the bytes that no codec ever made.
public enum VideoShape {
  /// A payload descriptor with picture id and TL0PICIDX (RFC 7741 §4.2), then a byte that stands
  /// for the frame header: its lowest bit is the inverse key frame flag.
  VP8(96, 97, 7, "VP8"),
  /// A fragment of a NAL unit (FU-A, RFC 6184 §5.8); a key frame begins with a sequence parameter
  /// set of its own.
  H264(102, 103, 2, "H264");

  private static final int SPS = 0x67;
  private static final int FU_A = 0x7C;
  private static final int FU_START = 0x80;
  private static final int FU_END = 0x40;
  private static final int IDR_SLICE = 5;
  private static final int SLICE = 1;

  private final int payloadType;
  private final int rtxPayloadType;
  private final int headBytes;
  private final String encodingName;

  VideoShape(int payloadType, int rtxPayloadType, int headBytes, String encodingName) {
    this.payloadType = payloadType;
    this.rtxPayloadType = rtxPayloadType;
    this.headBytes = headBytes;
    this.encodingName = encodingName;
  }

  public int payloadType() {
    return payloadType;
  }

  public int rtxPayloadType() {
    return rtxPayloadType;
  }

  /// As in a=rtpmap.
  public String encodingName() {
    return encodingName;
  }

  /// The a=fmtp of its payload type; null: none.
  public @Nullable String formatParameters() {
    return switch (this) {
      case VP8 -> null;
      case H264 -> "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f";
    };
  }

  /// Bytes of the head.
  int headBytes() {
    return headBytes;
  }

  /// The shape of a packet, by its payload type (media or RTX); null if it is none.
  static @Nullable VideoShape of(int payloadType) {
    for (VideoShape shape : values()) {
      if (shape.payloadType == payloadType || shape.rtxPayloadType == payloadType) {
        return shape;
      }
    }
    return null;
  }

  /// Writes the head of a packet.
  ///
  /// @param flags of [SentPackets]
  void writeHead(MemorySegment slab, long at, int flags, int pictureId, int tl0PicIdx) {
    boolean start = (flags & SentPackets.FRAME_START) != 0;
    boolean key = (flags & SentPackets.KEY_FRAME) != 0;
    switch (this) {
      case VP8 -> {
        put8(slab, at, start ? 0x90 : 0x80);
        put8(slab, at + 1, 0xE0);
        put16(slab, at + 2, 0x8000 | pictureId & 0x7FFF);
        put8(slab, at + 4, tl0PicIdx);
        put8(slab, at + 5, 0);
        put8(slab, at + 6, key ? 0 : 1);
      }
      case H264 -> {
        boolean end = (flags & SentPackets.FRAME_END) != 0;
        int fragment = (start ? FU_START : end ? FU_END : 0) | (key ? IDR_SLICE : SLICE);
        put8(slab, at, start && key ? SPS : FU_A);
        put8(slab, at + 1, start && key ? 0x42 : fragment);
      }
    }
  }

  /// Whether a payload begins with such a head.
  boolean isHead(MemorySegment slab, long at, int length) {
    return length > headBytes
        && switch (this) {
          case VP8 -> (u8(slab, at) & 0xE0) == 0x80 && u8(slab, at + 1) == 0xE0;
          case H264 -> u8(slab, at) == SPS || u8(slab, at) == FU_A;
        };
  }
}
