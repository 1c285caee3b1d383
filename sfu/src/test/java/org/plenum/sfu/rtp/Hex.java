package org.plenum.sfu.rtp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.Locale;

/// Bytes as test vectors are written: hexadecimal, blanks where they help the reader.
public final class Hex {
  private Hex() {}

  /// The bytes of `hex`.
  public static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
  }

  /// Exactly the bytes of `hex`: to read past the end throws.
  public static MemorySegment segment(String hex) {
    return MemorySegment.ofArray(bytes(hex));
  }

  /// `length` bytes of a slab in hexadecimal without blanks.
  public static String of(MemorySegment slab, long offset, long length) {
    return HexFormat.of().formatHex(slab.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
  }

  /// `hex` without its blanks, in lower case: comparable to [#of].
  public static String strip(String hex) {
    return hex.replaceAll("\\s", "").toLowerCase(Locale.ROOT);
  }
}
