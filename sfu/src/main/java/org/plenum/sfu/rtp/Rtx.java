package org.plenum.sfu.rtp;

import static org.plenum.sfu.rtp.NetworkOrder.put16;
import static org.plenum.sfu.rtp.NetworkOrder.u16;

import java.lang.foreign.MemorySegment;

/// The retransmission payload format (RFC 4588 §4): the original sequence number (OSN), then the
/// original payload.
public final class Rtx {
  /// Bytes before the original payload.
  public static final int HEADER_BYTES = 2;

  private Rtx() {}

  /// The sequence number of the packet that is sent again; -1 if there is none, as in the packets
  /// of mere padding by which browsers probe for bandwidth.
  public static int originalSequenceNumber(RtpPacket packet) {
    return packet.payloadLength() < HEADER_BYTES
        ? -1
        : u16(packet.slab(), packet.offset() + packet.headerLength());
  }

  /// Writes the OSN where a payload starts.
  public static void putOriginalSequenceNumber(
      MemorySegment slab, long payloadOffset, int sequenceNumber) {
    put16(slab, payloadOffset, sequenceNumber);
  }
}
