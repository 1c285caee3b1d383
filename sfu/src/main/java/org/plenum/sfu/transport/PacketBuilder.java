package org.plenum.sfu.transport;

import static org.plenum.sfu.rtp.NetworkOrder.put16;
import static org.plenum.sfu.rtp.NetworkOrder.put8;
import static org.plenum.sfu.rtp.NetworkOrder.u8;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.plenum.ice.port.SendBatch;
import org.plenum.sfu.Codec;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.SlotNumbers;
import org.plenum.sfu.forward.Splice;
import org.plenum.sfu.receive.PacketCache;
import org.plenum.sfu.rtp.HeaderExtension;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.sfu.rtp.NtpTime;
import org.plenum.sfu.rtp.RtpHeaderWriter;
import org.plenum.sfu.srtp.SrtpProfile;
import org.plenum.sfu.srtp.SrtpSender;

/// Builds one protected packet in the egress slab from a cached one: the viewer's header and
/// extensions, the codec's numbers the slot's own, the payload encrypted on the way. Worker's
/// thread only.
final class PacketBuilder {
  /// [#build]: the packet is from before the slot's splice and has no number.
  static final int NO_NUMBER = -2;

  /// [#build]: it cannot be sent.
  static final int FAILED = -1;

  private static final int NO_OSN = -1;
  private static final int MOST_ONE_BYTE_FORM = 16;

  /// In a dependency descriptor, after a byte of flags and template id (AV1 RTP §A.8.1).
  private static final int FRAME_NUMBER_AT = 1;

  private static final int MOST_HEADER_BYTES = 400;
  private static final HeaderExtension[] EXTENSIONS = HeaderExtension.values();

  private final TransportContext context;
  private HeaderExtensionMap extensions;

  /// Those of the section that a packet is being built for.
  private HeaderExtensionMap ids;

  private int transportSequenceNumber;

  PacketBuilder(TransportContext context, HeaderExtensionMap extensions) {
    this.context = context;
    this.extensions = extensions;
    this.ids = extensions;
  }

  void extensions(HeaderExtensionMap renegotiated) {
    extensions = renegotiated;
  }

  /// Builds a slot's next packet at the egress's next offset.
  ///
  /// @return its bytes, or a negative result
  int build(SendStream stream, Layer layer, long source, int entry, boolean isNew, long nowNanos) {
    PacketCache cache = layer.cache();
    Codec codec = stream.slot.codec(cache.codec(entry));
    SrtpSender.Stream srtp = stream.media;
    if (codec == null || srtp == null) {
      return FAILED;
    }
    SlotNumbers numbers = stream.slot.numbers();
    Splice before = numbers.newest();
    Splice splice = numbers.spliceFor(layer, source, entry, isNew, nowNanos);
    if (splice == null) {
      return NO_NUMBER;
    }
    if (splice != before) {
      stream.onSplice();
    }
    int length =
        write(
            stream,
            srtp,
            numbers.ssrc(),
            codec.payloadType(),
            splice.toSent(source),
            NO_OSN,
            splice,
            cache,
            entry,
            nowNanos);
    if (length > 0) {
      numbers.onSent(splice, source, entry, nowNanos);
    }
    return length;
  }

  /// Builds the retransmission (RFC 4588) of a packet sent under `splice`.
  ///
  /// @return its bytes, or [#FAILED]
  int buildRtx(SendStream stream, Splice splice, long source, int entry, long nowNanos) {
    PacketCache cache = splice.layer().cache();
    Codec codec = stream.slot.codec(cache.codec(entry));
    SrtpSender.Stream srtp = stream.rtx;
    if (codec == null || !codec.hasRtx() || srtp == null) {
      return FAILED;
    }
    SlotNumbers numbers = stream.slot.numbers();
    return write(
        stream,
        srtp,
        numbers.rtxSsrc(),
        codec.rtxPayloadType(),
        numbers.takeRtxSequenceNumber(),
        (int) splice.toSent(source) & 0xFFFF,
        splice,
        cache,
        entry,
        nowNanos);
  }

  private int write(
      SendStream stream,
      SrtpSender.Stream srtp,
      int ssrc,
      int payloadType,
      long packetIndex,
      int originalSequenceNumber,
      Splice splice,
      PacketCache cache,
      int entry,
      long nowNanos) {
    MemorySegment slab = context.egress.slab();
    long at = context.egress.nextOffset();
    int tagBytes = SrtpProfile.AEAD_AES_128_GCM.rtpTagBytes();
    if (MOST_HEADER_BYTES + cache.length(entry) + tagBytes > SendBatch.SLOT_BYTES) {
      return FAILED;
    }
    ids = stream.extensions == null ? extensions : stream.extensions;
    RtpHeaderWriter header = context.header;
    header.begin(
        slab,
        at,
        payloadType,
        cache.marker(entry),
        (int) packetIndex & 0xFFFF,
        splice.timestamp(cache.timestamp(entry)),
        ssrc,
        takesTwoByteForm(stream, cache, entry));
    writeOwnExtensions(stream, nowNanos);
    copyExtensions(splice, cache, entry);
    int headerLength = header.end();

    long payloadAt = at + headerLength;
    int prefix = 0;
    if (originalSequenceNumber != NO_OSN) {
      slab.set(ValueLayout.JAVA_BYTE, payloadAt, (byte) (originalSequenceNumber >>> 8));
      slab.set(ValueLayout.JAVA_BYTE, payloadAt + 1, (byte) originalSequenceNumber);
      prefix = 2;
    }
    int rewritten = writeRenumbered(slab, payloadAt + prefix, splice, cache, entry);
    return srtp.protect(
        slab,
        at,
        headerLength,
        prefix + rewritten,
        cache.bytes(),
        cache.payloadOffset(entry) + rewritten,
        cache.payloadLength(entry) - rewritten,
        packetIndex);
  }

