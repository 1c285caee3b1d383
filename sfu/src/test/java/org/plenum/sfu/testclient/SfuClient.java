package org.plenum.sfu.testclient;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.DatagramKind;
import org.plenum.ice.agent.ConnectivityCheck;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.Codec;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.SeatParameters;
import org.plenum.sfu.SlotBinding;
import org.plenum.sfu.SlotParameters;
import org.plenum.sfu.TrackParameters;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.TransportAnswer;
import org.plenum.sfu.TransportOffer;
import org.plenum.sfu.TransportState;
import org.plenum.sfu.dtls.TestClient;
import org.plenum.sfu.rtcp.RtcpReader;
import org.plenum.sfu.rtcp.RtcpWriter;
import org.plenum.sfu.rtp.HeaderExtension;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.sfu.rtp.RtpPacket;

/// A participant's client. Everything but the DTLS handshake happens in [#turn], on the test's
/// thread; room events are taken from any.
public final class SfuClient implements AutoCloseable {
  /// A block of a receiver report that came for one of our sources.
  public record ReportBlock(
      int ssrc, int cumulativeLost, int extendedHighestSequenceNumber, int lastSenderReport) {}

  private static final long CHECK_NANOS = 50_000_000L;
  private static final long REPORT_NANOS = 100_000_000L;
  private static final int RTCP_SSRC = 1;

  /// How far this client's NTP clock is from ours.
  public static final long CLOCK_OFFSET_SECONDS = 3_000;

  public final ParticipantId id;
  public final ClientSetup setup;
  public final MediaSource audio;
  public final MediaSource video;
  public final Queue<RoomEvent> events = new ConcurrentLinkedQueue<>();
  public final List<ReportBlock> reportBlocks = new ArrayList<>();
  public int transportCcMessages;
  public int transportCcPackets;

  /// Whether it sends receiver reports.
  public boolean reports = true;

  /// Whether it asks for missing packets.
  public boolean nacks = true;

  /// Whether it begins the DTLS handshake once ICE has a path.
  public boolean handshakes = true;

  /// Share of SRTP datagrams lost, each way.
  public double loss;

  /// Sees every protected RTP datagram on its way out.
  public Consumer<byte[]> tap = _ -> {};

  /// SSRCs of which the SFU said that they end.
  public final List<Integer> byes = new ArrayList<>();

  private final Selector selector;
  private final Random lossRandom;
  private final Reports handler = new Reports(this);
  private final RtpPacket packet = new RtpPacket();
  private final RtcpWriter rtcp = new RtcpWriter();
  private final MemorySegment slab = Arena.ofAuto().allocate(4096);
  private final Map<Mid, ReceivedStream> streams = new LinkedHashMap<>();
  private final Map<Integer, ReceivedStream> byRtxSsrc = new HashMap<>();
  private final byte[] transactionId = new byte[12];
  private TestClient dtls;
  private volatile DatagramChannel channel;
  private volatile InetSocketAddress server;
  private volatile @Nullable TcpPath tcp;
  private IceCredentials credentials = IceCredentials.random();
  private @Nullable TransportAnswer answer;
  private @Nullable ConnectivityCheck check;
  private @Nullable SrtpEnd srtp;
  private long nextCheckNanos;
  private long nextReportNanos;
  private int transportSequence;

  /// Media that came before the keys: the SFU has them first, and threads may be slow.
  private final List<byte[]> early = new ArrayList<>();

  private boolean handshakeStarted;
  private boolean checking = true;
  private int responses;

  SfuClient(String name, ClientSetup setup, Selector selector, long seed) {
    this.id = new ParticipantId(name);
    this.setup = setup;
    this.selector = selector;
    this.lossRandom = new Random(seed);
    int ssrc = 0x1000_0000 + name.hashCode() % 0x1000 * 16;
    this.audio = new MediaSource("0", false, ssrc);
    this.video = new MediaSource("1", true, ssrc + 4);
    this.channel = openSocket();
    this.dtls = new TestClient(this::sendRaw, 100, setup.profile().id());
  }

