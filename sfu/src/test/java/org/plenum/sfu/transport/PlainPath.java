package org.plenum.sfu.transport;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.Codec;
import org.plenum.sfu.IngressVerdict;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.SlotParameters;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.dtls.DtlsCertificate;
import org.plenum.sfu.dtls.DtlsServer;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.Omitted;
import org.plenum.sfu.forward.PublisherClock;
import org.plenum.sfu.forward.Splice;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.receive.PacketCache;
import org.plenum.sfu.room.SilentPort;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.sfu.rtp.RtpPacket;
import org.plenum.sfu.send.SentPackets;
import org.plenum.sfu.srtp.SrtpFactory;
import org.plenum.sfu.srtp.SrtpReceiver;
import org.plenum.sfu.srtp.SrtpSender;
import org.plenum.sfu.testclient.RtpBytes;

/// The way of a packet from a publisher's receiving half through its cache to the packet built for
/// a viewer, without sockets and in plain text.
final class PlainPath {
  private static final DtlsCertificate CERTIFICATE = DtlsCertificate.generate();
  private static final SrtpFactory SRTP = SrtpFactory.selfTested();
  private static final SrtpReceiver RECEIVER = new PlainReceiver();
  private static final SrtpSender SENDER = new PlainSender();
  private static final long PICTURE_NANOS = 100_000_000L;
  private static final long SOUND_NANOS = 20_000_000L;

  /// A packet as the viewer got it.
  ///
  /// @param extension data of the one extension that both sides negotiated; null without it
  record Built(
      int sequenceNumber, int timestamp, int payloadType, byte[] payload, byte[] extension) {}

  private final HeaderExtensionMap extensions;
  private final int extensionId;
  private final TransportContext context =
      new TransportContext(
          new Egress(new SilentPort(), new WorkerCounters()),
          new WorkerCounters(),
          new DtlsServer(CERTIFICATE),
          SRTP,
          (_, _) -> {},
          new WallClock(0, 0),
          new Random(11));
  private final SentPackets<SendStream> sent = new SentPackets<>();
  private final PacketBuilder builder;
  private final SendStream stream;
  private final Map<Integer, Long> entries = new HashMap<>();
  private long now;

  /// @param ids of the extensions, the same on both sides
  PlainPath(Codec codec, HeaderExtensionMap ids, int extensionId) {
    this(codec, ids, new Mid("5"), null, extensionId);
  }

  /// @param ids of the extensions in all sections
  /// @param slotIds those of the viewer's section; null: the same
  PlainPath(
      Codec codec,
      HeaderExtensionMap ids,
      Mid mid,
      @Nullable HeaderExtensionMap slotIds,
      int extensionId) {
    this.extensions = ids;
    this.extensionId = extensionId;
    this.builder = new PacketBuilder(context, sent, ids);
    Transport viewer = transport();
    MediaKind kind = codec.name().kind();
    var slot = viewer.sender().addSlot(new SlotParameters(mid, kind, List.of(codec), slotIds));
    stream = viewer.sender().streamOf(slot.numbers().ssrc());
    stream.media = new PlainStream();
    stream.rtx = new PlainStream();
  }

  private Transport transport() {
    return new Transport(
        context,
        IceCredentials.random(),
        List.of(CERTIFICATE.fingerprint()),
        extensions,
        _ -> {},
        now);
  }

  /// The viewer's side.
  SendStream stream() {
    return stream;
  }

  /// Nothing is sent for the time of a packet of sound.
  void pass() {
    now += SOUND_NANOS;
  }

  WorkerCounters counters() {
    return context.counters;
  }

  Publisher publisher(String name, Codec codec, int ssrc) {
    return new Publisher(name, codec, ssrc);
  }

  /// Somebody's camera.
  final class Publisher {
    private final Track track;
    private final Transport transport = transport();
    private final Codec codec;
    private final int ssrc;
    private int sequenceNumber = 65_533;

    private Publisher(String name, Codec codec, int ssrc) {
      this.codec = codec;
      this.ssrc = ssrc;
      track =
          new Track(
              new TrackId(name),
              new ParticipantId(name),
              new Mid("1"),
              isSound() ? TrackSource.MICROPHONE : TrackSource.CAMERA,
              List.of(codec),
              new PublisherClock());
      transport.receiver().addTrack(track, List.of(ssrc));
    }

    /// Sends a packet; the viewer gets it.
    ///
    /// @param isNew whether it is the first of a binding
    Built send(byte[] payload, Map<Integer, byte[]> extensionData, boolean isNew) {
      lose();
      arrive(codec.payloadType(), payload, extensionData);
      return pass(isNew);
    }

    /// Sends a packet that gets lost.
    void lose() {
      now += isSound() ? SOUND_NANOS : PICTURE_NANOS;
      sequenceNumber++;
    }

    /// Sends redundant audio, which only arrives.
    IngressVerdict sendRed(byte[] payload) {
      lose();
      return arrive(codec.redPayloadType(), payload, Map.of());
    }

