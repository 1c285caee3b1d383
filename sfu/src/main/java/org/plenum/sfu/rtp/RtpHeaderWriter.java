package org.plenum.sfu.rtp;

import java.lang.foreign.MemorySegment;

/// Writes an RTP header with its extension block (RFC 8285) at the place a packet is built:
/// [#begin], any number of
/// extensions, [#end]. Reusable; one thread.
public final class RtpHeaderWriter {
  /// Starts a header. `twoByteForm`: whether the extension block takes the two-byte form (RFC 8285
  /// §4.3).
  public void begin(
      MemorySegment slab,
      long offset,
      int payloadType,
      boolean marker,
      int sequenceNumber,
      int timestamp,
      int ssrc,
      boolean twoByteForm) {
    throw new UnsupportedOperationException();
  }

  /// Copies an extension's data from another place.
  public void extension(int id, MemorySegment from, long fromOffset, int lengthBytes) {
    throw new UnsupportedOperationException();
  }

  /// Writes an extension of 1 to 4 bytes as a big-endian number; returns the slab offset of its
  /// data, for filling it in later.
  public long extension(int id, int value, int lengthBytes) {
    throw new UnsupportedOperationException();
  }

  /// Writes an extension given as bytes.
  public void extension(int id, byte[] value) {
    throw new UnsupportedOperationException();
  }

  /// Completes the block (padding, length; none if there was no extension). Returns the bytes of
  /// the header.
  public int end() {
    throw new UnsupportedOperationException();
  }
}
