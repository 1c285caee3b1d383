package org.plenum.sfu.transport;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Codec;
import org.plenum.sfu.IngressVerdict;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.receive.FrameLayers;
import org.plenum.sfu.receive.InsertedNumbers;
import org.plenum.sfu.receive.LayerReader;
import org.plenum.sfu.receive.NackGenerator;
import org.plenum.sfu.receive.PacketCache;
import org.plenum.sfu.receive.ParameterSets;
import org.plenum.sfu.receive.PayloadView;
import org.plenum.sfu.receive.ReceiveStream;
import org.plenum.sfu.receive.TransportCcGenerator;
import org.plenum.sfu.red.RedGap;
import org.plenum.sfu.red.RedPayload;
import org.plenum.sfu.rtcp.RtcpReader;
import org.plenum.sfu.rtp.HeaderExtension;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.sfu.rtp.RtpHeader;
import org.plenum.sfu.rtp.RtpPacket;
import org.plenum.sfu.speaker.SoundGate;
import org.plenum.sfu.srtp.SrtpReceiver;

/// The receiving half of a transport: takes protection off, finds the track, puts retransmissions
/// back in place, and enters each new packet once into its layer's cache. Sends what a receiver
/// owes: NACK, key-frame requests, transport-cc. Worker's thread only.
public final class MediaReceiver {
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final int OSN_BYTES = 2;

  /// Lost packets of sound that one packet can restore; browsers repeat one or two.
  private static final int MOST_RECOVERED = 8;

  private final TransportContext context;
  private final MediaSender sender;
  private final TransportListener listener;
  private final RtcpInput rtcpInput;
  private final Sources sources = new Sources();
  private final TransportCcGenerator transportCc = new TransportCcGenerator();
  private HeaderExtensionMap extensions;

  // Of RTP and RTCP that proved to be the peer's.
  private boolean heard;
  private long heardNanos;

  /// SSRC of the latest packet that transport-cc feedback is about: libwebrtc drops feedback whose
  /// media SSRC is none of its own.
  private int transportCcSsrc;

  MediaReceiver(
      TransportContext context,
      HeaderExtensionMap extensions,
      MediaSender sender,
      TransportListener listener) {
    this.context = context;
    this.listener = listener;
    this.extensions = extensions;
    this.sender = sender;
    this.rtcpInput = new RtcpInput(context, this, sender);
  }

  void extensions(HeaderExtensionMap renegotiated) {
    extensions = renegotiated;
  }

  /// Makes a track known; its SSRCs if the offer announced them.
  ///
  /// @param bitrateBps what is taken of it at the most
  public void addTrack(Track track, List<Integer> ssrcs, long bitrateBps) {
    sources.add(track, ssrcs, bitrateBps);
  }

  /// The same for a track that may send as much as it likes.
  public void addTrack(Track track, List<Integer> ssrcs) {
    addTrack(track, ssrcs, Long.MAX_VALUE);
  }

  /// Forgets a track; its packets are dropped from now on.
  public void removeTrack(Track track) {
    sources.end(track);
  }

  /// Whether anything authentic, RTP or RTCP, ever came.
  boolean hasHeard() {
    return heard;
  }

  /// When the latest of it came, if any did.
  long heardNanos() {
    return heardNanos;
  }

  /// Whether something is to be asked of the publisher, or told to it, that cannot wait.
  boolean isUrgent(long nowNanos) {
    if (transportCc.isDue(nowNanos)) {
      return true;
    }
    List<Track> tracks = sources.tracks();
    for (int t = 0; t < tracks.size(); t++) {
      List<Layer> layers = tracks.get(t).layers();
      for (int i = 0; i < layers.size(); i++) {
        if (!layers.get(i).nacks().isIdle() || layers.get(i).keyFrames().isWanted()) {
          return true;
        }
      }
    }
    return false;
  }

  /// The tracks received here.
  public List<Track> tracks() {
    return sources.tracks();
  }

  /// The layer whose media (not RTX) has this SSRC, or null.
  @Nullable Layer layerOf(int ssrc) {
    return sources.layerOf(ssrc);
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
    hear(nowNanos);
    RtpPacket packet = context.scratch.packet;
    if (!packet.parse(slab, offset, plainLength)) {
      return IngressVerdict.RTP_MALFORMED;
    }
    IngressVerdict verdict = onPlain(packet, length, nowNanos);
    if (verdict != IngressVerdict.RTP_OVER_BITRATE) {
      noteTransportCc(packet, length, nowNanos);
    }
    return verdict;
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
    hear(nowNanos);
    rtcpInput.now(nowNanos);
    if (!RtcpReader.read(slab, offset, plainLength, rtcpInput)) {
      return IngressVerdict.RTCP_MALFORMED;
    }
    return rtcpInput.leftUnread() ? IngressVerdict.RTCP_OVER_BUDGET : IngressVerdict.RTCP_ACCEPTED;
  }

