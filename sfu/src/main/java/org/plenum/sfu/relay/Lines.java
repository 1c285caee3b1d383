package org.plenum.sfu.relay;

import static org.plenum.sfu.rtp.NetworkOrder.i32;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.IngressVerdict;
import org.plenum.sfu.srtp.SrtpFactory;
import org.plenum.sfu.transport.Egress;
import org.plenum.sfu.transport.SsrcTable;

/// The [PacketLine]s of one worker, and the port that they share with its clients: whose a datagram
/// is says the SSRC of its sender, which nobody guesses and SRTP proves. Worker's thread only.
public final class Lines {
  /// Parts of rooms on other nodes, and of others' rooms here.
  private static final int MOST = 1024;

  /// Where the sender's SSRC stands: RFC 3550 §5.1 and §6.4.
  private static final int RTP_SSRC_AT = 8;

  private static final int RTCP_SSRC_AT = 4;
  private static final int LEAST_BYTES = 12;

  private final Egress egress;
  private final SrtpFactory srtp;
  private final SsrcTable<PacketLine> lines = new SsrcTable<>(MOST);

  public Lines(Egress egress, SrtpFactory srtp) {
    this.egress = egress;
    this.srtp = srtp;
  }

  /// A datagram that came over no client's path.
  ///
  /// @param isRtcp of RTP and RTCP, which it is (RFC 5761 §4)
  /// @return null if it is of no line
  public @Nullable IngressVerdict receive(
      MemorySegment slab, long offset, int length, boolean isRtcp, long nowNanos) {
    if (lines.size() == 0 || length < LEAST_BYTES) {
      return null;
    }
    PacketLine line = lines.find(i32(slab, offset + (isRtcp ? RTCP_SSRC_AT : RTP_SSRC_AT)));
    if (line == null) {
      return null;
    }
    return isRtcp
        ? line.onRtcp(slab, offset, length, nowNanos)
        : line.onRtp(slab, offset, length, nowNanos);
  }

  /// @return false if the SSRC is taken, or there are too many lines
  boolean enter(int ssrc, PacketLine line) {
    return lines.find(ssrc) == null && lines.put(ssrc, line);
  }

  void remove(int ssrc, PacketLine line) {
    if (lines.find(ssrc) == line) {
      lines.remove(ssrc);
    }
  }

  Egress egress() {
    return egress;
  }

  SrtpFactory srtp() {
    return srtp;
  }
}
