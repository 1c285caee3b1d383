package org.plenum.sfu.worker;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.agent.ConnectivityCheck;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.EgressVerdict;
import org.plenum.sfu.IngressVerdict;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.SlotParameters;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.dtls.DtlsServer;
import org.plenum.sfu.forward.PublisherClock;
import org.plenum.sfu.forward.Slot;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.rtp.HeaderExtension;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.sfu.rtp.RtpHeaderWriter;
import org.plenum.sfu.srtp.SrtpFactory;
import org.plenum.sfu.srtp.SrtpKeys;
import org.plenum.sfu.srtp.SrtpProfile;
import org.plenum.sfu.srtp.SrtpSender;
import org.plenum.sfu.transport.Egress;
import org.plenum.sfu.transport.Transport;
import org.plenum.sfu.transport.TransportContext;
import org.plenum.sfu.transport.TransportEvent;
import org.plenum.sfu.transport.WallClock;

/// Runs a DTLS handshake and a made-up fan-out through the real path, with nothing at its end,
/// so that the JVM has compiled both before the first call: cold, the first packets take some
/// 150 µs each. Runs on a thread of its own with transports of its own; stops early when
/// interrupted.
final class WarmUp implements Runnable {
  /// Enough for the JVM's last compiler; takes a few seconds of a core, once per profile.
  static final int PACKETS = 30_000;

  private static final int VIEWERS = 4;
  private static final int PAYLOAD_BYTES = 1000;
  private static final int PACKETS_PER_FRAME = 4;
  private static final int VP8_PAYLOAD_TYPE = 96;
  private static final int RTX_PAYLOAD_TYPE = 97;
  private static final int TRANSPORT_CC_ID = 3;
  private static final int SSRC = 0x0BADCAFE;
  private static final long PACKET_NANOS = 1_000_000L;

  private static final Codec VP8 =
      new Codec(
          CodecName.VP8,
          VP8_PAYLOAD_TYPE,
          RTX_PAYLOAD_TYPE,
          Set.of(Codec.Feedback.NACK, Codec.Feedback.PLI, Codec.Feedback.TRANSPORT_CC),
          Map.of());

  private final DtlsServer dtls;
  private final SrtpFactory srtp;
  private final int packets;
  private final WorkerCounters counters = new WorkerCounters();
  private final Random random = new Random(1);
  private final HeaderExtensionMap extensions =
      new HeaderExtensionMap(
          Map.of(HeaderExtension.TRANSPORT_CC, TRANSPORT_CC_ID, HeaderExtension.MID, 4));
  private final TransportContext context;

  /// @param packets sent per profile
  WarmUp(DtlsServer dtls, SrtpFactory srtp, int packets) {
    this.dtls = dtls;
    this.srtp = srtp;
    this.packets = packets;
    this.context =
        new TransportContext(
            new Egress(new DiscardingMediaPort(), counters),
            counters,
            dtls,
            srtp,
            (_, _) -> {},
            new WallClock(0, 0),
            random);
  }

  @Override
  public void run() {
    dtls.warmUp();
    for (SrtpProfile profile : SrtpProfile.values()) {
      fanOut(profile);
    }
  }

  /// Packets that met this fate in the warm-up.
  long counted(IngressVerdict verdict) {
    return counters.value(verdict);
  }

  /// Packets that met this fate at a viewer of the warm-up.
  long counted(EgressVerdict verdict) {
    return counters.value(verdict);
  }

  private void fanOut(SrtpProfile profile) {
    List<Transport> transports = new ArrayList<>();
    Transport publisher = connect(profile, 0);
    transports.add(publisher);
    var track =
        new Track(
            new TrackId("warm-up"),
            new ParticipantId("warm-up"),
            new Mid("0"),
            TrackSource.CAMERA,
            List.of(VP8),
            new PublisherClock());
    publisher.receiver().addTrack(track, List.of(SSRC));
    List<Slot> slots = new ArrayList<>();
    for (int viewer = 1; viewer <= VIEWERS; viewer++) {
      Transport transport = connect(profile, viewer);
      transports.add(transport);
      Slot slot =
          transport
              .sender()
              .addSlot(new SlotParameters(new Mid("0"), MediaKind.VIDEO, List.of(VP8)));
      slot.bind(track);
      slots.add(slot);
    }
    try (Arena arena = Arena.ofConfined();
        SrtpSender client = srtp.sender(mirrored(keys(profile)))) {
      send(client, publisher, transports, arena.allocate(2048, 64));
    } finally {
      track.end();
      slots.forEach(Slot::end);
      transports.forEach(Transport::close);
    }
  }

