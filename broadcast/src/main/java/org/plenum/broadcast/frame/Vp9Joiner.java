package org.plenum.broadcast.frame;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.rtp.Vp9Descriptor;

/// VP9 (RFC 9628) to samples (*VP Codec ISO Media File Format Binding* v1.0): the payloads without
/// their descriptors. Profile 0 only, which is what browsers send.
final class Vp9Joiner implements Joiner {
  /// The most luma samples in a picture of each level (*VP9 Bitstream* annex A), and ten times the
  /// level.
  private static final int[][] LEVELS = {
    {36_864, 10},
    {73_728, 11},
    {122_880, 20},
    {245_760, 21},
    {552_960, 30},
    {983_040, 31},
    {2_228_224, 40},
    {8_912_896, 50}
  };

  private static final int HIGHEST_LEVEL = 60;

  private final Vp9Descriptor descriptor = new Vp9Descriptor();

  @Override
  public @Nullable Picture join(List<byte[]> payloads) {
    var data = new ByteArrayOutputStream();
    VideoFormat format = null;
    for (byte[] payload : payloads) {
      if (!descriptor.parse(MemorySegment.ofArray(payload), 0, payload.length)) {
        return null;
      }
      if (data.size() == 0) {
        if (!descriptor.isFrameStart()) {
          return null;
        }
        if (descriptor.isKeyFrameStart()) {
          format = format(payload);
          if (format == null) {
            return null;
          }
        }
      }
      data.write(payload, descriptor.length(), payload.length - descriptor.length());
    }
    return data.size() == 0 ? null : new Picture(data.toByteArray(), format);
  }

  private @Nullable VideoFormat format(byte[] payload) {
    int width = descriptor.frameWidth();
    int height = descriptor.frameHeight();
    // Frame marker, then the profile's low and high bit (§6.2).
    int profile = payload[descriptor.length()] >> 4 & 3;
    if (width == 0 || height == 0 || profile != 0) {
      return null;
    }
    int level = level(width * height);
    byte[] configuration = {
      1,
      0,
      0,
      0, // version, flags
      0, // profile
      (byte) level,
      (byte) (8 << 4 | 1 << 1), // 8 bit, 4:2:0, limited range
      1,
      1,
      1, // BT.709
      0,
      0 // nothing to initialize a decoder with
    };
    return new VideoFormat(
        CodecName.VP9, "vp09.00.%02d.08".formatted(level), width, height, configuration);
  }

  private static int level(int samples) {
    for (int[] level : LEVELS) {
      if (samples <= level[0]) {
        return level[1];
      }
    }
    return HIGHEST_LEVEL;
  }
}
