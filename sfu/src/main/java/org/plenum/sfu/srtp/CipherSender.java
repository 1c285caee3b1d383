package org.plenum.sfu.srtp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// Keeps the one-nonce rule around the ciphers of one peer: an index is marked as used before its
/// packet is encrypted, and for the life of the keys.
final class CipherSender implements SrtpSender {
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /// Far beyond the slots of one peer: more means that someone forgets the streams it has.
  static final int MAX_STREAMS = 1536;

  private static final int RTP_HEADER_BYTES = 12;
  private static final int RTCP_HEADER_BYTES = 8;
  private static final int ENCRYPTED = 0x8000_0000;
  private static final long INDEX_END = 1L << 48;

  private final SrtpProfile profile;
  private final PacketCipher rtpCipher;
  private final PacketCipher rtcpCipher;
  private final Map<Integer, IndexedStream> streams = new HashMap<>();

  /// One count for all SSRCs: unique for each, and no look-up.
  private int lastRtcpIndex;

  CipherSender(SrtpProfile profile, PacketCipher rtpCipher, PacketCipher rtcpCipher) {
    this.profile = profile;
    this.rtpCipher = rtpCipher;
    this.rtcpCipher = rtcpCipher;
  }

  @Override
  public Stream stream(int ssrc) {
    var known = streams.get(ssrc);
    if (known != null) {
      return known;
    }
    if (streams.size() == MAX_STREAMS) {
      throw new IllegalStateException("more than " + MAX_STREAMS + " SSRCs sent to one peer");
    }
    var made = new IndexedStream(ssrc);
    streams.put(ssrc, made);
    return made;
  }

  @Override
  public int protectRtcp(MemorySegment slab, long offset, int length) {
    int protectedLength = length + profile.rtcpTagBytes() + Integer.BYTES;
    Objects.checkFromIndexSize(offset, protectedLength, slab.byteSize());
    if (length < RTCP_HEADER_BYTES || lastRtcpIndex == Integer.MAX_VALUE) {
      throw new IllegalStateException(
          "RTCP of " + length + " bytes, at least 8 expected, after index " + lastRtcpIndex);
    }
    int word = ++lastRtcpIndex | ENCRYPTED;
    long end = offset + length;
    long text = offset + RTCP_HEADER_BYTES;
    rtcpCipher.startRtcp(slab, offset, RTCP_HEADER_BYTES, slab.get(U32, offset + 4), word);
    rtcpCipher.encrypt(slab, text, length - RTCP_HEADER_BYTES, slab, text);
    rtcpCipher.finish(slab, profile.isAead() ? end : end + Integer.BYTES);
    slab.set(U32, profile.isAead() ? end + profile.rtcpTagBytes() : end, word);
    return protectedLength;
  }

  @Override
  public void close() {
    rtpCipher.close();
    rtcpCipher.close();
  }

  private final class IndexedStream implements Stream {
    private final int ssrc;
    private final IndexWindow used = new IndexWindow();

    IndexedStream(int ssrc) {
      this.ssrc = ssrc;
    }

    @Override
    public int protect(
        MemorySegment to,
        long toOffset,
        int headerLength,
        int prefixLength,
        MemorySegment from,
        long fromOffset,
        int fromLength,
        long packetIndex) {
      int length = headerLength + prefixLength + fromLength;
      Objects.checkFromIndexSize(toOffset, length + profile.rtpTagBytes(), to.byteSize());
      Objects.checkFromIndexSize(fromOffset, fromLength, from.byteSize());
      requireSameHeader(to, toOffset, headerLength, packetIndex);
      if (!used.isFresh(packetIndex)) {
        return INDEX_USED;
      }
      used.mark(packetIndex);
      long text = toOffset + headerLength;
      rtpCipher.startRtp(to, toOffset, headerLength, ssrc, packetIndex);
      rtpCipher.encrypt(to, text, prefixLength, to, text);
      rtpCipher.encrypt(from, fromOffset, fromLength, to, text + prefixLength);
      rtpCipher.finish(to, toOffset + length);
      return length + profile.rtpTagBytes();
    }

    /// The receiver takes SSRC and index from the header: were they others than the nonce's, it
    /// could not open the packet, and a nonce might serve twice.
    private void requireSameHeader(MemorySegment to, long offset, int headerLength, long index) {
      if (headerLength < RTP_HEADER_BYTES
          || index < 0
          || index >= INDEX_END
          || to.get(U32, offset + 8) != ssrc
          || to.get(U16, offset + 2) != (short) index) {
        throw new IllegalStateException(
            "RTP header of " + headerLength + " bytes is not of SSRC " + ssrc + " index " + index);
      }
    }
  }
}
