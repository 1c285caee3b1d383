package org.plenum.sfu.srtp;

import java.lang.foreign.MemorySegment;

/// Takes the protection off what a peer sends. Replay protection and the roll-over counter are
/// kept per SSRC; state for an SSRC is made only after its first packet was authenticated, and
/// for at most [#MAX_SSRCS]. One thread. Closing frees native memory.
public interface SrtpReceiver extends AutoCloseable {
  /// SSRCs a peer may use on one transport.
  int MAX_SSRCS = 64;

  /// Result: authentication failed.
  int FORGED = -1;

  /// Result: seen before, or older than the replay window (RFC 3711 §3.3.2, 128 packets at least).
  int REPLAYED = -2;

  /// Result: too short or not parseable.
  int MALFORMED = -3;

  /// Result: authentic, but from one SSRC too many.
  int TOO_MANY_SSRCS = -4;

  /// Unprotects an RTP packet in place.
  ///
  /// @param headerLength bytes up to the payload, CSRCs and extension block included (RFC 3550,
  /// framing already checked)
  /// @return bytes of the plain packet, or one of the negative results
  int unprotect(MemorySegment slab, long offset, int length, int headerLength);

  /// Unprotects a compound RTCP packet in place.
  ///
  /// @return bytes of the plain compound, or one of the negative results
  int unprotectRtcp(MemorySegment slab, long offset, int length);

  @Override
  void close();
}
