package org.plenum.sfu.transport;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.IngressVerdict;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.receive.NackGenerator;
import org.plenum.sfu.receive.PacketCache;
import org.plenum.sfu.receive.ReceiveStream;
import org.plenum.sfu.receive.TransportCcGenerator;
import org.plenum.sfu.rtcp.RtcpReader;
import org.plenum.sfu.rtp.HeaderExtension;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.sfu.rtp.RtpHeader;
import org.plenum.sfu.rtp.RtpPacket;
import org.plenum.sfu.srtp.SrtpReceiver;

/// The receiving half of a transport: takes protection off, finds the track, puts retransmissions
/// back in place, and
/// enters each new packet once into its layer's cache. Sends what a receiver owes: NACK, key-frame
/// requests,
/// transport-cc. Worker's thread only.
public final class MediaReceiver {
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final int OSN_BYTES = 2;
  private static final HeaderExtension[] EXTENSIONS = HeaderExtension.values();

  /// What an SSRC of the peer carries.
  private record Source(Track track, boolean isRtx) {}

  private final TransportContext context;
  private final MediaSender sender;
  private final RtcpInput rtcpInput;
  private final Map<String, Track> byMid = new LinkedHashMap<>();
  private final SsrcTable<Source> sources = new SsrcTable<>(SrtpReceiver.MAX_SSRCS);
  private final TransportCcGenerator transportCc = new TransportCcGenerator();
  private HeaderExtensionMap extensions;

  /// SSRC of the latest packet that transport-cc feedback is about: libwebrtc drops feedback whose
  /// media SSRC is none of its own.
  private int transportCcSsrc;

  MediaReceiver(TransportContext context, HeaderExtensionMap extensions, MediaSender sender) {
    this.context = context;
    this.extensions = extensions;
    this.sender = sender;
    this.rtcpInput = new RtcpInput(context, this, sender);
  }

  void extensions(HeaderExtensionMap renegotiated) {
    extensions = renegotiated;
  }

  /// Makes a track known; its SSRCs if the offer announced them.
  public void addTrack(Track track, List<Integer> ssrcs) {
    byMid.put(track.mid().value(), track);
    for (int i = 0; i < Math.min(2, ssrcs.size()); i++) {
      sources.put(ssrcs.get(i), new Source(track, i == 1));
    }
  }

  /// Forgets a track; its packets are dropped from now on.
  public void removeTrack(Track track) {
    byMid.remove(track.mid().value());
    int[] gone = new int[sources.size()];
    int[] count = {0};
    sources.forEachEntry(
        (ssrc, source) -> {
          if (source.track() == track) {
            gone[count[0]++] = ssrc;
          }
        });
    for (int i = 0; i < count[0]; i++) {
      sources.remove(gone[i]);
    }
  }

  /// The tracks received here.
  public Iterable<Track> tracks() {
    return byMid.values();
  }

  /// The track whose media (not RTX) has this SSRC, or null.
  @Nullable Track trackOf(int ssrc) {
    Source source = sources.find(ssrc);
    return source == null || source.isRtx() ? null : source.track();
  }

  IngressVerdict onRtp(
      SrtpReceiver srtp, MemorySegment slab, long offset, int length, long nowNanos) {
    int headerLength = RtpHeader.length(slab, offset, length);
    if (headerLength < 0) {
      return IngressVerdict.RTP_MALFORMED;
    }
    int plainLength = srtp.unprotect(slab, offset, length, headerLength);
    if (plainLength < 0) {
      return switch (plainLength) {
        case SrtpReceiver.REPLAYED -> IngressVerdict.RTP_REPLAYED;
        case SrtpReceiver.TOO_MANY_SSRCS -> IngressVerdict.RTP_UNKNOWN_STREAM;
        case SrtpReceiver.MALFORMED -> IngressVerdict.RTP_MALFORMED;
        default -> IngressVerdict.RTP_FORGED;
      };
    }
    RtpPacket packet = context.packet;
    if (!packet.parse(slab, offset, plainLength)) {
      return IngressVerdict.RTP_MALFORMED;
    }
    noteTransportCc(packet, nowNanos);
    return onPlain(packet, length, nowNanos);
  }

  IngressVerdict onRtcp(
      SrtpReceiver srtp, MemorySegment slab, long offset, int length, long nowNanos) {
    int plainLength = srtp.unprotectRtcp(slab, offset, length);
    if (plainLength < 0) {
      return switch (plainLength) {
        case SrtpReceiver.REPLAYED -> IngressVerdict.RTCP_REPLAYED;
        case SrtpReceiver.MALFORMED -> IngressVerdict.RTCP_MALFORMED;
        default -> IngressVerdict.RTCP_FORGED;
      };
    }
    rtcpInput.now(nowNanos);
    return RtcpReader.read(slab, offset, plainLength, rtcpInput)
        ? IngressVerdict.RTCP_ACCEPTED
        : IngressVerdict.RTCP_MALFORMED;
  }