  private void hear(long nowNanos) {
    heard = true;
    heardNanos = nowNanos;
  }

  /// Sends what is due to the publisher.
  void onTimeout(long nowNanos) {
    for (Track track : sources.tracks()) {
      List<Layer> layers = track.layers();
      for (int i = 0; i < layers.size(); i++) {
        requestMissing(track, layers.get(i), nowNanos);
        requestKeyFrame(track, layers.get(i), nowNanos);
      }
    }
    while (transportCc.isDue(nowNanos)) {
      int length = transportCc.write(context.scratch.feedback, nowNanos);
      if (length == 0) {
        break;
      }
      sender.sendTransportCc(transportCcSsrc, context.scratch.feedback, length);
    }
  }

  private void noteTransportCc(RtpPacket packet, int datagramLength, long nowNanos) {
    int id = extensions.idIn(packet, HeaderExtension.TRANSPORT_CC);
    int at = id == 0 ? -1 : packet.extensionOffset(id);
    if (at >= 0 && packet.extensionLength(id) >= 2) {
      transportCcSsrc = packet.ssrc();
      int number = packet.slab().get(U16, packet.offset() + at) & 0xFFFF;
      transportCc.onPacket(number, datagramLength, nowNanos);
    }
  }

  private IngressVerdict onPlain(RtpPacket packet, int datagramLength, long nowNanos) {
    Sources.Source source = sources.of(packet, extensions);
    if (source == null || source.ended()) {
      return IngressVerdict.RTP_UNKNOWN_STREAM;
    }
    if (!source.policer().take(datagramLength, nowNanos)) {
      return onOverBitrate(source, nowNanos);
    }
    return source.isRtx()
        ? onRetransmission(source, packet, datagramLength, nowNanos)
        : onMedia(source, packet, datagramLength, nowNanos);
  }

  /// To the sender it is lost, as in a network that carries no more: reports and transport-cc say
  /// so, and whoever looks at them slows down. It is not asked for again.
  private IngressVerdict onOverBitrate(Sources.Source source, long nowNanos) {
    Track track = source.track();
    Layer layer = track.layer(source.rid());
    if (layer != null && !source.isRtx()) {
      layer.nacks().ignoreNextGap();
    }
    if (source.policer().takeTold(nowNanos)) {
      listener.onBitrateExceeded(track.mid(), source.policer().bitrateBps());
    }
    return IngressVerdict.RTP_OVER_BITRATE;
  }

  private IngressVerdict onMedia(
      Sources.Source source, RtpPacket packet, int datagramLength, long nowNanos) {
    Track track = source.track();
    Codec codec = track.codec(packet.payloadType());
    boolean isRed = codec == null;
    if (isRed) {
      codec = track.codecOfRed(packet.payloadType());
    }
    if (codec == null) {
      return IngressVerdict.RTP_UNKNOWN_PAYLOAD_TYPE;
    }
    context.counters.addReceived(codec.name(), datagramLength);
    isRed &= packet.payloadLength() > 0;
    if (isRed) {
      IngressVerdict refused = readRed(packet, codec);
      if (refused != null) {
        return refused;
      }
    }
    Layer layer = layerFor(source, packet.ssrc(), codec);
    if (layer == null) {
      return IngressVerdict.RTP_UNKNOWN_STREAM;
    }
    long before =
        layer.stream().isStarted() ? layer.stream().highestSequenceNumber() : Long.MAX_VALUE;
    long number =
        layer.stream().onPacket(packet.sequenceNumber(), packet.timestamp(), nowNanos, false);
    if (number == ReceiveStream.DUPLICATE) {
      return IngressVerdict.RTP_DUPLICATE;
    }
    context.counters.add(SfuCounter.RTP_PACKETS_RECEIVED, 1);
    context.counters.add(SfuCounter.RTP_BYTES_RECEIVED, datagramLength);
    if (layer.nackNegotiated()) {
      layer.nacks().onPacket(number, nowNanos);
      if (!layer.nacks().isIdle()) {
        context.rounds.hurry();
      }
    }
    if (track.source().kind() == MediaKind.AUDIO) {
      listen(layer, packet, number, nowNanos);
    }
    if (packet.payloadLength() > 0) {
      track.activeCodec(codec);
    }
    int skip = 0;
    int length = packet.payloadLength();
    if (isRed) {
      recover(layer, packet, before, number, codec, nowNanos);
      skip = context.scratch.red.primaryOffset();
      length = context.scratch.red.primaryLength();
    }
    if (!enter(layer, packet, number, skip, length, codec, nowNanos)) {
      return IngressVerdict.RTP_DUPLICATE;
    }
    return packet.payloadLength() == 0 ? IngressVerdict.RTP_PADDING : IngressVerdict.RTP_ACCEPTED;
  }

