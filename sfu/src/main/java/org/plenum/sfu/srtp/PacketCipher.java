package org.plenum.sfu.srtp;

import java.lang.foreign.MemorySegment;

/// Encrypts and authenticates, or the reverse, one packet at a time under one session key. It knows
/// no replay protection: whoever calls it sees to it that no (SSRC, index) is encrypted twice.
///
/// A packet is started with its clear part, which is authenticated only; then comes either any
/// number of [#encrypt] pieces, one behind the other, and [#finish], or one [#open]. An instance
/// serves one direction. One thread at a time. Closing is idempotent; any other call after it
/// throws IllegalStateException.
interface PacketCipher extends AutoCloseable {
  /// Starts an RTP packet.
  ///
  /// @param headerLength bytes up to the payload
  /// @param index 48 bits: roll-over counter and sequence number
  void startRtp(MemorySegment packet, long offset, int headerLength, int ssrc, long index);

  /// Starts an RTCP packet.
  ///
  /// @param clearLength bytes that are not encrypted: 8, or all where the E flag is 0
  /// @param indexWord the E flag and the 31-bit SRTCP index as they go onto the wire
  void startRtcp(MemorySegment packet, long offset, int clearLength, int ssrc, int indexWord);

  /// Encrypts the next bytes; both places may be the same, or must not overlap.
  void encrypt(MemorySegment from, long fromOffset, int length, MemorySegment to, long toOffset);

  /// Ends an encrypted packet and writes its tag.
  void finish(MemorySegment to, long tagOffset);

  /// Decrypts in place and checks the tag. When false comes back, what lies there is undefined.
  boolean open(MemorySegment slab, long offset, int length, long tagOffset);

  @Override
  void close();
}