  /// Sends what is due to the publisher.
  void onTimeout(long nowNanos) {
    for (Track track : byMid.values()) {
      Layer layer = track.layer();
      if (layer != null) {
        requestMissing(track, layer, nowNanos);
        requestKeyFrame(track, layer, nowNanos);
      }
    }
    while (transportCc.isDue(nowNanos)) {
      int length = transportCc.write(context.feedback, nowNanos);
      if (length == 0) {
        break;
      }
      sender.sendTransportCc(transportCcSsrc, context.feedback, length);
    }
  }

  private void noteTransportCc(RtpPacket packet, long nowNanos) {
    int id = extensions.id(HeaderExtension.TRANSPORT_CC);
    int at = id == 0 ? -1 : packet.extensionOffset(id);
    if (at >= 0 && packet.extensionLength(id) >= 2) {
      transportCcSsrc = packet.ssrc();
      transportCc.onPacket(packet.slab().get(U16, packet.offset() + at) & 0xFFFF, nowNanos);
    }
  }

  private IngressVerdict onPlain(RtpPacket packet, int datagramLength, long nowNanos) {
    Source source = sources.find(packet.ssrc());
    if (source == null) {
      source = learn(packet);
      if (source == null) {
        return IngressVerdict.RTP_UNKNOWN_STREAM;
      }
    }
    Track track = source.track();
    return source.isRtx()
        ? onRetransmission(track, packet, nowNanos)
        : onMedia(track, packet, datagramLength, nowNanos);
  }

  /// Finds out whose an unknown SSRC is: by the MID extension (RFC 8843 §9.2), else by a payload
  /// type that only one
  /// track has.
  private @Nullable Source learn(RtpPacket packet) {
    Track track = trackByMid(packet);
    if (track == null) {
      track = trackByPayloadType(packet.payloadType());
    }
    if (track == null) {
      return null;
    }
    boolean isRtx = track.codecOfRtx(packet.payloadType()) != null;
    var source = new Source(track, isRtx);
    return sources.put(packet.ssrc(), source) ? source : null;
  }

  private @Nullable Track trackByMid(RtpPacket packet) {
    int id = extensions.id(HeaderExtension.MID);
    int at = id == 0 ? -1 : packet.extensionOffset(id);
    if (at < 0) {
      return null;
    }
    byte[] mid =
        packet
            .slab()
            .asSlice(packet.offset() + at, packet.extensionLength(id))
            .toArray(ValueLayout.JAVA_BYTE);
    return byMid.get(new String(mid, StandardCharsets.ISO_8859_1));
  }

  private @Nullable Track trackByPayloadType(int payloadType) {
    Track only = null;
    for (Track track : byMid.values()) {
      if (track.codec(payloadType) != null || track.codecOfRtx(payloadType) != null) {
        if (only != null) {
          return null;
        }
        only = track;
      }
    }
    return only;
  }

  private IngressVerdict onMedia(Track track, RtpPacket packet, int datagramLength, long nowNanos) {
    Codec codec = track.codec(packet.payloadType());
    if (codec == null) {
      return IngressVerdict.RTP_UNKNOWN_PAYLOAD_TYPE;
    }
    Layer layer = layerFor(track, packet.ssrc(), codec);
    long number =
        layer.stream().onPacket(packet.sequenceNumber(), packet.timestamp(), nowNanos, false);
    if (number == ReceiveStream.DUPLICATE) {
      return IngressVerdict.RTP_DUPLICATE;
    }
    context.counters.add(SfuCounter.RTP_PACKETS_RECEIVED, 1);
    context.counters.add(SfuCounter.RTP_BYTES_RECEIVED, datagramLength);
    if (layer.nackNegotiated()) {
      layer.nacks().onPacket(number, nowNanos);
    }
    noteAudioLevel(track, packet);
    enter(track, layer, packet, number, 0, codec, nowNanos);
    return packet.payloadLength() == 0 ? IngressVerdict.RTP_PADDING : IngressVerdict.RTP_ACCEPTED;
  }

  /// An RTX packet: its payload is the original sequence number and the original payload (RFC 4588
  /// §4).
  private IngressVerdict onRetransmission(Track track, RtpPacket packet, long nowNanos) {
    Codec codec = track.codecOfRtx(packet.payloadType());
    Layer layer = track.layer();
    if (codec == null) {
      return IngressVerdict.RTP_UNKNOWN_PAYLOAD_TYPE;
    }
    if (packet.payloadLength() <= OSN_BYTES || layer == null || !layer.stream().isStarted()) {
      return IngressVerdict.RTP_PADDING;
    }
    int original = packet.slab().get(U16, packet.offset() + packet.headerLength()) & 0xFFFF;
    long number = layer.stream().onPacket(original, packet.timestamp(), nowNanos, true);
    if (number == ReceiveStream.DUPLICATE) {
      return IngressVerdict.RTP_DUPLICATE;
    }
    if (layer.nackNegotiated()) {
      layer.nacks().onPacket(number, nowNanos);
    }
    enter(track, layer, packet, number, OSN_BYTES, codec, nowNanos);
    return IngressVerdict.RTP_RECOVERED;
  }

