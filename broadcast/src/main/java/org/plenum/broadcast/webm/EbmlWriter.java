package org.plenum.broadcast.webm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes EBML elements (RFC 8794). One thread.
final class EbmlWriter {
  /// A length of eight bytes that says nothing: until the parent ends.
  private static final long UNKNOWN = 0x01FF_FFFF_FFFF_FFFFL;

  private static final long EIGHT_BYTES = 1L << 56;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /// An element with these contents.
  EbmlWriter element(int id, byte[] contents) {
    id(id);
    length(contents.length);
    out.writeBytes(contents);
    return this;
  }

  EbmlWriter element(int id, EbmlWriter contents) {
    return element(id, contents.toBytes());
  }

  EbmlWriter text(int id, String text) {
    return element(id, text.getBytes(StandardCharsets.UTF_8));
  }

  /// An unsigned number, in as few bytes as it takes.
  EbmlWriter number(int id, long value) {
    int bytes = Math.max(1, (64 - Long.numberOfLeadingZeros(value) + 7) / 8);
    id(id);
    length(bytes);
    bytes(value, bytes);
    return this;
  }

  /// A floating-point number of eight bytes.
  EbmlWriter real(int id, double value) {
    id(id);
    length(8);
    bytes(Double.doubleToLongBits(value), 8);
    return this;
  }

  /// The head of an element whose end is not known.
  EbmlWriter open(int id) {
    id(id);
    bytes(UNKNOWN, 8);
    return this;
  }

  /// An eight-byte length, which can take the place of an unknown one.
  EbmlWriter longLength(long length) {
    bytes(EIGHT_BYTES | length, 8);
    return this;
  }

  EbmlWriter bytes(long value, int count) {
    for (int i = count - 1; i >= 0; i--) {
      out.write((int) (value >>> 8 * i));
    }
    return this;
  }

  EbmlWriter raw(byte[] some) {
    out.writeBytes(some);
    return this;
  }

  int size() {
    return out.size();
  }

  byte[] toBytes() {
    return out.toByteArray();
  }

  private void id(int id) {
    bytes(Integer.toUnsignedLong(id), (32 - Integer.numberOfLeadingZeros(id) + 7) / 8);
  }

  /// In as few bytes as it takes; all ones are reserved (RFC 8794 §4).
  private void length(long length) {
    int count = 1;
    while (length >= (1L << 7 * count) - 1) {
      count++;
    }
    bytes(1L << 7 * count | length, count);
  }
}
