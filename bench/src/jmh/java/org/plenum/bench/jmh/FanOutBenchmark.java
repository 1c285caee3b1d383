package org.plenum.bench.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.agent.ConnectivityCheck;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.EgressVerdict;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.SlotParameters;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.dtls.DtlsCertificate;
import org.plenum.sfu.dtls.DtlsServer;
import org.plenum.sfu.forward.PublisherClock;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.rtp.HeaderExtension;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.sfu.rtp.RtpHeaderWriter;
import org.plenum.sfu.srtp.SrtpFactory;
import org.plenum.sfu.srtp.SrtpProfile;
import org.plenum.sfu.srtp.SrtpSender;
import org.plenum.sfu.transport.Egress;
import org.plenum.sfu.transport.Transport;
import org.plenum.sfu.transport.TransportContext;
import org.plenum.sfu.transport.TransportEvent;
import org.plenum.sfu.transport.WallClock;

/// One publisher's packet to 50 viewers, from the protected datagram to 50 protected ones, without
/// the system calls: time per egress packet. Frames of four packets are sent in one out phase, as
/// they come. Protecting the publisher's packet is included, a fiftieth.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FanOutBenchmark {
  private static final int VIEWERS = 50;
  private static final int PACKETS = 4;
  private static final long FRAME_NANOS = 40_000_000;

  private static final Codec VP8 =
      new Codec(
          CodecName.VP8,
          Packets.VP8,
          Packets.RTX,
          Set.of(Codec.Feedback.NACK, Codec.Feedback.PLI, Codec.Feedback.TRANSPORT_CC),
          Map.of());

  @Param public SrtpProfile profile = SrtpProfile.AEAD_AES_128_GCM;

  private final WorkerCounters counters = new WorkerCounters();
  private final SrtpFactory srtp = SrtpFactory.selfTested();
  private final DtlsServer dtls = new DtlsServer(DtlsCertificate.generate());
  private final TransportContext context =
      new TransportContext(
          new Egress(new DiscardingPort(), counters),
          counters,
          dtls,
          srtp,
          (_, _) -> {},
          new WallClock(0, 0),
          new Random(1));
  private final HeaderExtensionMap extensions =
      new HeaderExtensionMap(
          Map.of(
              HeaderExtension.TRANSPORT_CC, Packets.TRANSPORT_CC,
              HeaderExtension.ABS_SEND_TIME, Packets.ABS_SEND_TIME,
              HeaderExtension.MID, Packets.MID));
  private final Track track =
      new Track(
          new TrackId("t"),
          new ParticipantId("p"),
          new Mid("0"),
          TrackSource.CAMERA,
          List.of(VP8),
          new PublisherClock());
  private final RtpHeaderWriter header = new RtpHeaderWriter();
  private final MemorySegment slab = Arena.ofAuto().allocate(2048, 64);
  private final MemorySegment payload = Arena.ofAuto().allocate(2048, 64);
  private final List<Transport> transports = new ArrayList<>();
  private List<SrtpSender> clients = List.of();
  private long number;

  @Setup
  public void connect() {
    Transport publisher = connect(0);
    publisher.receiver().addTrack(track, List.of(Packets.SSRC));
    for (int viewer = 1; viewer <= VIEWERS; viewer++) {
      var slot = new SlotParameters(new Mid("0"), MediaKind.VIDEO, List.of(VP8));
      connect(viewer).sender().addSlot(slot).bind(track);
    }
    clients = List.of(srtp.sender(Packets.keys(profile)));
  }

  private Transport connect(int port) {
    IceCredentials remote = IceCredentials.random();
    var transport = new Transport(context, remote, List.of(), extensions, _ -> {}, 0);
    var path = new NetworkPath(0, NetworkPath.ipv4Mapped(0x7F00_0001), 1 + port, 0, 0);
    byte[] check =
        new ConnectivityCheck(transport.localCredentials(), remote.ufrag(), 1)
            .request(new byte[12], true);
    transport.onStun(MemorySegment.ofArray(check), 0, check.length, path, 0);
    transport.onEvent(new TransportEvent.DtlsKeys(Packets.keys(profile)));
    transports.add(transport);
    return transport;
  }

  @TearDown
  public void close() {
    long forwarded = counters.value(EgressVerdict.FORWARDED);
    if (forwarded != number * VIEWERS) {
      throw new IllegalStateException(
          number + " packets to " + VIEWERS + " viewers, but " + forwarded + " forwarded");
    }
    track.end();
    transports.forEach(Transport::close);
    clients.forEach(SrtpSender::close);
    dtls.close();
  }

  /// A picture's packets leave together.
  @Benchmark
  @OperationsPerInvocation(VIEWERS * PACKETS)
  public void frame() {
    for (int i = 0; i < PACKETS; i++) {
      receive();
    }
    send();
  }

  /// A packet leaves by itself, as sound does.
  @Benchmark
  @OperationsPerInvocation(VIEWERS)
  public void packet() {
    receive();
    send();
  }

  private long now() {
    return number / PACKETS * FRAME_NANOS;
  }

  private void receive() {
    long now = now();
    SrtpSender.Stream stream = clients.getFirst().stream(Packets.SSRC);
    Packets.descriptor(payload, number);
    int length = Packets.protect(stream, header, slab, payload, number++);
    counters.count(transports.getFirst().onRtp(slab, 0, length, now));
  }

  private void send() {
    context.schedule().sendAll(
        now(),
        (_, fault) -> {
          throw fault;
        });
  }
}