  /// What is kept of redundant audio (RFC 2198) is its primary block, as if it had been sent alone:
  /// each viewer is sent the redundancy that it needs, made anew.
  ///
  /// @return the verdict, if it cannot be used; else null
  private @Nullable IngressVerdict readRed(RtpPacket packet, Codec codec) {
    RedPayload red = context.scratch.red;
    long payloadAt = packet.offset() + packet.headerLength();
    if (!red.parse(packet.slab(), payloadAt, packet.payloadLength())) {
      return IngressVerdict.RTP_MALFORMED;
    }
    return red.primaryPayloadType() == codec.payloadType()
        ? null
        : IngressVerdict.RTP_UNKNOWN_PAYLOAD_TYPE;
  }

  /// Packets missing before this one, of which it carries a copy, take their places, the oldest
  /// first.
  ///
  /// @param before the highest number of the layer before this packet came
  private void recover(
      Layer layer, RtpPacket packet, long before, long number, Codec codec, long nowNanos) {
    int entryBefore = layer.cache().find(before);
    if (number - before < 2 || entryBefore == PacketCache.NOT_FOUND) {
      return;
    }
    int timestamp = layer.stream().timestamp(number, packet.timestamp());
    RedPayload red = context.scratch.red;
    RedGap gap = context.scratch.redGap;
    if (!gap.look(before, layer.cache().timestamp(entryBefore), number, timestamp, red)) {
      return;
    }
    int first = Math.max(0, red.redundantCount() - MOST_RECOVERED);
    for (int block = first; block < red.redundantCount(); block++) {
      long lost = gap.numberOf(red, block);
      if (lost != RedGap.UNKNOWN
          && red.length(block) > 0
          && red.payloadType(block) == codec.payloadType()
          && layer.stream().onRepeated(lost)) {
        if (layer.nackNegotiated()) {
          layer.nacks().onPacket(lost, nowNanos);
        }
        int itsTimestamp = timestamp - red.timestampOffset(block);
        enterRepeated(layer, packet, lost, block, itsTimestamp, codec, nowNanos);
      }
    }
  }

  private void enterRepeated(
      Layer layer,
      RtpPacket packet,
      long number,
      int block,
      int timestamp,
      Codec codec,
      long nowNanos) {
    RedPayload red = context.scratch.red;
    PacketCache cache = layer.cache();
    int length = red.length(block);
    int entry = cache.add(number, timestamp, 0, length, nowNanos);
    if (entry == PacketCache.NOT_FOUND) {
      return;
    }
    long from = packet.offset() + packet.headerLength() + red.offset(block);
    long to = cache.payloadOffset(entry);
    MemorySegment.copy(packet.slab(), from, cache.bytes(), to, length);
    context.scratch.payload.parse(codec.name(), cache.bytes(), to, length);
    cache.describe(entry, codec, false, context.scratch.payload, true, -1, FrameLayers.NONE);
    context.counters.add(SfuCounter.SOUND_RECOVERED, 1);
    layer.track().onPacket(layer, number, entry, 0, nowNanos);
  }

