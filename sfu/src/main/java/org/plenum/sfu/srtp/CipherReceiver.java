package org.plenum.sfu.srtp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/// Replay protection and roll-over counters around the ciphers of one peer. Whatever arrives, state
/// changes only after authentication.
final class CipherReceiver implements SrtpReceiver {
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final int RTP_HEADER_BYTES = 12;
  private static final int RTCP_HEADER_BYTES = 8;
  private static final int VERSION_2 = 0b10;
  private static final int ENCRYPTED = 0x8000_0000;
  private static final int HALF_ROUND = 1 << 15;
  private static final long ROUND = 1 << 16;

  private final SrtpProfile profile;
  private final PacketCipher rtpCipher;
  private final PacketCipher rtcpCipher;
  private final ReceiveTable table = new ReceiveTable();

  CipherReceiver(SrtpProfile profile, PacketCipher rtpCipher, PacketCipher rtcpCipher) {
    this.profile = profile;
    this.rtpCipher = rtpCipher;
    this.rtcpCipher = rtcpCipher;
  }

  @Override
  public int unprotect(MemorySegment slab, long offset, int length, int headerLength) {
    Objects.checkFromIndexSize(offset, length, slab.byteSize());
    int plainLength = length - profile.rtpTagBytes();
    if (headerLength < RTP_HEADER_BYTES
        || plainLength < headerLength
        || !isVersion2(slab, offset)) {
      return MALFORMED;
    }
    int ssrc = slab.get(U32, offset + 8);
    var state = table.find(ssrc);
    long index = guessIndex(state == null ? -1 : state.rtp.highest(), slab.get(U16, offset + 2));
    if (state != null && !state.rtp.isFresh(index)) {
      return REPLAYED;
    }
    rtpCipher.startRtp(slab, offset, headerLength, ssrc, index);
    if (!rtpCipher.open(
        slab, offset + headerLength, plainLength - headerLength, offset + plainLength)) {
      return FORGED;
    }
    var authentic = state == null ? table.add(ssrc) : state;
    if (authentic == null) {
      return TOO_MANY_SSRCS;
    }
    authentic.rtp.mark(index);
    return plainLength;
  }

  @Override
  public int unprotectRtcp(MemorySegment slab, long offset, int length) {
    Objects.checkFromIndexSize(offset, length, slab.byteSize());
    int plainLength = length - profile.rtcpTagBytes() - Integer.BYTES;
    if (plainLength < RTCP_HEADER_BYTES || !isVersion2(slab, offset)) {
      return MALFORMED;
    }
    long end = offset + plainLength;
    long tag = profile.isAead() ? end : end + Integer.BYTES;
    int word = slab.get(U32, profile.isAead() ? end + profile.rtcpTagBytes() : end);
    long index = word & ~ENCRYPTED;
    int ssrc = slab.get(U32, offset + 4);
    var state = table.find(ssrc);
    if (state != null && !state.rtcp.isFresh(index)) {
      return REPLAYED;
    }
    int clearLength = (word & ENCRYPTED) == 0 ? plainLength : RTCP_HEADER_BYTES;
    rtcpCipher.startRtcp(slab, offset, clearLength, ssrc, word);
    if (!rtcpCipher.open(slab, offset + clearLength, plainLength - clearLength, tag)) {
      return FORGED;
    }
    var authentic = state == null ? table.add(ssrc) : state;
    if (authentic == null) {
      return TOO_MANY_SSRCS;
    }
    authentic.rtcp.mark(index);
    return plainLength;
  }

  @Override
  public void close() {
    rtpCipher.close();
    rtcpCipher.close();
  }

  int ssrcs() {
    return table.size();
  }

  /// The index closest to the highest one so far (RFC 3711 §3.3.1, appendix A); an SSRC's first
  /// packet has roll-over counter 0. There is no round before round 0, so a jump back over its
  /// start is taken as a jump ahead, as libsrtp does.
  static long guessIndex(long highest, short sequence) {
    int sequenceNumber = Short.toUnsignedInt(sequence);
    if (highest < 0) {
      return sequenceNumber;
    }
    long sameRound = highest & -ROUND | sequenceNumber;
    long ahead = sameRound - highest;
    if (ahead > HALF_ROUND) {
      return sameRound >= ROUND ? sameRound - ROUND : sameRound;
    }
    return ahead < -HALF_ROUND ? sameRound + ROUND : sameRound;
  }

  private static boolean isVersion2(MemorySegment slab, long offset) {
    return (slab.get(ValueLayout.JAVA_BYTE, offset) & 0xFF) >>> 6 == VERSION_2;
  }
}
