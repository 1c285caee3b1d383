package org.plenum.broadcast.frame;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.CodecName;

/// Joins the RTP payloads of a picture, as their codec's payload format has it.
interface Joiner {
  /// Returns null if the payloads contradict their format, or need what is not supported.
  ///
  /// @param payloads all of one picture, in order, none empty
  @Nullable Picture join(List<byte[]> payloads);

  /// Null for a codec that is not supported.
  static @Nullable Joiner of(CodecName codec) {
    return switch (codec) {
      case H264 -> new H264Joiner();
      case VP9 -> new Vp9Joiner();
      case AV1 -> new Av1Joiner();
      case VP8 -> new Vp8Joiner();
      case H265, OPUS -> null;
    };
  }
}