  private void writeOwnExtensions(SendStream stream, long nowNanos) {
    RtpHeaderWriter header = context.header;
    int id = ids.id(HeaderExtension.TRANSPORT_CC);
    if (id != 0) {
      header.extension(id, transportSequenceNumber++ & 0xFFFF, 2);
    }
    id = ids.id(HeaderExtension.ABS_SEND_TIME);
    if (id != 0) {
      header.extension(id, absoluteSendTime(nowNanos), 3);
    }
    id = ids.id(HeaderExtension.MID);
    if (id != 0 && stream.midNeeded) {
      header.extension(id, stream.midBytes);
    }
  }

  /// 24 bits: seconds modulo 64 in units of 2^-18 s.
  private static int absoluteSendTime(long nowNanos) {
    return (int) (NtpTime.fromDuration(nowNanos) >>> 14) & 0xFF_FFFF;
  }

  /// The one-byte form carries no id above 14, and no more than 16 bytes in an extension (RFC 8285
  /// §4.2).
  private boolean takesTwoByteForm(SendStream stream, PacketCache cache, int entry) {
    if (ids.needsTwoByteForm()) {
      return true;
    }
    boolean maybe =
        ids.hasHighForwardedId() || cache.extensionsLength(entry) > 2 + MOST_ONE_BYTE_FORM;
    boolean longMid = stream.midNeeded && stream.midBytes.length > MOST_ONE_BYTE_FORM;
    if (!(maybe || longMid) || !ids.allowsTwoByteForm()) {
      return false;
    }
    if (longMid && ids.id(HeaderExtension.MID) != 0) {
      return true;
    }
    MemorySegment from = cache.bytes();
    long at = cache.extensionsOffset(entry);
    long end = at + cache.extensionsLength(entry);
    while (at < end) {
      int length = u8(from, at + 1);
      int id = ids.id(EXTENSIONS[u8(from, at)]);
      if (id > HeaderExtensionMap.LAST_ONE_BYTE_ID || (id != 0 && length > MOST_ONE_BYTE_FORM)) {
        return true;
      }
      at += 2 + length;
    }
    return false;
  }

  /// What has no place in the form begun is left out.
  private void copyExtensions(Splice splice, PacketCache cache, int entry) {
    MemorySegment from = cache.bytes();
    long at = cache.extensionsOffset(entry);
    long end = at + cache.extensionsLength(entry);
    while (at < end) {
      HeaderExtension extension = EXTENSIONS[u8(from, at)];
      int length = u8(from, at + 1);
      int id = ids.id(extension);
      if (id != 0
          && context.header.extension(id, from, at + 2, length)
          && extension == HeaderExtension.DEPENDENCY_DESCRIPTOR) {
        int frameNumber = splice.frameNumber(cache.frameNumber(entry));
        context.header.rewrite16(length, FRAME_NUMBER_AT, frameNumber);
      }
      at += 2 + length;
    }
  }

  /// Copies as much of the payload as holds numbers of the publisher's, and puts the slot's in
  /// their place: picture id and TL0PICIDX (RFC 7741 §4.2, RFC 9628 §4.2).
  ///
  /// @return bytes written; 0 for a payload without such numbers
  private static int writeRenumbered(
      MemorySegment to, long at, Splice splice, PacketCache cache, int entry) {
    int bits = cache.pictureIdBits(entry);
    boolean hasTl0PicIdx = cache.tl0PicIdx(entry) >= 0;
    int length =
        Math.max(
            bits == 0 ? 0 : cache.pictureIdOffset(entry) + (bits == 15 ? 2 : 1),
            hasTl0PicIdx ? cache.tl0PicIdxOffset(entry) + 1 : 0);
    MemorySegment.copy(cache.bytes(), cache.payloadOffset(entry), to, at, length);
    if (bits == 15) {
      int pictureId = splice.pictureId(cache.pictureId(entry), bits);
      put16(to, at + cache.pictureIdOffset(entry), 0x8000 | pictureId);
    } else if (bits == 7) {
      put8(to, at + cache.pictureIdOffset(entry), splice.pictureId(cache.pictureId(entry), bits));
    }
    if (hasTl0PicIdx) {
      put8(to, at + cache.tl0PicIdxOffset(entry), splice.tl0PicIdx(cache.tl0PicIdx(entry)));
    }
    return length;
  }
}