  private Layer layerFor(Track track, int ssrc, Codec codec) {
    Layer layer = track.layer();
    if (layer != null && layer.stream().ssrc() == ssrc) {
      return layer;
    }
    boolean video = track.source().kind() == MediaKind.VIDEO;
    var cache = video ? new PacketCache(1 << 20, 1024) : new PacketCache(32 << 10, 64);
    var fresh =
        new Layer(
            new ReceiveStream(ssrc, codec.name().clockRate()),
            cache,
            codec.feedback().contains(Codec.Feedback.NACK));
    track.replaceLayer(fresh);
    return fresh;
  }

  private void noteAudioLevel(Track track, RtpPacket packet) {
    int id = extensions.id(HeaderExtension.AUDIO_LEVEL);
    int at = id == 0 ? -1 : packet.extensionOffset(id);
    if (at >= 0 && packet.extensionLength(id) >= 1) {
      track.onAudioLevel(packet.slab().get(ValueLayout.JAVA_BYTE, packet.offset() + at) & 0x7F);
    }
  }

  /// Copies the packet into the layer's cache, once, and offers it to the slots.
  private void enter(
      Track track,
      Layer layer,
      RtpPacket packet,
      long number,
      int skip,
      Codec codec,
      long nowNanos) {
    PacketCache cache = layer.cache();
    int extensionLength = extensionsLength(packet);
    int payloadLength = packet.payloadLength() - skip;
    int entry = cache.add(number, packet.timestamp(), extensionLength, payloadLength, nowNanos);
    long payloadFrom = packet.offset() + packet.headerLength() + skip;
    copyExtensions(packet, cache.bytes(), cache.extensionsOffset(entry));
    MemorySegment.copy(
        packet.slab(), payloadFrom, cache.bytes(), cache.payloadOffset(entry), payloadLength);
    boolean frameStart = true;
    boolean keyFrameStart = true;
    if (codec.name() == CodecName.VP8) {
      boolean readable = context.vp8.parse(packet.slab(), payloadFrom, payloadLength);
      frameStart = readable && context.vp8.isFrameStart();
      keyFrameStart = readable && context.vp8.isKeyFrameStart();
    }
    cache.describe(entry, codec.name(), packet.marker(), frameStart, keyFrameStart);
    track.onPacket(layer, number, entry);
  }

  private int extensionsLength(RtpPacket packet) {
    int length = 0;
    for (HeaderExtension extension : EXTENSIONS) {
      int id = extensions.id(extension);
      if (id != 0 && extension.isForwarded() && packet.extensionOffset(id) >= 0) {
        length += 2 + packet.extensionLength(id);
      }
    }
    return length;
  }

  private void copyExtensions(RtpPacket packet, MemorySegment to, long at) {
    for (HeaderExtension extension : EXTENSIONS) {
      int id = extensions.id(extension);
      int from = id != 0 && extension.isForwarded() ? packet.extensionOffset(id) : -1;
      if (from >= 0) {
        int length = packet.extensionLength(id);
        to.set(ValueLayout.JAVA_BYTE, at, (byte) extension.ordinal());
        to.set(ValueLayout.JAVA_BYTE, at + 1, (byte) length);
        MemorySegment.copy(packet.slab(), packet.offset() + from, to, at + 2, length);
        at += 2 + length;
      }
    }
  }

  private void requestMissing(Track track, Layer layer, long nowNanos) {
    if (!layer.nackNegotiated()) {
      return;
    }
    NackGenerator nacks = layer.nacks();
    nacks.roundTrip(sender.roundTripNanos());
    int due = nacks.pollDue(nowNanos, context.sequenceNumbers);
    if (due > 0) {
      sender.sendNack(layer.stream().ssrc(), context.sequenceNumbers, due);
      context.counters.add(SfuCounter.NACKS_SENT, due);
    }
    if (nacks.takeGaveUp() && !track.slots().isEmpty()) {
      track.keyFrames().want();
    }
  }

  private void requestKeyFrame(Track track, Layer layer, long nowNanos) {
    if (track.muted() || track.source().kind() == MediaKind.AUDIO) {
      return;
    }
    if (track.keyFrames().takeDue(nowNanos)) {
      Codec codec = track.codecs().getFirst();
      sender.sendKeyFrameRequest(
          layer.stream().ssrc(), codec.feedback().contains(Codec.Feedback.PLI));
      context.counters.add(SfuCounter.KEY_FRAME_REQUESTS_SENT, 1);
    }
  }
}
