package org.plenum.sfu.simulation;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.agent.ConnectivityCheck;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.IngressVerdict;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.Permissions;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomSnapshot;
import org.plenum.sfu.SeatParameters;
import org.plenum.sfu.SlotParameters;
import org.plenum.sfu.TrackParameters;
import org.plenum.sfu.TransportAnswer;
import org.plenum.sfu.TransportOffer;
import org.plenum.sfu.room.RoomCommand;
import org.plenum.sfu.rtcp.RtcpHandler;
import org.plenum.sfu.rtcp.RtcpReader;
import org.plenum.sfu.rtcp.RtcpWriter;
import org.plenum.sfu.rtp.HeaderExtension;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.sfu.rtp.NetworkOrder;
import org.plenum.sfu.rtp.NtpTime;
import org.plenum.sfu.rtp.RtpHeader;
import org.plenum.sfu.rtp.RtpPacket;
import org.plenum.sfu.srtp.SrtpKeys;
import org.plenum.sfu.srtp.SrtpProfile;
import org.plenum.sfu.srtp.SrtpReceiver;
import org.plenum.sfu.srtp.SrtpSender;
import org.plenum.sfu.transport.Transport;
import org.plenum.sfu.transport.TransportEvent;

/// A client behind a link in each direction: in the room, with a transport that is connected.
abstract class SimulatedPeer implements RtcpHandler {
  static final int MID_ID = 1;
  static final int TRANSPORT_CC_ID = 2;
  static final int RID_ID = 3;
  static final int REPAIRED_RID_ID = 4;
  static final int AUDIO_LEVEL_ID = 5;

  static final HeaderExtensionMap WITH_TRANSPORT_CC =
      new HeaderExtensionMap(
          Map.of(
              HeaderExtension.MID, MID_ID,
              HeaderExtension.TRANSPORT_CC, TRANSPORT_CC_ID,
              HeaderExtension.RID, RID_ID,
              HeaderExtension.REPAIRED_RID, REPAIRED_RID_ID,
              HeaderExtension.AUDIO_LEVEL, AUDIO_LEVEL_ID));
  static final HeaderExtensionMap WITHOUT_TRANSPORT_CC =
      new HeaderExtensionMap(Map.of(HeaderExtension.MID, MID_ID));

  private static final SrtpProfile PROFILE = SrtpProfile.AEAD_AES_128_GCM;
  private static final int MOST_RTCP_BYTES = 1160;
  private static final long CONSENT_NANOS = 2_500_000_000L;

  final SimulatedCall call;
  final ParticipantId id;
  final NetworkLink up;
  final NetworkLink down;

  /// What somebody else behind the same link downloads; null: nothing.
  @Nullable Download download;

  final List<RoomEvent> events = new ArrayList<>();
  final MemorySegment slab = Arena.ofAuto().allocate(4096, 64);

  /// What arrives is read here: it is answered at [#slab] meanwhile.
  private final MemorySegment inbox = Arena.ofAuto().allocate(4096, 64);

  final RtcpWriter rtcp = new RtcpWriter();
  private double toldRoundTripSeconds = -1;
  private int answers;
  final SrtpSender srtpSender;
  final int ownSsrc;
  private final SrtpReceiver srtpReceiver;
  private final RtpPacket packet = new RtpPacket();
  private NetworkPath path;
  private IceCredentials credentials = IceCredentials.random();

  /// The server's, by which it is asked to answer checks.
  private IceCredentials serverCredentials;

  private final PacketIndices indices = new PacketIndices();
  private final NetworkPort.End end =
      new NetworkPort.End() {
        @Override
        public void onBuilt(byte[] datagram) {
          if (isMedia(datagram)) {
            indices.onDatagram(datagram);
          }
        }

        @Override
        public void onSent(byte[] datagram) {
          if (isMedia(datagram)) {
            onHandedOver(datagram);
            down.send(datagram);
          }
        }
      };

  private Transport transport;
  private long consentNanos;
  private boolean checksConsent = true;
  private boolean gone;

  /// It reports what it receives by RFC 8888.
  boolean streamFeedback;

  /// In whose place it comes; null: in nobody's.
  @Nullable ParticipantId replaced;

  /// It does what `layers` messages ask.
  boolean switchesLayers;

  SimulatedPeer(SimulatedCall call, String name, int number) {
    this.call = call;
    this.id = new ParticipantId(name);
    this.up = new NetworkLink(2L * number);
    this.down = new NetworkLink(2L * number + 1);
    this.ownSsrc = 0x1000_0000 + number;
    this.path = new NetworkPath(0, NetworkPath.ipv4Mapped(0x7F00_0001), 1 + number, 0, 0);
    this.srtpSender = SimulatedCall.SRTP.sender(keys());
    this.srtpReceiver = SimulatedCall.SRTP.receiver(keys());
  }