  /// What it offers now.
  public TransportOffer offer() {
    List<TrackParameters> tracks = new ArrayList<>();
    if (setup.publishes()) {
      tracks.add(track("0", TrackSource.MICROPHONE, setup.opus(), List.of()));
      tracks.add(track("1", TrackSource.CAMERA, setup.vp8(), List.of(video.ssrc, video.rtxSsrc)));
    }
    List<SlotParameters> slots = new ArrayList<>();
    List<SeatParameters> seats = new ArrayList<>();
    for (int i = 0; i < setup.seats(); i++) {
      slots.add(new SlotParameters(audioMid(i), MediaKind.AUDIO, List.of(setup.opus())));
      slots.add(new SlotParameters(videoMid(i), MediaKind.VIDEO, List.of(setup.vp8())));
      seats.add(new SeatParameters(i, audioMid(i), videoMid(i)));
    }
    for (int i = 0; i < setup.extraAudio(); i++) {
      slots.add(new SlotParameters(new Mid("x" + i), MediaKind.AUDIO, List.of(setup.opus())));
    }
    return new TransportOffer(
        credentials,
        List.of(TestClient.CERTIFICATE.fingerprint()),
        new HeaderExtensionMap(setup.ids()),
        tracks,
        slots,
        seats);
  }

  public static Mid audioMid(int seat) {
    return new Mid("a" + seat);
  }

  public static Mid videoMid(int seat) {
    return new Mid("v" + seat);
  }

  private static TrackParameters track(
      String mid, TrackSource source, Codec codec, List<Integer> ssrcs) {
    return new TrackParameters(new Mid(mid), source, List.of(codec), ssrcs, List.of(), false);
  }

