package org.plenum.sfu.transport;

import static org.plenum.sfu.rtp.NetworkOrder.put16;
import static org.plenum.sfu.rtp.NetworkOrder.put8;
import static org.plenum.sfu.rtp.NetworkOrder.u8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.port.SendBatch;
import org.plenum.sfu.Codec;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.Omitted;
import org.plenum.sfu.forward.SlotNumbers;
import org.plenum.sfu.forward.Splice;
import org.plenum.sfu.receive.LayerReader;
import org.plenum.sfu.receive.PacketCache;
import org.plenum.sfu.rtp.DependencyDescriptorWriter;
import org.plenum.sfu.rtp.FrameDependencyStructure;
import org.plenum.sfu.rtp.HeaderExtension;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.sfu.rtp.NtpTime;
import org.plenum.sfu.rtp.RtpHeaderWriter;
import org.plenum.sfu.send.SentPackets;
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

  /// The video-timing extension, and where in it begins what pacers and servers write.
  private static final int TIMING_BYTES = 13;

  private static final int PACER_EXIT_AT = 7;

  private static final int MOST_HEADER_BYTES = 400;
  private static final int MOST_PADDING_BYTES = 255;
  private static final HeaderExtension[] EXTENSIONS = HeaderExtension.values();
  private static final MemorySegment PADDING = padding();

  private final TransportContext context;
  private final SentPackets<SendStream> sent;
  private HeaderExtensionMap extensions;

  /// Those of the section that a packet is being built for.
  private HeaderExtensionMap ids;

  // The packet being built.
  private boolean targetUnsaid;
  private int entry;
  private long omittedBefore;

  /// Bytes of earlier sound that it repeats, their headers included (RFC 2198).
  private int repeatedBytes;

  /// What it is to be protected by; null if it is not.
  private @Nullable Protection protection;

  /// @param sent gives each packet its transport-wide number; the caller enters what was built
  PacketBuilder(
      TransportContext context, SentPackets<SendStream> sent, HeaderExtensionMap extensions) {
    this.context = context;
    this.sent = sent;
    this.extensions = extensions;
    this.ids = extensions;
  }

  /// Whether packets carry transport-wide numbers.
  boolean numbers() {
    return extensions.id(HeaderExtension.TRANSPORT_CC) != 0;
  }

  /// As much as its last byte can say.
  private static MemorySegment padding() {
    MemorySegment padding = Arena.global().allocate(MOST_PADDING_BYTES);
    put8(padding, MOST_PADDING_BYTES - 1, MOST_PADDING_BYTES);
    return padding;
  }

  /// Those of its section.
  HeaderExtensionMap extensionsOf(SendStream stream) {
    return stream.extensions == null ? extensions : stream.extensions;
  }

  void extensions(HeaderExtensionMap renegotiated) {
    extensions = renegotiated;
  }

  /// Builds a slot's next packet at the egress's next offset, under the slot's newest splice.
  ///
  /// @param omittedBefore what the slot left out of the layer before it
  /// @return its bytes, or a negative result
  int build(
      SendStream stream,
      Layer layer,
      long source,
      long omittedBefore,
      boolean isNew,
      long nowNanos) {
    SrtpSender.Stream srtp = stream.media;
    entry = layer.cache().find(source);
    Codec codec = stream.slot.codec(layer.cache().codec(entry));
    if (codec == null || srtp == null) {
      return FAILED;
    }
    SlotNumbers numbers = stream.slot.numbers();
    Splice before = numbers.newest();
    Splice next = numbers.spliceFor(layer, source, omittedBefore, entry, isNew, nowNanos);
    if (next == null) {
      return NO_NUMBER;
    }
    if (next != before) {
      stream.onSplice();
    }
    this.omittedBefore = omittedBefore;
    Repetition repetition = stream.repetition;
    int distance = repetition != null && codec.hasRed() ? repetition.distance() : 0;
    repeatedBytes =
        distance == 0
            ? 0
            : context.scratch.repeater.gather(distance, codec, next, source, omittedBefore, entry);
    protection = stream.protection;
    if (protection != null) {
      protection.onPacket();
    }
    int payloadType = repeatedBytes > 0 ? codec.redPayloadType() : codec.payloadType();
    long index = next.sequenceNumber(source, omittedBefore);
    int length = write(stream, srtp, next, numbers.ssrc(), payloadType, index, NO_OSN, nowNanos);
    if (length > 0) {
      context.counters.addSent(codec.name(), length);
      numbers.onSent(next, source, omittedBefore, entry, nowNanos);
      if (repetition != null && codec.hasRed()) {
        noteRepeated(repetition, numbers, length);
      }
    }
    return length;
  }

  /// Builds a packet of nothing but padding in place of one that was left out after its number had
  /// been kept free for it.
  ///
  /// @return its bytes, or a negative result
  int buildBlank(SendStream stream, Layer layer, long source, long omittedBefore, long nowNanos) {
    SrtpSender.Stream srtp = stream.media;
    SlotNumbers numbers = stream.slot.numbers();
    Splice splice = numbers.newest();
    int at = layer.cache().find(source);
    Codec codec = at == PacketCache.NOT_FOUND ? null : stream.slot.codec(layer.cache().codec(at));
    if (codec == null || srtp == null) {
      return FAILED;
    }
    if (splice == null
        || splice.layer() != layer
        || source - Omitted.packets(omittedBefore) < splice.firstSource()) {
      return NO_NUMBER;
    }
    return writePadding(
        stream,
        srtp,
        codec.payloadType(),
        numbers.ssrc(),
        splice.sequenceNumber(source, omittedBefore),
        splice.timestamp(layer.cache().timestamp(at)),
        nowNanos);
  }

  private void noteRepeated(Repetition repetition, SlotNumbers numbers, int length) {
    repetition.onSent(length, repeatedBytes);
    if (repeatedBytes > 0) {
      numbers.onRepeated(repeatedBytes);
      context.counters.add(SfuCounter.SOUND_REPEATED, 1);
    }
  }

  /// Builds the retransmission (RFC 4588) of a packet that was sent before.
  ///
  /// @param sentEntry of the packet in [SentPackets]
  /// @return its bytes, or [#FAILED]
  int buildRtx(SendStream stream, int sentEntry, long nowNanos) {
    Splice splice = sent.splice(sentEntry);
    SrtpSender.Stream srtp = stream.rtx;
    if (splice == null || srtp == null) {
      return FAILED;
    }
    PacketCache cache = splice.layer().cache();
    entry = cache.find(sent.source(sentEntry));
    Codec codec = entry == PacketCache.NOT_FOUND ? null : stream.slot.codec(cache.codec(entry));
    if (codec == null || !codec.hasRtx()) {
      return FAILED;
    }
    omittedBefore = sent.omittedBefore(sentEntry);
    repeatedBytes = 0;
    protection = null;
    SlotNumbers numbers = stream.slot.numbers();
    int length =
        write(
            stream,
            srtp,
            splice,
            numbers.rtxSsrc(),
            codec.rtxPayloadType(),
            numbers.takeRtxSequenceNumber(),
            (int) sent.sequenceNumber(sentEntry) & 0xFFFF,
            nowNanos);
    if (length > 0) {
      context.counters.addSent(codec.name(), length);
    }
    return length;
  }

  /// Builds a packet of nothing but padding on a slot's RTX stream, as senders do to find out what
  /// a path carries.
  ///
  /// @return its bytes, or [#FAILED]
  int buildPadding(SendStream stream, long nowNanos) {
    SrtpSender.Stream srtp = stream.rtx;
    Codec codec = stream.slot.firstCodecWithRtx();
    if (srtp == null || codec == null) {
      return FAILED;
    }
    SlotNumbers numbers = stream.slot.numbers();
    return writePadding(
        stream,
        srtp,
        codec.rtxPayloadType(),
        numbers.rtxSsrc(),
        numbers.takeRtxSequenceNumber(),
        numbers.timestampOfHighest(),
        nowNanos);
  }

  private int writePadding(
      SendStream stream,
      SrtpSender.Stream srtp,
      int payloadType,
      int ssrc,
      long packetIndex,
      int timestamp,
      long nowNanos) {
    MemorySegment slab = context.egress.slab();
    long at = context.egress.nextOffset();
    ids = extensionsOf(stream);
    RtpHeaderWriter header = context.scratch.header;
    header.begin(
        slab,
        at,
        payloadType,
        false,
        (int) packetIndex & 0xFFFF,
        timestamp,
        ssrc,
        ids.needsTwoByteForm());
    header.padded();
    writeOwnExtensions(stream, nowNanos);
    int length = (int) PADDING.byteSize();
    return srtp.protect(slab, at, header.end(), 0, PADDING, 0, length, packetIndex);
  }

  /// Builds the repair packet of a full group.
  ///
  /// @return its bytes, or [#FAILED]
  int buildRepair(SendStream stream, Protection group, SrtpSender sender, long nowNanos) {
    int length = group.payloadLength();
    if (MOST_HEADER_BYTES + length > SendBatch.SLOT_BYTES) {
      return FAILED;
    }
    long index = group.takeSequenceNumber();
    MemorySegment slab = context.egress.slab();
    long at = context.egress.nextOffset();
    ids = extensionsOf(stream);
    RtpHeaderWriter header = context.scratch.header;
    header.begin(
        slab,
        at,
        group.payloadType(),
        false,
        (int) index & 0xFFFF,
        stream.slot.numbers().timestampOfHighest(),
        group.ssrc,
        ids.needsTwoByteForm());
    writeOwnExtensions(stream, nowNanos);
    int headerLength = header.end();
    group.write(slab, at + headerLength);
    return group.stream(sender).protect(slab, at, headerLength, length, PADDING, 0, 0, index);
  }

  private int write(
      SendStream stream,
      SrtpSender.Stream srtp,
      Splice splice,
      int ssrc,
      int payloadType,
      long packetIndex,
      int originalSequenceNumber,
      long nowNanos) {
    PacketCache cache = splice.layer().cache();
    MemorySegment slab = context.egress.slab();
    long at = context.egress.nextOffset();
    int tagBytes = SrtpProfile.AEAD_AES_128_GCM.rtpTagBytes();
    if (MOST_HEADER_BYTES + cache.length(entry) + tagBytes > SendBatch.SLOT_BYTES) {
      return FAILED;
    }
    ids = extensionsOf(stream);
    RtpHeaderWriter header = context.scratch.header;
    header.begin(
        slab,
        at,
        payloadType,
        cache.marker(entry) || Omitted.marker(omittedBefore),
        (int) packetIndex & 0xFFFF,
        splice.timestamp(cache.timestamp(entry)),
        ssrc,
        takesTwoByteForm(stream, cache));
    writeOwnExtensions(stream, nowNanos);
    copyExtensions(splice, cache);
    int headerLength = header.end();

    long payloadAt = at + headerLength;
    int prefix = 0;
    if (originalSequenceNumber != NO_OSN) {
      put16(slab, payloadAt, originalSequenceNumber);
      prefix = 2;
    } else if (repeatedBytes > 0) {
      context.scratch.repeater.write(slab, payloadAt);
      prefix = repeatedBytes;
    }
    int rewritten = writeRenumbered(slab, payloadAt + prefix, splice, cache);
    if (protection != null && protection.isOn()) {
      context.scratch.mutable.blank(slab);
      protection.add(
          ssrc,
          slab,
          at,
          headerLength + prefix + rewritten,
          cache.bytes(),
          cache.payloadOffset(entry) + rewritten,
          cache.payloadLength(entry) - rewritten);
      context.scratch.mutable.restore(slab);
    }
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
    RtpHeaderWriter header = context.scratch.header;
    MutableFields mutable = context.scratch.mutable;
    mutable.clear();
    int id = ids.id(HeaderExtension.TRANSPORT_CC);
    if (id != 0) {
      mutable.add(header.extension(id, (int) sent.nextNumber() & 0xFFFF, 2), 2);
    }
    id = ids.id(HeaderExtension.ABS_SEND_TIME);
    if (id != 0) {
      mutable.add(header.extension(id, absoluteSendTime(nowNanos), 3), 3);
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
  private boolean takesTwoByteForm(SendStream stream, PacketCache cache) {
    if (ids.needsTwoByteForm()) {
      return true;
    }
    boolean maybe =
        ids.hasHighForwardedId()
            || Omitted.target(omittedBefore) != Omitted.NO_TARGET
            || cache.extensionsLength(entry) > 2 + MOST_ONE_BYTE_FORM;
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
      boolean mayGrow = Omitted.target(omittedBefore) != Omitted.NO_TARGET;
      int most = length + (mayGrow ? DependencyDescriptorWriter.MOST_BYTES_MORE : 0);
      if (id > HeaderExtensionMap.LAST_ONE_BYTE_ID || (id != 0 && most > MOST_ONE_BYTE_FORM)) {
        return true;
      }
      at += 2 + length;
    }
    return false;
  }

  /// What has no place in the form begun is left out.
  private void copyExtensions(Splice splice, PacketCache cache) {
    MemorySegment from = cache.bytes();
    long at = cache.extensionsOffset(entry);
    long end = at + cache.extensionsLength(entry);
    while (at < end) {
      HeaderExtension extension = EXTENSIONS[u8(from, at)];
      int length = u8(from, at + 1);
      int id = ids.id(extension);
      boolean isWritten =
          id != 0
              && (extension == HeaderExtension.DEPENDENCY_DESCRIPTOR
                  ? copyDescriptor(id, splice, from, at + 2, length)
                  : context.scratch.header.extension(id, from, at + 2, length));
      if (isWritten && extension == HeaderExtension.VIDEO_TIMING && length == TIMING_BYTES) {
        long timing = context.scratch.header.latest(length);
        context.scratch.mutable.add(timing + PACER_EXIT_AT, TIMING_BYTES - PACER_EXIT_AT);
      }
      at += 2 + length;
    }
  }

  /// @return whether it has a place
  private boolean copyDescriptor(int id, Splice splice, MemorySegment from, long at, int length) {
    RtpHeaderWriter header = context.scratch.header;
    PacketCache cache = splice.layer().cache();
    int written = length;
    int target = Omitted.target(omittedBefore);
    int longer =
        target == Omitted.NO_TARGET ? -1 : rewriteDescriptor(splice.layer(), from, at, length);
    MemorySegment copy = context.scratch.dependencyDescriptorWriter.copy();
    if (longer >= 0 && header.extension(id, copy, 0, longer)) {
      written = longer;
    } else if (!header.extension(id, from, at, length)) {
      return false;
    }
    targetUnsaid |= target != Omitted.NO_TARGET && written == length;
    header.rewrite16(written, FRAME_NUMBER_AT, splice.frameNumber(cache.frameNumber(entry)));
    return true;
  }

  private int rewriteDescriptor(Layer layer, MemorySegment from, long at, int length) {
    LayerReader reader = layer.reader();
    FrameDependencyStructure structure = reader.structureOf(layer.cache().frameNumber(entry));
    return structure == null
        ? -1
        : context.scratch.dependencyDescriptorWriter.write(
            from,
            at,
            length,
            structure,
            reader.decodeTargets(structure, Omitted.target(omittedBefore)));
  }

  /// Whether a packet should have said which decode targets are left, and could not: the structure
  /// it belongs to has been replaced while it waited, or there was no room.
  boolean takeTargetUnsaid() {
    boolean unsaid = targetUnsaid;
    targetUnsaid = false;
    return unsaid;
  }

  /// Copies as much of the payload as holds numbers of the publisher's, and puts the slot's in
  /// their place: picture id and TL0PICIDX (RFC 7741 §4.2, RFC 9628 §4.2).
  ///
  /// @return bytes written; 0 for a payload without such numbers
  private int writeRenumbered(MemorySegment to, long at, Splice splice, PacketCache cache) {
    int bits = cache.pictureIdBits(entry);
    boolean hasTl0PicIdx = cache.tl0PicIdx(entry) >= 0;
    int length =
        Math.max(
            bits == 0 ? 0 : cache.pictureIdOffset(entry) + (bits == 15 ? 2 : 1),
            hasTl0PicIdx ? cache.tl0PicIdxOffset(entry) + 1 : 0);
    MemorySegment.copy(cache.bytes(), cache.payloadOffset(entry), to, at, length);
    if (bits > 0) {
      int pictureId = splice.pictureId(cache.pictureId(entry), omittedBefore, bits);
      if (bits == 15) {
        put16(to, at + cache.pictureIdOffset(entry), 0x8000 | pictureId);
      } else {
        put8(to, at + cache.pictureIdOffset(entry), pictureId);
      }
    }
    if (hasTl0PicIdx) {
      put8(to, at + cache.tl0PicIdxOffset(entry), splice.tl0PicIdx(cache.tl0PicIdx(entry)));
    }
    return length;
  }
}