  /// The same both ways.
  private static SrtpKeys keys() {
    byte[] key = new byte[PROFILE.keyBytes()];
    byte[] salt = new byte[PROFILE.saltBytes()];
    return new SrtpKeys(PROFILE, key, salt, key, salt);
  }

  /// Enters the room, negotiates and connects, all at once.
  TransportAnswer enter(
      HeaderExtensionMap extensions,
      List<TrackParameters> tracks,
      List<SlotParameters> slots,
      List<SeatParameters> seats) {
    call.ask(
        (CompletableFuture<RoomSnapshot> result) ->
            new RoomCommand.Join(joinRequest(), this::onEvent, result));
    TransportAnswer answer = negotiate(extensions, tracks, slots, seats);
    transport = call.context.registry().byUfrag(answer.ice().ufrag());
    call.port.connect(path, end);
    consent();
    transport.onEvent(new TransportEvent.DtlsKeys(keys()));
    return answer;
  }

  /// An offer and its answer.
  TransportAnswer negotiate(
      HeaderExtensionMap extensions,
      List<TrackParameters> tracks,
      List<SlotParameters> slots,
      List<SeatParameters> seats) {
    var offer =
        new TransportOffer(
            credentials,
            List.of(SimulatedCall.CERTIFICATE.fingerprint()),
            extensions,
            tracks,
            slots,
            seats,
            streamFeedback);
    TransportAnswer answer = call.ask(result -> new RoomCommand.Negotiate(id, offer, result));
    serverCredentials = answer.ice();
    return answer;
  }

  /// New credentials on both sides; media goes on (RFC 8445 §9).
  void restartIce() {
    var fresh = IceCredentials.random();
    TransportAnswer answer = call.ask(result -> new RoomCommand.RestartIce(id, fresh, result));
    credentials = fresh;
    serverCredentials = answer.ice();
    consent();
  }

  /// From now on it has another address.
  void move() {
    path = new NetworkPath(0, path.remoteLow(), (path.remotePort() + 1_000) % 65_000, 0, 0);
    call.port.connect(path, end);
    consent();
  }

  /// What the server has sent it.
  PacketIndices indices() {
    return indices;
  }

  private JoinRequest joinRequest() {
    return new JoinRequest(
        id, id.value(), false, replaced, null, null, Permissions.ALL, false, false, switchesLayers);
  }

  private void onEvent(RoomEvent event) {
    events.add(event);
    if (event instanceof RoomEvent.LayersWanted wanted) {
      onLayersWanted(wanted);
    }
  }

  /// The server wants other encodings than before.
  void onLayersWanted(RoomEvent.LayersWanted wanted) {}

  /// The server's end.
  Transport transport() {
    return transport;
  }

  private void consent() {
    consentNanos = call.now();
    byte[] check =
        new ConnectivityCheck(serverCredentials, credentials.ufrag(), 1)
            .request(new byte[12], true);
    Transport named = call.context.registry().byUfrag(serverCredentials.ufrag());
    if (named != null) {
      named.onStun(MemorySegment.ofArray(check), 0, check.length, path, call.now());
    }
  }

  /// It has left the server's port, and is not yet in the link.
  void onHandedOver(byte[] datagram) {}

  private static boolean isMedia(byte[] datagram) {
    int first = datagram[0] & 0xFF;
    return first >= 128 && first <= 191; // RFC 7983
  }

  static boolean isRtcp(byte[] datagram) {
    int type = datagram[1] & 0xFF;
    return type >= 192 && type <= 223; // RFC 5761
  }

  /// A millisecond passes at this end.
  void step() {
    if (download != null) {
      download.step();
    }
    if (gone) {
      return;
    }
    boolean asks = checksConsent && transport != null && !call.isStalled();
    if (asks && call.now() - consentNanos >= CONSENT_NANOS) {
      consent();
    }
    onTime(call.now());
  }

  /// It sends no checks once it is connected, as full ICE agents did before RFC 7675.
  void checksNoConsent() {
    checksConsent = false;
  }

  /// It sends nothing any more.
  void leave() {
    gone = true;
  }

  /// Sends a report of any content that no client would send, protected as it must be.
  void sendAnyRtcp(byte[] content) {
    slab.set(ValueLayout.JAVA_BYTE, 0, (byte) (0x80 | content.length & 0x1F));
    slab.set(ValueLayout.JAVA_BYTE, 1, (byte) (200 + content.length % 8));
    slab.asSlice(8, content.length).copyFrom(MemorySegment.ofArray(content));
    int length = 8 + content.length & ~3;
    NetworkOrder.put16(slab, 2, length / 4 - 1);
    sendRtcp(length);
  }

