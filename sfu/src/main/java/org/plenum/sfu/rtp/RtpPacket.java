package org.plenum.sfu.rtp;

import java.lang.foreign.MemorySegment;

/// Read-only view of one RTP packet (RFC 3550 §5.1) in a slab. A reusable flyweight, so that the
/// packet path allocates
/// nothing: [#parse] moves it to the next packet and proves every accessor safe. Owned by one
/// thread.
public final class RtpPacket {
  /// Points this view at a packet and checks version, CSRCs, extension block (RFC 8285, both
  /// forms), padding. Returns false if a length points outside.
  public boolean parse(MemorySegment slab, long offset, int length) {
    throw new UnsupportedOperationException();
  }

  public MemorySegment slab() {
    throw new UnsupportedOperationException();
  }

  /// Where the packet starts in the slab.
  public long offset() {
    throw new UnsupportedOperationException();
  }

  /// Bytes of the whole packet.
  public int length() {
    throw new UnsupportedOperationException();
  }

  /// 0 to 127.
  public int payloadType() {
    throw new UnsupportedOperationException();
  }

  public boolean marker() {
    throw new UnsupportedOperationException();
  }

  /// Unsigned 16 bits, wraps at 65 536.
  public int sequenceNumber() {
    throw new UnsupportedOperationException();
  }

  /// 32 bits, to be taken as unsigned.
  public int timestamp() {
    throw new UnsupportedOperationException();
  }

  /// 32 bits, to be taken as unsigned.
  public int ssrc() {
    throw new UnsupportedOperationException();
  }

  /// Bytes from the packet's start to its payload, CSRCs and extension block included.
  public int headerLength() {
    throw new UnsupportedOperationException();
  }

  /// Bytes of payload, padding excluded.
  public int payloadLength() {
    throw new UnsupportedOperationException();
  }

  /// Bytes of padding, its count byte included; 0 without padding.
  public int paddingLength() {
    throw new UnsupportedOperationException();
  }

  /// Where the data of extension `id` (1 to 255) starts, in bytes from the packet's start; -1 if
  /// the packet does not carry it.
  public int extensionOffset(int id) {
    throw new UnsupportedOperationException();
  }

  /// Bytes of that extension's data; only after [#extensionOffset] found it.
  public int extensionLength(int id) {
    throw new UnsupportedOperationException();
  }
}
