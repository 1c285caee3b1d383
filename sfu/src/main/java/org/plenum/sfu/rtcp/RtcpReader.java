package org.plenum.sfu.rtcp;

import java.lang.foreign.MemorySegment;

/// Reads a compound RTCP packet (RFC 3550 §6.1, reduced size by RFC 5506). Unknown packet types are
/// skipped.
public final class RtcpReader {
  /// Walks over the packets and calls `handler`. Framing is checked for the whole compound before
  /// the first call. Returns false (and calls nothing) if a length lies.
  public static boolean read(MemorySegment slab, long offset, int length, RtcpHandler handler) {
    throw new UnsupportedOperationException();
  }
}
