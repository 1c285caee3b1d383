package org.plenum.sfu.transport;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.IngressVerdict;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.dtls.DtlsCertificate;
import org.plenum.sfu.dtls.DtlsServer;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.PublisherClock;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.room.SilentPort;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.sfu.srtp.SrtpFactory;

/// A WHIP client of whatever manners on virtual time: its packets go through the receiving half of
/// a transport, without mids, without sender reports, and without retransmissions. Its sequence
/// numbers and timestamps wrap within the first second.
final class QuirkyPublisher {
  static final Codec VP8 =
      new Codec(CodecName.VP8, 96, Codec.NO_RTX, Set.of(Codec.Feedback.PLI), Map.of());
  static final Codec H264 =
      new Codec(CodecName.H264, 102, Codec.NO_RTX, Set.of(Codec.Feedback.PLI), Map.of());
  static final Codec OPUS = new Codec(CodecName.OPUS, 111, Codec.NO_RTX, Set.of(), Map.of());

  private static final DtlsCertificate CERTIFICATE = DtlsCertificate.generate();
  private static final SrtpFactory SRTP = SrtpFactory.selfTested();
  private static final byte[] SPS = {0x67, 0x42, (byte) 0xC0, 0x1F};
  private static final byte[] PPS = {0x68, (byte) 0xCE, 0x3C, (byte) 0x80};

  final Track track;
  final List<String> heard = new ArrayList<>();
  final Map<IngressVerdict, Integer> verdicts = new EnumMap<>(IngressVerdict.class);

  // Manners, changed by the tests.
  int ssrc = 0x1000;
  int timestampShift;
  int sequenceNumber = 65_500;
  int csrcs;
  boolean duplicates;
  boolean swapsPackets;
  boolean padsBetweenFrames;
  boolean setsOnceOnly = true;
  double loss;

  private final Codec codec;
  private final Transport transport;
  private final MemorySegment slab = Arena.ofAuto().allocate(4096);
  private final Random random = new Random(5);
  private boolean setsSent;
  private int number;
  private long requestsSeen;
  private boolean keyFrameDue = true;

  QuirkyPublisher(Codec codec) {
    this(codec, Long.MAX_VALUE);
  }

  /// @param bitrateBps what is taken of it
  QuirkyPublisher(Codec codec, long bitrateBps) {
    this.codec = codec;
    var context =
        new TransportContext(
            new Egress(new SilentPort(), new WorkerCounters()),
            new WorkerCounters(),
            new DtlsServer(CERTIFICATE),
            SRTP,
            (_, _) -> {},
            new WallClock(0, 0),
            random);
    var listener =
        new TransportListener() {
          @Override
          public void onStateChanged(org.plenum.sfu.TransportState state) {}

          @Override
          public void onBitrateExceeded(Mid mid, long bitrateBps) {
            heard.add("section " + mid + ": more than " + bitrateBps);
          }

          @Override
          public void onSsrcChanged(Mid mid, int former, int next) {
            heard.add("section " + mid + ": " + former + " to " + next);
          }
        };
    transport =
        new Transport(
            context,
            IceCredentials.random(),
            List.of(CERTIFICATE.fingerprint()),
            HeaderExtensionMap.EMPTY,
            listener,
            0);
    boolean video = codec.name().kind() == MediaKind.VIDEO;
    track =
        new Track(
            new TrackId("t"),
            new ParticipantId("p"),
            new Mid("0"),
            video ? TrackSource.CAMERA : TrackSource.MICROPHONE,
            List.of(codec),
            new PublisherClock());
    transport.receiver().addTrack(track, List.of(ssrc), bitrateBps);
  }

  /// What the SFU does for it every 10 ms.
  void onTimeout(long now) {
    transport.receiver().onTimeout(now);
    long requests = 0;
    for (Layer layer : track.layers()) {
      requests += layer.keyFrames().sent() + ((long) layer.stream().ssrc() << 32);
    }
    keyFrameDue |= requests != requestsSeen && requests << 32 != 0;
    requestsSeen = requests;
  }

  /// A sender report at the time given, as its clock has it.
  void report(long now) {
    for (Layer layer : track.layers()) {
      layer.stream().onSenderReport((now / 1_000_000_000 + 5_000) << 32, timestamp(now), now);
    }
  }

  /// Sends a frame: two packets of a picture, one of sound.
  void frame(long now) {
    boolean key = keyFrameDue || codec.name() == CodecName.OPUS;
    keyFrameDue = false;
    number++;
    List<byte[]> payloads = new ArrayList<>();
    if (codec.name() == CodecName.H264 && key && !(setsOnceOnly && setsSent)) {
      payloads.add(SPS);
      payloads.add(PPS);
      setsSent = true;
    }
    payloads.add(payload(key, true));
    if (codec.name().kind() == MediaKind.VIDEO) {
      payloads.add(payload(key, false));
    }
    List<byte[]> packets = new ArrayList<>();
    for (int i = 0; i < payloads.size(); i++) {
      packets.add(packet(payloads.get(i), i == payloads.size() - 1, 0, now));
    }
    if (swapsPackets) {
      packets = packets.reversed();
    }
    for (byte[] packet : packets) {
      send(packet, now);
      if (duplicates) {
        send(packet, now);
      }
    }
    if (padsBetweenFrames) {
      send(packet(new byte[0], false, 200, now), now);
    }
  }

  private void send(byte[] packet, long now) {
    if (random.nextDouble() >= loss) {
      MemorySegment.copy(packet, 0, slab, ValueLayout.JAVA_BYTE, 0, packet.length);
      verdicts.merge(
          transport.receiver().onRtp(new PlainPath.PlainReceiver(), slab, 0, packet.length, now),
          1,
          Integer::sum);
    }
  }

  private int timestamp(long now) {
    return -45_000 + timestampShift + (int) (now / 1_000 * codec.name().clockRate() / 1_000_000);
  }

  private byte[] packet(byte[] payload, boolean marker, int padding, long now) {
    var bytes = ByteBuffer.allocate(12 + 4 * csrcs + payload.length + padding);
    bytes.put((byte) (0x80 | (padding > 0 ? 0x20 : 0) | csrcs));
    bytes.put((byte) ((marker ? 0x80 : 0) | codec.payloadType()));
    bytes.putShort((short) sequenceNumber++);
    bytes.putInt(timestamp(now)).putInt(ssrc);
    for (int i = 0; i < csrcs; i++) {
      bytes.putInt(i);
    }
    bytes.put(payload);
    if (padding > 0) {
      bytes.put(bytes.capacity() - 1, (byte) padding);
    }
    return bytes.array();
  }

  /// Ends with the frame's number, by which the viewer tells what it has.
  private byte[] payload(boolean key, boolean first) {
    var bytes = ByteBuffer.allocate(10);
    switch (codec.name()) {
      case VP8 -> bytes.put((byte) (first ? 0x10 : 0)).put((byte) (key ? 0 : 1));
      case H264 ->
          bytes.put((byte) (key ? 0x65 : 0x41)).put((byte) (first ? 0x88 : 0x40)); // first_mb
      default -> bytes.putShort((short) 0);
    }
    return bytes.putInt(key ? 1 : 0).putInt(number).array();
  }

  int framesSent() {
    return number;
  }

  void end() {
    track.end();
    transport.close();
  }
}