  abstract void onTime(long nowNanos);

  /// Something arrives at the server, and goes where a worker would have it go.
  void deliver(byte[] datagram) {
    MemorySegment.copy(datagram, 0, call.slab, ValueLayout.JAVA_BYTE, 0, datagram.length);
    Transport owner = call.context.registry().paths().find(path);
    IngressVerdict verdict = IngressVerdict.UNVALIDATED_PATH;
    if (owner != null) {
      verdict =
          isRtcp(datagram)
              ? owner.onRtcp(call.slab, 0, datagram.length, call.now())
              : owner.onRtp(call.slab, 0, datagram.length, call.now());
    }
    call.counters.count(verdict);
  }

  /// Something arrives at the client.
  void receive(byte[] datagram) {
    if (download != null && download.takes(datagram)) {
      return;
    }
    MemorySegment.copy(datagram, 0, inbox, ValueLayout.JAVA_BYTE, 0, datagram.length);
    if (isRtcp(datagram)) {
      int length = srtpReceiver.unprotectRtcp(inbox, 0, datagram.length);
      if (length < 0 || !RtcpReader.read(inbox, 0, length, this)) {
        throw new AssertionError("RTCP that cannot be read: " + length);
      }
      noteAnswers(length);
      return;
    }
    int header = RtpHeader.length(inbox, 0, datagram.length);
    int length = srtpReceiver.unprotect(inbox, 0, datagram.length, header);
    if (length == SrtpReceiver.REPLAYED) {
      throw new AssertionError("a sequence number was used twice");
    }
    if (length < 0 || !packet.parse(inbox, 0, length)) {
      throw new AssertionError("RTP that cannot be read: " + length);
    }
    onRtp(packet, datagram.length, call.now());
  }

  void onRtp(RtpPacket received, int datagramBytes, long nowNanos) {}

  /// Sends its clock: the virtual time, as if it were NTP's (RFC 3611 §4.4).
  void sendReferenceTime() {
    int at = beginRtcp().length();
    NetworkOrder.put32(slab, at, 0x80CF_0004);
    NetworkOrder.put32(slab, at + 4, ownSsrc);
    NetworkOrder.put32(slab, at + 8, 0x0400_0002);
    NetworkOrder.put64(slab, at + 12, NtpTime.fromDuration(call.now()));
    sendRtcp(at + 20);
  }

  /// The round trip that the answer to [#sendReferenceTime] told last, in seconds; -1 before one.
  double toldRoundTripSeconds() {
    return toldRoundTripSeconds;
  }

  /// How many such answers came.
  int answers() {
    return answers;
  }

  private void noteAnswers(int length) {
    for (int at = 0; at < length; at += 4 * (NetworkOrder.u16(inbox, at + 2) + 1)) {
      boolean isAnswer =
          NetworkOrder.u8(inbox, at + 1) == 207 && NetworkOrder.u8(inbox, at + 8) == 5;
      if (isAnswer && NetworkOrder.i32(inbox, at + 12) == ownSsrc) {
        int now = (int) (NtpTime.fromDuration(call.now()) >>> 16);
        int trip = now - NetworkOrder.i32(inbox, at + 16) - NetworkOrder.i32(inbox, at + 20);
        toldRoundTripSeconds = trip / 65_536.0;
        answers++;
      }
    }
  }

  RtcpWriter beginRtcp() {
    rtcp.begin(slab, 0, MOST_RTCP_BYTES);
    rtcp.receiverReport(ownSsrc);
    return rtcp;
  }

  void sendRtcp() {
    sendRtcp(rtcp.length());
  }

  /// Protects and sends so many bytes of the slab.
  void sendRtcp(int length) {
    int whole = srtpSender.protectRtcp(slab, 0, length);
    up.send(slab.asSlice(0, whole).toArray(ValueLayout.JAVA_BYTE));
  }

  @Override
  public void onSenderReport(
      int ssrc, long ntp, int rtpTimestamp, int packetCount, int octetCount) {}

  @Override
  public void onReportBlock(
      int reporterSsrc,
      int ssrc,
      int fractionLost,
      int cumulativeLost,
      int extendedHighestSequenceNumber,
      int jitter,
      int lastSenderReport,
      int delaySinceLastSenderReport) {}

  @Override
  public void onBye(int ssrc) {}

  @Override
  public void onNack(int mediaSsrc, int sequenceNumber) {}

  @Override
  public void onPictureLossIndication(int mediaSsrc) {}

  @Override
  public void onFullIntraRequest(int mediaSsrc, int commandSequenceNumber) {}

  @Override
  public void onReceiverEstimatedMaximumBitrate(long bitrateBps) {}

  @Override
  public void onTransportCc(MemorySegment bytes, long offset, int length) {}
}