  /// An RTX packet: its payload is the original sequence number and the original payload (RFC 4588
  /// §4).
  private IngressVerdict onRetransmission(
      Sources.Source source, RtpPacket packet, int datagramLength, long nowNanos) {
    Codec codec = source.track().codecOfRtx(packet.payloadType());
    Layer layer = source.track().layer(source.rid());
    if (codec == null) {
      return IngressVerdict.RTP_UNKNOWN_PAYLOAD_TYPE;
    }
    context.counters.addReceived(codec.name(), datagramLength);
    if (layer == null || !layer.stream().isStarted()) {
      return IngressVerdict.RTP_PADDING;
    }
    if (packet.payloadLength() <= OSN_BYTES) {
      layer.onProbe();
      return IngressVerdict.RTP_PADDING;
    }
    int original = packet.slab().get(U16, packet.offset() + packet.headerLength()) & 0xFFFF;
    long number = layer.stream().onPacket(original, packet.timestamp(), nowNanos, true);
    if (number == ReceiveStream.DUPLICATE) {
      layer.onProbe();
      return IngressVerdict.RTP_DUPLICATE;
    }
    if (layer.nackNegotiated()) {
      layer.nacks().onRetransmission(number, nowNanos);
    }
    int length = packet.payloadLength() - OSN_BYTES;
    if (!enter(layer, packet, number, OSN_BYTES, length, codec, nowNanos)) {
      return IngressVerdict.RTP_DUPLICATE;
    }
    layer.onRecovered();
    return IngressVerdict.RTP_RECOVERED;
  }

  private @Nullable Layer layerFor(Sources.Source source, int ssrc, Codec codec) {
    Track track = source.track();
    Layer layer = track.layer(source.rid());
    if (layer != null && layer.stream().ssrc() == ssrc) {
      return layer;
    }
    if (!track.acceptsLayer(ssrc)) {
      return null;
    }
    var fresh =
        new Layer(
            track,
            source.rid(),
            new ReceiveStream(ssrc, codec.name().clockRate()),
            PacketCache.of(track.source().kind()),
            codec.feedback().contains(Codec.Feedback.NACK));
    track.addLayer(fresh);
    if (layer != null) {
      sources.end(track, layer.stream().ssrc());
      listener.onSsrcChanged(track.mid(), layer.stream().ssrc(), ssrc);
    }
    return fresh;
  }

  /// Notes how loud it is, and whether that is worth sending.
  private void listen(Layer layer, RtpPacket packet, long number, long nowNanos) {
    Track track = layer.track();
    int level = audioLevel(packet);
    if (level != SoundGate.NO_LEVEL) {
      track.speech().onLevel(level, nowNanos);
    }
    boolean worthSending =
        track.soundGate().onPacket(level, packet.payloadLength(), track.muted(), nowNanos);
    layer.sound().decide(layer.numbers().of(number), worthSending);
  }

  /// RFC 6464: in -dBov.
  private int audioLevel(RtpPacket packet) {
    int id = extensions.idIn(packet, HeaderExtension.AUDIO_LEVEL);
    int at = id == 0 ? -1 : packet.extensionOffset(id);
    return at >= 0 && packet.extensionLength(id) >= 1
        ? packet.slab().get(ValueLayout.JAVA_BYTE, packet.offset() + at) & 0x7F
        : SoundGate.NO_LEVEL;
  }

  /// Copies the packet into the layer's cache, once, and offers it to the slots.
  ///
  /// @param skip bytes of the packet's payload before what is kept
  /// @param payloadLength of what is kept
  /// @return false if it is too late for that
  private boolean enter(
      Layer layer,
      RtpPacket packet,
      long number,
      int skip,
      int payloadLength,
      Codec codec,
      long nowNanos) {
    Track track = layer.track();
    PacketCache cache = layer.cache();
    long payloadFrom = packet.offset() + packet.headerLength() + skip;
    int timestamp = layer.stream().timestamp(number, packet.timestamp());
    layer.parameterSets().note(codec.name(), packet.slab(), payloadFrom, payloadLength, timestamp);
    PayloadView payload = context.scratch.payload;
    LayerReader reader = layer.reader();
    payload.parse(codec.name(), packet.slab(), payloadFrom, payloadLength, reader);
    if (payload.isIdrStart() && lacksParameterSets(layer, number, codec, timestamp)) {
      insertParameterSets(layer, number, codec, timestamp, nowNanos);
      payload.parse(codec.name(), packet.slab(), payloadFrom, payloadLength, reader);
    }
    long place = layer.numbers().of(number);
    int extensionLength = ForwardedExtensions.length(packet, extensions, track.clock());
    int entry =
        place == InsertedNumbers.TOO_LATE
            ? PacketCache.NOT_FOUND
            : cache.add(place, timestamp, extensionLength, payloadLength, nowNanos);
    if (entry == PacketCache.NOT_FOUND) {
      return false;
    }
    int frameNumberOffset =
        ForwardedExtensions.copy(
            packet, extensions, track.clock(), cache.bytes(), cache.extensionsOffset(entry));
    MemorySegment.copy(
        packet.slab(), payloadFrom, cache.bytes(), cache.payloadOffset(entry), payloadLength);
    if (payload.hasParameterSets()) {
      layer.onParameterSets();
    }
    boolean keyFrameStart =
        payload.isKeyFrameStart() || (payload.isIdrStart() && layer.startsAtIdr());
    cache.describe(
        entry,
        codec,
        packet.marker() || layer.sound().beginsTalkspurt(place),
        payload,
        keyFrameStart,
        frameNumberOffset,
        layersWithin(packet, payload, reader));
    track.onPacket(layer, place, entry, payload.height(), nowNanos);
    boolean endsPicture = packet.marker() || track.source().kind() == MediaKind.AUDIO;
    context.schedule.onForwarded(endsPicture);
    return true;
  }

