package org.plenum.sfu.srtp;

import java.lang.foreign.MemorySegment;

/// Protects what we send to one peer. One thread. Closing frees native memory.
///
/// A packet index is encrypted once: a second packet with the same SSRC and index would repeat the
/// GCM nonce.
public interface SrtpSender extends AutoCloseable {
  /// Result: this (SSRC, index) was protected before, or lies too far behind to know; nothing was
  /// written.
  int INDEX_USED = -1;

  /// The sending state of one SSRC; to be made once per SSRC and kept by whoever sends it.
  Stream stream(int ssrc);

  /// Protects a compound RTCP packet in place; behind it must be room for the index and the tag.
  ///
  /// @return bytes of the protected compound
  int protectRtcp(MemorySegment slab, long offset, int length);

  @Override
  void close();

  /// One SSRC that we send.
  interface Stream {
    /// Protects a packet out of place. At `to` the caller has written the header and the first
    /// `prefixLength` bytes of payload; the rest of the payload is read from `from`. Behind it
    /// must be room for the tag.
    ///
    /// @param packetIndex 48 bits: roll-over counter and sequence number (RFC 3711 §3.3.1); goes
    /// up, may have gaps
    /// @return bytes of the protected packet, or [SrtpSender#INDEX_USED]
    int protect(
        MemorySegment to,
        long toOffset,
        int headerLength,
        int prefixLength,
        MemorySegment from,
        long fromOffset,
        int fromLength,
        long packetIndex);
  }
}
