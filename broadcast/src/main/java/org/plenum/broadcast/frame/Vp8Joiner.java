package org.plenum.broadcast.frame;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.rtp.Vp8Descriptor;

/// VP8 (RFC 7741) to frames (RFC 6386 §9): the payloads without their descriptors. There is no
/// configuration: each key frame says all.
final class Vp8Joiner implements Joiner {
  private final Vp8Descriptor descriptor = new Vp8Descriptor();

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
          if (descriptor.width() == 0 || descriptor.height() == 0) {
            return null;
          }
          format =
              new VideoFormat(
                  CodecName.VP8, "vp8", descriptor.width(), descriptor.height(), new byte[0]);
        }
      }
      data.write(payload, descriptor.length(), payload.length - descriptor.length());
    }
    return data.size() == 0 ? null : new Picture(data.toByteArray(), format);
  }
}