  /// By the codec's own descriptor where it is the better one: what senders say of VP8 in the
  /// dependency descriptor is that all can be switched to at any time.
  private long layersWithin(RtpPacket packet, PayloadView payload, LayerReader reader) {
    int id = extensions.idIn(packet, HeaderExtension.DEPENDENCY_DESCRIPTOR);
    int at = id == 0 ? -1 : packet.extensionOffset(id);
    if (at < 0 || FrameLayers.isCountedPicture(payload.layers())) {
      return payload.layers();
    }
    long described =
        reader.read(
            context.scratch.dependencyDescriptor,
            packet.slab(),
            packet.offset() + at,
            packet.extensionLength(id));
    return described == FrameLayers.NONE ? payload.layers() : described;
  }

  /// A key frame whose parameter sets came long ago. If others came before it, there is no
  /// longer a place between them: viewers wait for the next.
  private static boolean lacksParameterSets(Layer layer, long number, Codec codec, int timestamp) {
    return layer.parameterSets().mustPrecede(codec.name(), timestamp)
        && number == layer.stream().highestSequenceNumber();
  }

  /// Puts the layer's parameter sets before its next packet, each in a packet of its own.
  private void insertParameterSets(
      Layer layer, long number, Codec codec, int timestamp, long nowNanos) {
    ParameterSets sets = layer.parameterSets();
    PacketCache cache = layer.cache();
    layer.numbers().insert(number, sets.count());
    long first = layer.numbers().of(number) - sets.count();
    for (int i = 0; i < sets.count(); i++) {
      int entry = cache.add(first + i, timestamp, 0, sets.length(i), nowNanos);
      if (entry == PacketCache.NOT_FOUND) {
        return;
      }
      long at = cache.payloadOffset(entry);
      sets.copy(i, cache.bytes(), at);
      context.scratch.payload.parse(codec.name(), cache.bytes(), at, sets.length(i));
      cache.describe(entry, codec, false, context.scratch.payload, i == 0, -1, FrameLayers.NONE);
      layer.track().onPacket(layer, first + i, entry, context.scratch.payload.height(), nowNanos);
    }
  }

  private void requestMissing(Track track, Layer layer, long nowNanos) {
    // Before the viewers are looked at: nearly always nothing is missing.
    if (!layer.nackNegotiated() || layer.nacks().isIdle()) {
      return;
    }
    NackGenerator nacks = layer.nacks();
    if (!track.isWanted(layer)) {
      nacks.forget(); // whoever wants it later begins with a key frame
      return;
    }
    nacks.roundTrip(sender.roundTripNanos());
    int due = nacks.pollDue(nowNanos, context.scratch.sequenceNumbers);
    if (due > 0) {
      sender.sendNack(layer.stream().ssrc(), context.scratch.sequenceNumbers, due);
      context.counters.add(SfuCounter.NACKS_SENT, due);
    }
    if (nacks.takeGaveUp()) {
      layer.keyFrames().want();
    }
  }

  private void requestKeyFrame(Track track, Layer layer, long nowNanos) {
    if (track.muted() || track.source().kind() == MediaKind.AUDIO) {
      return;
    }
    if (layer.keyFrames().takeDue(nowNanos)) {
      Codec codec = track.activeCodec();
      sender.sendKeyFrameRequest(
          layer.stream().ssrc(), codec.feedback().contains(Codec.Feedback.PLI));
      context.counters.add(SfuCounter.KEY_FRAME_REQUESTS_SENT, 1);
    }
  }
}
