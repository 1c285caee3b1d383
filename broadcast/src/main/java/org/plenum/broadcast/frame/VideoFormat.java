package org.plenum.broadcast.frame;

import java.util.Arrays;
import org.plenum.sfu.CodecName;

/// What a decoder must know before a key frame; two pictures with equal ones can follow each other.
///
/// @param name the codec with its profile and level, as RFC 6381 has it: `avc1.42e01f`
/// @param width in pixels
/// @param height in pixels
/// @param configuration the contents of the codec's configuration box: avcC, vpcC or av1C
public record VideoFormat(
    CodecName codec, String name, int width, int height, byte[] configuration) {
  @Override
  public boolean equals(Object other) {
    return other instanceof VideoFormat that
        && codec == that.codec
        && name.equals(that.name)
        && width == that.width
        && height == that.height
        && Arrays.equals(configuration, that.configuration);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(configuration);
  }
}