    private boolean isSound() {
      return codec.name().kind() == MediaKind.AUDIO;
    }

    private IngressVerdict arrive(
        int payloadType, byte[] payload, Map<Integer, byte[]> extensionData) {
      byte[] packet =
          RtpBytes.packet(
              payloadType,
              true,
              sequenceNumber & 0xFFFF,
              isSound() ? (int) (now / 1_000_000 * 48) : (int) (now / 100_000 * 9),
              ssrc,
              extensionData,
              payload);
      MemorySegment slab = Arena.ofAuto().allocate(4096);
      MemorySegment.copy(packet, 0, slab, ValueLayout.JAVA_BYTE, 0, packet.length);
      return receive(slab, packet.length);
    }

    IngressVerdict receive(MemorySegment slab, int length) {
      return transport.receiver().onRtp(RECEIVER, slab, 0, length, now);
    }

    Layer layer() {
      return track.layers().getFirst();
    }

    /// The payload in the cache of the packet that was sent so many before the latest; null if it
    /// is not there.
    byte @Nullable [] cached(int before) {
      PacketCache cache = layer().cache();
      int entry = cache.find(layer().stream().highestSequenceNumber() - before);
      return entry == PacketCache.NOT_FOUND
          ? null
          : cache
              .bytes()
              .asSlice(cache.payloadOffset(entry), cache.payloadLength(entry))
              .toArray(ValueLayout.JAVA_BYTE);
    }

    /// Builds the viewer's packet of the latest that arrived; returns its length.
    int build() {
      return build(0);
    }

    /// Builds the viewer's packet of the one that arrived so many before the latest.
    int build(int before) {
      long source = layer().stream().highestSequenceNumber() - before;
      return builder.build(stream, layer(), source, Omitted.NOTHING, false, now);
    }

    /// Sends a packet, which only arrives.
    void arrive(byte[] payload) {
      arrive(payload, Map.of());
    }

    void arrive(byte[] payload, Map<Integer, byte[]> extensionData) {
      lose();
      arrive(codec.payloadType(), payload, extensionData);
    }

    private Built pass(boolean isNew) {
      Layer layer = track.layers().getFirst();
      long source = layer.stream().highestSequenceNumber();
      int length = builder.build(stream, layer, source, Omitted.NOTHING, isNew, now);
      Splice splice = stream.slot.numbers().newest();
      long number = splice.sequenceNumber(source, Omitted.NOTHING);
      entries.put(
          (int) number & 0xFFFF,
          sent.add(
              SentPackets.Kind.MEDIA,
              sent.open(stream, splice),
              source,
              number,
              0,
              length,
              0,
              now));
      return read(length, 0);
    }

    /// The retransmission of the packet that was sent under this number.
    Built again(int number) {
      return read(builder.buildRtx(stream, sent.find(entries.get(number)), now), 2);
    }

    void end() {
      track.end();
      transport.close();
    }
  }

  /// Builds the repair packet of the viewer's full group; returns its length.
  int repair() {
    return builder.buildRepair(stream, stream.protection, SENDER, now);
  }

  /// What was built last, whole.
  byte[] whole(int length) {
    return context
        .egress
        .slab()
        .asSlice(context.egress.nextOffset(), length)
        .toArray(ValueLayout.JAVA_BYTE);
  }

  private static final class PlainSender implements SrtpSender {
    @Override
    public Stream stream(int ssrc) {
      return new PlainStream();
    }

    @Override
    public int protectRtcp(MemorySegment slab, long offset, int length) {
      return length;
    }

    @Override
    public void close() {}
  }

  private Built read(int length, int skip) {
    var packet = new RtpPacket();
    MemorySegment slab = context.egress.slab();
    if (length < 0 || !packet.parse(slab, context.egress.nextOffset(), length)) {
      throw new AssertionError("no packet was built: " + length);
    }
    int at = packet.extensionOffset(extensionId);
    return new Built(
        packet.sequenceNumber(),
        packet.timestamp(),
        packet.payloadType(),
        bytes(packet, packet.headerLength() + skip, packet.payloadLength() - skip),
        at < 0 ? null : bytes(packet, at, packet.extensionLength(extensionId)));
  }

  private static byte[] bytes(RtpPacket packet, int at, int length) {
    return packet.slab().asSlice(packet.offset() + at, length).toArray(ValueLayout.JAVA_BYTE);
  }

  /// Copies what a protecting one would encrypt.
  private static final class PlainStream implements SrtpSender.Stream {
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
      long at = toOffset + headerLength + prefixLength;
      MemorySegment.copy(from, fromOffset, to, at, fromLength);
      return headerLength + prefixLength + fromLength;
    }
  }

  static final class PlainReceiver implements SrtpReceiver {
    @Override
    public int unprotect(MemorySegment slab, long offset, int length, int headerLength) {
      return length;
    }

    @Override
    public int unprotectRtcp(MemorySegment slab, long offset, int length) {
      return length;
    }

    @Override
    public void close() {}
  }
}
