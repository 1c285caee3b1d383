package org.plenum.sfu.rtp;

/// Bytes as bit syntax is written: ones and zeros, blanks where they help the reader.
final class Bits {
  private Bits() {}

  /// The bits of `binary`, filled up to whole bytes with zeros.
  static byte[] bytes(String binary) {
    String bits = binary.replaceAll("\\s", "");
    byte[] bytes = new byte[(bits.length() + 7) / 8];
    for (int i = 0; i < bits.length(); i++) {
      if (bits.charAt(i) == '1') {
        bytes[i / 8] |= (byte) (0x80 >> i % 8);
      }
    }
    return bytes;
  }

  /// `value` in `count` bits.
  static String of(int value, int count) {
    var bits = new StringBuilder();
    for (int bit = count - 1; bit >= 0; bit--) {
      bits.append(value >>> bit & 1);
    }
    return bits.toString();
  }

  /// ue(v), the Exp-Golomb code of `value`.
  static String ue(int value) {
    int width = Integer.SIZE - Integer.numberOfLeadingZeros(value + 1);
    return "0".repeat(width - 1) + of(value + 1, width);
  }
}