  private Transport connect(SrtpProfile profile, int number) {
    IceCredentials remote = IceCredentials.random();
    var transport = new Transport(context, remote, List.of(), extensions, _ -> {}, 0);
    var path = new NetworkPath(0, NetworkPath.ipv4Mapped(0x7F00_0001), 1 + number, 0, 0);
    byte[] check =
        new ConnectivityCheck(transport.localCredentials(), remote.ufrag(), 1)
            .request(new byte[12], true);
    transport.onStun(MemorySegment.ofArray(check), 0, check.length, path, 0);
    transport.onEvent(new TransportEvent.DtlsKeys(keys(profile)));
    return transport;
  }

  private void send(
      SrtpSender client, Transport publisher, List<Transport> all, MemorySegment slab) {
    SrtpSender.Stream stream = client.stream(SSRC);
    var header = new RtpHeaderWriter();
    MemorySegment payload = MemorySegment.ofArray(new byte[PAYLOAD_BYTES]);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment source = arena.allocate(PAYLOAD_BYTES).copyFrom(payload);
      for (int i = 0; i < packets && !Thread.currentThread().isInterrupted(); i++) {
        long now = i * PACKET_NANOS;
        writeDescriptor(source, i);
        boolean last = i % PACKETS_PER_FRAME == PACKETS_PER_FRAME - 1;
        int timestamp = i / PACKETS_PER_FRAME * 3000;
        header.begin(slab, 0, VP8_PAYLOAD_TYPE, last, i & 0xFFFF, timestamp, SSRC, false);
        header.extension(TRANSPORT_CC_ID, i & 0xFFFF, 2);
        int headerLength = header.end();
        int length = stream.protect(slab, 0, headerLength, 0, source, 0, PAYLOAD_BYTES, i);
        counters.count(publisher.onRtp(slab, 0, length, now));
        if (i % 10 == 0) {
          all.forEach(transport -> transport.onTimeout(now));
        }
        context.schedule().sendAll(now, WarmUp::rethrow);
      }
    }
  }

  /// A warm-up has nobody else to spare.
  private static void rethrow(Transport transport, RuntimeException fault) {
    throw fault;
  }

  /// A VP8 descriptor with a picture id of 15 bits (RFC 7741 §4.2); the first frame is a key frame.
  private static void writeDescriptor(MemorySegment payload, int packet) {
    int frame = packet / PACKETS_PER_FRAME;
    boolean start = packet % PACKETS_PER_FRAME == 0;
    payload.set(ValueLayout.JAVA_BYTE, 0, (byte) (start ? 0x90 : 0x80));
    payload.set(ValueLayout.JAVA_BYTE, 1, (byte) 0x80);
    payload.set(ValueLayout.JAVA_BYTE, 2, (byte) (0x80 | frame >>> 8));
    payload.set(ValueLayout.JAVA_BYTE, 3, (byte) frame);
    payload.set(ValueLayout.JAVA_BYTE, 4, (byte) (frame == 0 ? 0x10 : 0x11));
  }

  private static SrtpKeys keys(SrtpProfile profile) {
    byte[] key = new byte[profile.keyBytes()];
    byte[] salt = new byte[profile.saltBytes()];
    return new SrtpKeys(profile, key, salt, key, salt);
  }

  private static SrtpKeys mirrored(SrtpKeys keys) {
    return new SrtpKeys(
        keys.profile(), keys.sendKey(), keys.sendSalt(), keys.receiveKey(), keys.receiveSalt());
  }
}
