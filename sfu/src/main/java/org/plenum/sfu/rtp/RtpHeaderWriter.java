package org.plenum.sfu.rtp;

import static org.plenum.sfu.rtp.NetworkOrder.put16;
import static org.plenum.sfu.rtp.NetworkOrder.put32;
import static org.plenum.sfu.rtp.NetworkOrder.put8;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Writes an RTP header with its extension block (RFC 8285) at the place a packet is built:
/// [#begin], any number of extensions, [#end]. Reusable; one thread. It trusts the caller that the
/// slab has room for the header.
public final class RtpHeaderWriter {
  private static final int FIXED_HEADER_BYTES = 12;
  private static final int BLOCK_HEADER_BYTES = 4;
  private static final int VERSION_2 = 0x80;
  private static final int PADDING_BIT = 0x20;
  private static final int EXTENSION_BIT = 0x10;

  private MemorySegment slab = MemorySegment.NULL;
  private long start;
  private long at;
  private boolean twoByteForm;
  private boolean padded;

  /// Starts a header without CSRCs. `twoByteForm`: whether the extension block takes the two-byte
  /// form (RFC 8285 §4.3).
  public void begin(
      MemorySegment slab,
      long offset,
      int payloadType,
      boolean marker,
      int sequenceNumber,
      int timestamp,
      int ssrc,
      boolean twoByteForm) {
    this.slab = slab;
    this.start = offset;
    this.twoByteForm = twoByteForm;
    this.padded = false;
    at = offset + FIXED_HEADER_BYTES + BLOCK_HEADER_BYTES;
    put8(slab, offset, VERSION_2);
    put8(slab, offset + 1, payloadType & 0x7F | (marker ? 0x80 : 0));
    put16(slab, offset + 2, sequenceNumber);
    put32(slab, offset + 4, timestamp);
    put32(slab, offset + 8, ssrc);
  }

  /// The payload ends with padding, whose last byte says how much (RFC 3550 §5.1).
  public void padded() {
    padded = true;
    put8(slab, start, VERSION_2 | PADDING_BIT);
  }

  /// Copies an extension's data from another place. Returns false and writes nothing if that length
  /// has no place in the form begun (1 to 16 bytes in the one-byte form, 0 to 255 in the two-byte
  /// form): a publisher's two-byte form may carry what a viewer's one-byte form cannot.
  public boolean extension(int id, MemorySegment from, long fromOffset, int lengthBytes) {
    if (!fits(lengthBytes)) {
      return false;
    }
    long data = element(id, lengthBytes);
    MemorySegment.copy(from, fromOffset, slab, data, lengthBytes);
    return true;
  }

  /// Writes an extension of 1 to 4 bytes as a big-endian number; returns the slab offset of its
  /// data, for filling it in later.
  public long extension(int id, int value, int lengthBytes) {
    if (lengthBytes < 1 || lengthBytes > 4) {
      throw new IllegalArgumentException("length must be 1 to 4 bytes, not " + lengthBytes);
    }
    long data = element(id, lengthBytes);
    for (int i = 0; i < lengthBytes; i++) {
      put8(slab, data + i, value >>> 8 * (lengthBytes - 1 - i));
    }
    return data;
  }

  /// Writes an extension given as bytes; false as in the copying method.
  public boolean extension(int id, byte[] value) {
    if (!fits(value.length)) {
      return false;
    }
    long data = element(id, value.length);
    MemorySegment.copy(value, 0, slab, ValueLayout.JAVA_BYTE, data, value.length);
    return true;
  }

  /// The slab offset of the data of the extension that was written last.
  ///
  /// @param lengthBytes of that extension
  public long latest(int lengthBytes) {
    return at - lengthBytes;
  }

  /// Puts 16 bits into the extension that was written last, in place of what it says there.
  ///
  /// @param lengthBytes of that extension
  /// @param offset bytes from the start of its data
  public void rewrite16(int lengthBytes, int offset, int value) {
    put16(slab, at - lengthBytes + offset, value);
  }

  private boolean fits(int lengthBytes) {
    return twoByteForm
        ? lengthBytes >= 0 && lengthBytes <= 255
        : lengthBytes >= 1 && lengthBytes <= 16;
  }

  /// Writes the element's head and returns where its data goes.
  private long element(int id, int lengthBytes) {
    if (id < 1 || id > (twoByteForm ? 255 : 14)) {
      throw new IllegalArgumentException(
          "id must be 1 to " + (twoByteForm ? 255 : 14) + " in this form, not " + id);
    }
    if (twoByteForm) {
      put8(slab, at++, id);
      put8(slab, at++, lengthBytes);
    } else {
      put8(slab, at++, id << 4 | lengthBytes - 1);
    }
    long data = at;
    at += lengthBytes;
    return data;
  }

  /// Completes the block (padding, length; none if there was no extension). Returns the bytes of
  /// the header.
  public int end() {
    long block = start + FIXED_HEADER_BYTES;
    long elements = block + BLOCK_HEADER_BYTES;
    if (at == elements) {
      return FIXED_HEADER_BYTES;
    }
    while ((at - elements & 3) != 0) {
      put8(slab, at++, 0);
    }
    put8(slab, start, VERSION_2 | EXTENSION_BIT | (padded ? PADDING_BIT : 0));
    put16(
        slab,
        block,
        twoByteForm
            ? HeaderExtensionBlock.TWO_BYTE_PROFILE
            : HeaderExtensionBlock.ONE_BYTE_PROFILE);
    put16(slab, block + 2, (int) (at - elements >> 2));
    return (int) (at - start);
  }
}
