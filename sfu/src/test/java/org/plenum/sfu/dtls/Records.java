package org.plenum.sfu.dtls;

import java.io.ByteArrayOutputStream;

/// DTLS records made and looked into by hand.
final class Records {
  private Records() {}

  static byte[] record(int type, int epoch, int sequence, byte... fragment) {
    byte[] record = new byte[13 + fragment.length];
    record[0] = (byte) type;
    record[1] = (byte) 0xFE;
    record[2] = (byte) 0xFD;
    record[4] = (byte) epoch;
    record[10] = (byte) sequence;
    record[11] = (byte) (fragment.length >> 8);
    record[12] = (byte) fragment.length;
    System.arraycopy(fragment, 0, record, 13, fragment.length);
    return record;
  }

  /// A handshake fragment (RFC 6347 §4.2.2) filled with zeros.
  static byte[] fragment(int type, int length, int offset, int fragmentLength) {
    byte[] fragment = new byte[12 + fragmentLength];
    fragment[0] = (byte) type;
    put24(fragment, 1, length);
    put24(fragment, 6, offset);
    put24(fragment, 9, fragmentLength);
    return fragment;
  }

  static byte[] join(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  static int type(byte[] datagram) {
    return datagram[0];
  }

  static int epoch(byte[] datagram) {
    return datagram[4];
  }

  /// Whether it begins with a plain handshake message of this type.
  static boolean isHandshake(byte[] datagram, int messageType) {
    return type(datagram) == 22 && epoch(datagram) == 0 && datagram[13] == messageType;
  }

  private static void put24(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >> 16);
    bytes[at + 1] = (byte) (value >> 8);
    bytes[at + 2] = (byte) value;
  }
}
