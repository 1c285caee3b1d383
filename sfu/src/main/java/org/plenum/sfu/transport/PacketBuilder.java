package org.plenum.sfu.transport;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.port.SendBatch;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.SlotNumbers;
import org.plenum.sfu.forward.Splice;
import org.plenum.sfu.receive.PacketCache;
import org.plenum.sfu.rtp.HeaderExtension;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.sfu.rtp.NtpTime;
import org.plenum.sfu.rtp.RtpHeaderWriter;
import org.plenum.sfu.rtp.Vp8Descriptor;
import org.plenum.sfu.srtp.SrtpProfile;
import org.plenum.sfu.srtp.SrtpSender;

/// Builds one protected packet in the egress slab from a cached one: the viewer's header and
/// extensions, the codec's
/// descriptor renumbered, the payload encrypted on the way. Worker's thread only.
final class PacketBuilder {
  /// [#build]: the packet is from before the slot's splice and has no number.
  static final int NO_NUMBER = -2;

  /// [#build]: it cannot be sent.
  static final int FAILED = -1;

  private static final int NO_OSN = -1;
  private static final int MOST_HEADER_BYTES = 400;
  private static final HeaderExtension[] EXTENSIONS = HeaderExtension.values();

  private final TransportContext context;
  private HeaderExtensionMap extensions;
  private int transportSequenceNumber;

  PacketBuilder(TransportContext context, HeaderExtensionMap extensions) {
    this.context = context;
    this.extensions = extensions;
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
    Vp8Descriptor descriptor = descriptor(cache, entry);
    Splice before = numbers.newest();
    Splice splice = numbers.spliceFor(layer, source, entry, isNew, descriptor, nowNanos);
    if (splice == null) {
      return NO_NUMBER;
    }
    if (splice != before) {
      stream.midNeeded = true;
      stream.reportDue = true;
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
            descriptor,
            nowNanos);
    if (length > 0) {
      int timestamp = splice.timestamp(cache.timestamp(entry));
      numbers.onSent(splice, source, timestamp, cache.payloadLength(entry), descriptor, nowNanos);
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
        descriptor(cache, entry),
        nowNanos);
  }

  private @Nullable Vp8Descriptor descriptor(PacketCache cache, int entry) {
    boolean isVp8 =
        cache.codec(entry) == CodecName.VP8
            && context.vp8.parse(
                cache.bytes(), cache.payloadOffset(entry), cache.payloadLength(entry));
    return isVp8 ? context.vp8 : null;
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
      @Nullable Vp8Descriptor descriptor,
      long nowNanos) {
    MemorySegment slab = context.egress.slab();
    long at = context.egress.nextOffset();
    int tagBytes = SrtpProfile.AEAD_AES_128_GCM.rtpTagBytes();
    if (MOST_HEADER_BYTES + cache.length(entry) + tagBytes > SendBatch.SLOT_BYTES) {
      return FAILED;
    }
    RtpHeaderWriter header = context.header;
    header.begin(
        slab,
        at,
        payloadType,
        cache.marker(entry),
        (int) packetIndex & 0xFFFF,
        splice.timestamp(cache.timestamp(entry)),
        ssrc,
        extensions.needsTwoByteForm());
    writeOwnExtensions(stream, nowNanos);
    copyExtensions(cache, entry);
    int headerLength = header.end();

    long payloadAt = at + headerLength;
    int prefix = 0;
    if (originalSequenceNumber != NO_OSN) {
      slab.set(ValueLayout.JAVA_BYTE, payloadAt, (byte) (originalSequenceNumber >>> 8));
      slab.set(ValueLayout.JAVA_BYTE, payloadAt + 1, (byte) originalSequenceNumber);
      prefix = 2;
    }
    int descriptorLength = 0;
    if (descriptor != null) {
      descriptorLength =
          writeDescriptor(slab, payloadAt + prefix, splice, cache, entry, descriptor);
    }
    return srtp.protect(
        slab,
        at,
        headerLength,
        prefix + descriptorLength,
        cache.bytes(),
        cache.payloadOffset(entry) + descriptorLength,
        cache.payloadLength(entry) - descriptorLength,
        packetIndex);
  }

  private void writeOwnExtensions(SendStream stream, long nowNanos) {
    RtpHeaderWriter header = context.header;
    int id = extensions.id(HeaderExtension.TRANSPORT_CC);
    if (id != 0) {
      header.extension(id, transportSequenceNumber++ & 0xFFFF, 2);
    }
    id = extensions.id(HeaderExtension.ABS_SEND_TIME);
    if (id != 0) {
      header.extension(id, absoluteSendTime(nowNanos), 3);
    }
    id = extensions.id(HeaderExtension.MID);
    if (id != 0 && stream.midNeeded) {
      header.extension(id, stream.midBytes);
    }
  }

  /// 24 bits: seconds modulo 64 in units of 2^-18 s.
  private static int absoluteSendTime(long nowNanos) {
    return (int) (NtpTime.fromDuration(nowNanos) >>> 14) & 0xFF_FFFF;
  }

  private void copyExtensions(PacketCache cache, int entry) {
    MemorySegment from = cache.bytes();
    long at = cache.extensionsOffset(entry);
    long end = at + cache.extensionsLength(entry);
    while (at < end) {
      HeaderExtension extension = EXTENSIONS[from.get(ValueLayout.JAVA_BYTE, at)];
      int length = from.get(ValueLayout.JAVA_BYTE, at + 1) & 0xFF;
      int id = extensions.id(extension);
      if (id != 0 && fits(length)) {
        context.header.extension(id, from, at + 2, length);
      }
      at += 2 + length;
    }
  }

  /// The one-byte form carries 1 to 16 bytes (RFC 8285 §4.2).
  private boolean fits(int length) {
    return extensions.needsTwoByteForm() || (length >= 1 && length <= 16);
  }

  /// Copies the VP8 descriptor with picture id and TL0PICIDX renumbered (RFC 7741 §4.2).
  private static int writeDescriptor(
      MemorySegment to,
      long at,
      Splice splice,
      PacketCache cache,
      int entry,
      Vp8Descriptor descriptor) {
    int length = descriptor.length();
    MemorySegment.copy(cache.bytes(), cache.payloadOffset(entry), to, at, length);
    int bits = descriptor.pictureIdBits();
    if (bits != 0) {
      int pictureId = splice.pictureId(descriptor.pictureId(), bits);
      long place = at + descriptor.pictureIdOffset();
      if (bits == 15) {
        to.set(ValueLayout.JAVA_BYTE, place, (byte) (0x80 | pictureId >>> 8));
        to.set(ValueLayout.JAVA_BYTE, place + 1, (byte) pictureId);
      } else {
        to.set(ValueLayout.JAVA_BYTE, place, (byte) pictureId);
      }
    }
    if (descriptor.tl0PicIdx() >= 0) {
      int tl0PicIdx = splice.tl0PicIdx(descriptor.tl0PicIdx());
      to.set(ValueLayout.JAVA_BYTE, at + descriptor.tl0PicIdxOffset(), (byte) tl0PicIdx);
    }
    return length;
  }
}