  /// Takes the answer to [#offer]; checks begin.
  public void accept(TransportAnswer accepted, int serverPort) {
    answer = accepted;
    server = new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort);
    check = new ConnectivityCheck(accepted.ice(), credentials.ufrag(), lossRandom.nextLong());
    nextCheckNanos = System.nanoTime();
    accepted
        .slots()
        .forEach(
            (mid, ssrcs) -> {
              if (!streams.containsKey(mid)) {
                var stream = new ReceivedStream(ssrcs.ssrc());
                streams.put(mid, stream);
                if (ssrcs.rtxSsrc() != 0) {
                  byRtxSsrc.put(ssrcs.rtxSsrc(), stream);
                }
              }
            });
  }

  /// New credentials for the next offer: an ICE restart.
  public void renewCredentials() {
    credentials = IceCredentials.random();
  }

  /// Moves to another address, as a phone does that leaves its network.
  public void moveToNewSocket() {
    DatagramChannel before = channel;
    channel = openSocket();
    nextCheckNanos = System.nanoTime();
    try {
      before.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// From now on everything goes over a new TCP connection (ICE-TCP), and nothing over UDP.
  public void useTcp(int port) {
    TcpPath before = tcp;
    tcp = new TcpPath(selector, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    nextCheckNanos = System.nanoTime();
    if (before != null) {
      before.close();
    }
  }

  /// Stops or resumes connectivity checks.
  public void checks(boolean on) {
    checking = on;
  }

  public TransportAnswer answer() {
    return java.util.Objects.requireNonNull(answer, "no answer yet");
  }

  public IceCredentials credentials() {
    return credentials;
  }

  public ReceivedStream stream(Mid mid) {
    return java.util.Objects.requireNonNull(streams.get(mid), mid.value());
  }

  Collection<ReceivedStream> streams() {
    return streams.values();
  }

  List<MediaSource> sources() {
    return List.of(audio, video);
  }

  public boolean hasKeys() {
    return srtp != null;
  }

  /// Successful answers to checks so far.
  public int responses() {
    return responses;
  }

  /// The latest transport state it was told.
  public @Nullable TransportState state() {
    TransportState state = null;
    for (RoomEvent event : events) {
      if (event instanceof RoomEvent.TransportStateChanged(var changed)) {
        state = changed;
      }
    }
    return state;
  }

  /// The latest binding of a slot it was told, or null.
  public @Nullable SlotBinding binding(Mid mid) {
    SlotBinding latest = null;
    for (RoomEvent event : events) {
      if (event instanceof RoomEvent.SlotBound(var binding) && binding.mid().equals(mid)) {
        latest = binding;
      }
    }
    return latest;
  }

  /// Receives what is there and sends what is due.
  void turn(long now) {
    receiveAll(now);
    if (check != null && checking && nextCheckNanos - now <= 0) {
      nextCheckNanos = now + CHECK_NANOS;
      lossRandom.nextBytes(transactionId);
      sendRaw(check.request(transactionId, true));
    }
    if (srtp == null && dtls.keys.isDone()) {
      srtp = new SrtpEnd(dtls.keys.join());
      early.forEach(datagram -> receive(datagram, now));
      early.clear();
    }
    if (srtp != null) {
      sendDueFrames(audio, now);
      sendDueFrames(video, now);
      if (nextReportNanos - now <= 0) {
        nextReportNanos = now + REPORT_NANOS;
        sendReports(now);
      }
      if (nacks) {
        requestMissing(now);
      }
    }
  }

  private void receiveAll(long now) {
    TcpPath framed = tcp;
    if (framed != null) {
      for (byte[] frame = framed.receive(); frame != null; frame = framed.receive()) {
        receive(frame, now);
      }
    }
    ByteBuffer buffer = ByteBuffer.allocate(4096);
    try {
      while (channel.receive(buffer.clear()) != null) {
        byte[] datagram = Arrays.copyOf(buffer.array(), buffer.position());
        receive(datagram, now);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void receive(byte[] datagram, long now) {
    DatagramKind kind = DatagramKind.of(datagram[0] & 0xFF, datagram[1] & 0xFF);
    boolean media = kind == DatagramKind.RTP || kind == DatagramKind.RTCP;
    if (media && srtp == null) {
      early.add(datagram);
      return;
    }
    if (media && lossRandom.nextDouble() < loss) {
      return;
    }
    switch (kind) {
      case STUN -> onStun(datagram);
      case DTLS -> dtls.onDatagram(datagram);
      case RTP -> onRtp(datagram, now);
      case RTCP -> onRtcp(datagram);
      case UNKNOWN -> throw new AssertionError("the SFU sent nonsense");
    }
  }

  /// Whether the SFU has ended DTLS by a close_notify.
  public boolean sawDtlsEnd() {
    return dtls.sawClose();
  }

  private void onStun(byte[] datagram) {
    if (ByteBuffer.wrap(datagram).getShort() != 0x0101) {
      throw new AssertionError("a check was answered with an error");
    }
    responses++;
    if (!handshakeStarted && handshakes) {
      handshakeStarted = true;
      dtls.start();
    }
  }

  private void onRtp(byte[] datagram, long now) {
    int ssrc = ByteBuffer.wrap(datagram).getInt(8);
    for (ReceivedStream stream : streams.values()) {
      if (stream.ssrc == ssrc && stream.losePackets > 0) {
        stream.losePackets--;
        return;
      }
    }
    byte[] plain = srtp.unprotect(datagram);
    if (plain == null) {
      throw new AssertionError("RTP of the SFU that does not open, or came twice");
    }
    MemorySegment.copy(plain, 0, slab, ValueLayout.JAVA_BYTE, 0, plain.length);
    if (!packet.parse(slab, 0, plain.length)) {
      throw new AssertionError("malformed RTP from the SFU");
    }
    ReceivedStream retransmitted = byRtxSsrc.get(ssrc);
    if (retransmitted != null) {
      retransmitted.onRetransmission(packet, now);
      return;
    }
    for (ReceivedStream stream : streams.values()) {
      if (stream.ssrc == ssrc) {
        stream.onPacket(packet, now);
        return;
      }
    }
    throw new AssertionError("RTP of an SSRC that the answer does not name");
  }

  private void onRtcp(byte[] datagram) {
    byte[] plain = srtp.unprotectRtcp(datagram);
    if (plain == null) {
      throw new AssertionError("RTCP of the SFU that does not open");
    }
    MemorySegment.copy(plain, 0, slab, ValueLayout.JAVA_BYTE, 0, plain.length);
    if (!RtcpReader.read(slab, 0, plain.length, handler)) {
      throw new AssertionError("malformed RTCP from the SFU");
    }
  }

  void onNack(int mediaSsrc, int sequenceNumber) {
    for (MediaSource source : sources()) {
      byte[] original = source.sentBefore(sequenceNumber);
      if (source.ssrc == mediaSsrc && original != null) {
        source.nacked++;
        sendRetransmission(source, original);
      }
    }
  }

  private void sendRetransmission(MediaSource source, byte[] original) {
    ByteBuffer before = ByteBuffer.wrap(original);
    MemorySegment.copy(original, 0, slab, ValueLayout.JAVA_BYTE, 0, original.length);
    packet.parse(slab, 0, original.length);
    ByteBuffer payload = ByteBuffer.allocate(2 + packet.payloadLength());
    payload.putShort(before.getShort(2));
    payload.put(original, packet.headerLength(), packet.payloadLength());
    long index = ++source.rtxSequenceNumber;
    byte[] plain =
        RtpBytes.packet(
            setup.vp8().rtxPayloadType(),
            packet.marker(),
            (int) index & 0xFFFF,
            packet.timestamp(),
            source.rtxSsrc,
            Map.of(
                setup.id(HeaderExtension.MID), "1".getBytes(StandardCharsets.US_ASCII),
                setup.id(HeaderExtension.TRANSPORT_CC), transportCc()),
            payload.array());
    sendRtp(plain, index);
  }

  private void sendDueFrames(MediaSource source, long now) {
    if (source.intervalMillis == 0 || source.nextFrameNanos - now > 0) {
      return;
    }
    source.nextFrameNanos = now + source.intervalMillis * 1_000_000L;
    sendFrame(source);
  }

  /// Sends the next frame of a source.
  public void sendFrame(MediaSource source) {
    int payloadType = (source.video ? setup.vp8() : setup.opus()).payloadType();
    Map<HeaderExtension, Integer> ids = setup.ids();
    List<Long> indexes = new ArrayList<>();
    List<byte[]> packets = source.nextFrame(ids, payloadType, indexes, System.nanoTime());
    for (int i = 0; i < packets.size(); i++) {
      source.packetsSent++;
      if (source.losePackets > 0) {
        source.losePackets--;
      } else {
        sendRtp(withTransportCc(packets.get(i)), indexes.get(i));
      }
    }
  }

  /// Puts a transport-wide number behind the other extensions.
  private byte[] withTransportCc(byte[] plain) {
    MemorySegment.copy(plain, 0, slab, ValueLayout.JAVA_BYTE, 0, plain.length);
    packet.parse(slab, 0, plain.length);
    Map<Integer, byte[]> extensions =
        new HashMap<>(ReceivedPacket.of(packet, 0, 0, 0).extensions());
    extensions.put(setup.id(HeaderExtension.TRANSPORT_CC), transportCc());
    return RtpBytes.packet(
        packet.payloadType(),
        packet.marker(),
        packet.sequenceNumber(),
        packet.timestamp(),
        packet.ssrc(),
        extensions,
        Arrays.copyOfRange(plain, packet.headerLength(), plain.length));
  }

  private byte[] transportCc() {
    int number = transportSequence++;
    return new byte[] {(byte) (number >>> 8), (byte) number};
  }

  /// Protects and sends an RTP packet.
  ///
  /// @param index its sequence number, unwrapped
  public void sendRtp(byte[] plain, long index) {
    byte[] datagram = srtp.protect(plain, index);
    tap.accept(datagram);
    if (lossRandom.nextDouble() >= loss) {
      sendRaw(datagram);
    }
  }

  /// Protects without sending.
  public byte[] protect(byte[] plain, long index) {
    return srtp.protect(plain, index);
  }

  /// Protects without sending.
  public byte[] protectRtcp(byte[] compound) {
    return srtp.protectRtcp(compound);
  }

  /// Protects and sends a compound RTCP packet.
  public void sendRtcp(byte[] compound) {
    byte[] datagram = srtp.protectRtcp(compound);
    if (lossRandom.nextDouble() >= loss) {
      sendRaw(datagram);
    }
  }

  /// Sends a datagram as it is.
  public void sendRaw(byte[] datagram) {
    TcpPath framed = tcp;
    if (framed != null) {
      framed.send(datagram);
      return;
    }
    try {
      channel.send(ByteBuffer.wrap(datagram), server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void sendReports(long now) {
    for (MediaSource source : sources()) {
      if (source.packetsSent > 0) {
        rtcp.begin(slab, 0, 1100);
        rtcp.senderReport(source.ssrc, ntp(now), source.timestamp(now), source.packetsSent, 0);
        rtcp.sdes(source.ssrc, "test".getBytes(StandardCharsets.US_ASCII));
        sendRtcp(slab.asSlice(0, rtcp.length()).toArray(ValueLayout.JAVA_BYTE));
      }
    }
    if (reports) {
      sendReceiverReport();
    }
  }

  private void sendReceiverReport() {
    rtcp.begin(slab, 0, 1100);
    rtcp.receiverReport(RTCP_SSRC);
    for (ReceivedStream stream : streams.values()) {
      if (!stream.isEmpty()) {
        int highest = (int) stream.last().sequenceNumber();
        rtcp.reportBlock(stream.ssrc, 0, 0, highest, 0, 0, 0);
      }
    }
    sendRtcp(slab.asSlice(0, rtcp.length()).toArray(ValueLayout.JAVA_BYTE));
  }

  /// This client's NTP clock.
  public static long ntp(long nowNanos) {
    long seconds = CLOCK_OFFSET_SECONDS + nowNanos / 1_000_000_000L;
    return seconds << 32 | (nowNanos % 1_000_000_000L << 32) / 1_000_000_000L;
  }

  private void requestMissing(long now) {
    int[] due = new int[64];
    for (ReceivedStream stream : byRtxSsrc.values()) {
      int count = stream.pollMissing(now, due);
      if (count > 0) {
        sendNack(stream.ssrc, due, count);
      }
    }
  }

  /// Asks for packets again.
  public void sendNack(int mediaSsrc, int[] sequenceNumbers, int count) {
    rtcp.begin(slab, 0, 1100);
    rtcp.receiverReport(RTCP_SSRC);
    rtcp.nack(RTCP_SSRC, mediaSsrc, sequenceNumbers, count);
    sendRtcp(slab.asSlice(0, rtcp.length()).toArray(ValueLayout.JAVA_BYTE));
  }

  /// Asks for a key frame.
  public void sendPictureLossIndication(int mediaSsrc) {
    rtcp.begin(slab, 0, 1100);
    rtcp.receiverReport(RTCP_SSRC);
    rtcp.pictureLossIndication(RTCP_SSRC, mediaSsrc);
    sendRtcp(slab.asSlice(0, rtcp.length()).toArray(ValueLayout.JAVA_BYTE));
  }

  private DatagramChannel openSocket() {
    try {
      var opened = DatagramChannel.open(StandardProtocolFamily.INET);
      opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      opened.configureBlocking(false);
      opened.register(selector, SelectionKey.OP_READ);
      return opened;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    dtls.close();
    dtls.join();
    if (srtp != null) {
      srtp.close();
    }
    if (tcp != null) {
      tcp.close();
    }
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
