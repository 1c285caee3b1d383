package org.plenum.sfu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.plenum.ice.agent.ConnectivityCheck;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.ice.port.MediaPortCounters;
import org.plenum.ice.port.MediaPortKind;
import org.plenum.sfu.counters.WorkerCounters.Gauge;
import org.plenum.sfu.embed.Sfu;
import org.plenum.sfu.rtp.HeaderExtension;
import org.plenum.sfu.testclient.Call;
import org.plenum.sfu.testclient.ClientSetup;
import org.plenum.sfu.testclient.ReceivedStream;
import org.plenum.sfu.testclient.RelayClient;
import org.plenum.sfu.testclient.RtpBytes;
import org.plenum.sfu.testclient.SfuClient;

/// Bad input from outside and from within while Alice talks to Bob in the same room, on the same
/// worker: each datagram gets its verdict, and Bob misses nothing.
class AdversaryTest {
  private static final Mid AUDIO = SfuClient.audioMid(0);
  private static final Mid VIDEO = SfuClient.videoMid(0);
  private static final String SECRET = "a-secret";
  private static Sfu sfu;

  private Call call;
  private SfuClient alice;
  private SfuClient bob;

  /// A participant like any other, until the test begins.
  private SfuClient mallory;

  /// A socket of somebody who is no participant.
  private DatagramChannel outsider;

  private final List<byte[]> overheard = new ArrayList<>();
  private final Map<IngressVerdict, Long> before = new EnumMap<>(IngressVerdict.class);

  @BeforeAll
  static void start() {
    sfu =
        Sfu.start(
            new SfuConfig(
                1,
                0,
                List.of("127.0.0.1"),
                List.of(),
                true,
                MediaPortKind.AUTO,
                SfuConfig.Candidates.DEFAULT,
                new SfuConfig.Tcp(true, 0),
                new SfuConfig.Stun(true, List.of()),
                SfuConfig.Bitrates.DEFAULT,
                new SfuConfig.Turn(SECRET)));
  }

  @AfterAll
  static void stop() {
    sfu.close();
  }

  @BeforeEach
  void talk() throws IOException {
    call = new Call(sfu);
    alice = call.join("alice", ClientSetup.first());
    bob = call.join("bob", ClientSetup.second().withoutMedia());
    mallory = call.join("mallory", ClientSetup.first());
    bob.nacks = false;
    alice.tap = overheard::add;
    alice.audio.intervalMillis = 20;
    alice.video.intervalMillis = 20;
    call.await("the call", () -> bob.stream(VIDEO).count() > 10 && bob.stream(AUDIO).count() > 10);
    outsider = DatagramChannel.open();
    outsider.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    outsider.configureBlocking(false);
    for (IngressVerdict verdict : IngressVerdict.values()) {
      before.put(verdict, sfu.counters().value(verdict));
    }
  }

  /// Whatever was done: the call went on without a gap, no bug of ours showed, the sums add up.
  @AfterEach
  void unharmed() throws IOException {
    try {
      ReceivedStream picture = bob.stream(VIDEO);
      ReceivedStream sound = bob.stream(AUDIO);
      int seen = picture.completeFrames(alice.video.ssrc).size();
      call.await(
          "the call goes on", () -> picture.completeFrames(alice.video.ssrc).size() > seen + 10);
      assertEquals(0, picture.missing() + picture.duplicates, "gaps in the picture");
      assertEquals(0, sound.missing() + sound.duplicates, "gaps in the sound");
      assertTrue(picture.packets().stream().allMatch(p -> p.tag().source() == alice.video.ssrc));
      assertTrue(sound.packets().stream().allMatch(p -> p.tag().source() == alice.audio.ssrc));
      assertEquals(0, sfu.counters().value(SfuCounter.ROOMS_FAILED));
      assertEquals(0, sfu.counters().value(IngressVerdict.OUR_FAULT));
      alice.audio.intervalMillis = 0;
      alice.video.intervalMillis = 0;
      for (SfuClient client : List.of(alice, bob, mallory)) {
        client.checks(false);
        client.reports = false;
      }
      call.await("one verdict each", () -> received() == verdicts());
    } finally {
      call.close();
      outsider.close();
    }
  }

  private static long received() {
    return sfu.counters().value(MediaPortCounters.Counter.RECEIVED_DATAGRAMS);
  }

  private static long verdicts() {
    long sum = 0;
    for (IngressVerdict verdict : IngressVerdict.values()) {
      sum += sfu.counters().value(verdict);
    }
    return sum;
  }

  @Test
  void randomAndTruncatedDatagramsFromOutsideAreCountedAndDropped() {
    for (byte[] datagram : nonsense(1, 3_000)) {
      sendFromOutside(datagram);
    }
    for (IngressVerdict verdict :
        List.of(
            IngressVerdict.UNKNOWN_PROTOCOL,
            IngressVerdict.UNVALIDATED_PATH,
            IngressVerdict.STUN_MALFORMED)) {
      call.await(verdict.name(), () -> since(verdict) > 100);
    }
    assertEquals(0, since(IngressVerdict.RTP_FORGED) + since(IngressVerdict.DTLS_ACCEPTED));
    assertNothingCameOutside();
  }

  @Test
  void randomAndTruncatedDatagramsFromAParticipantHarmNobodyElse() {
    for (byte[] datagram : nonsense(2, 3_000)) {
      sendPaced(() -> mallory.sendRaw(datagram));
    }
    for (IngressVerdict verdict :
        List.of(
            IngressVerdict.UNKNOWN_PROTOCOL,
            IngressVerdict.DTLS_ACCEPTED,
            IngressVerdict.RTP_FORGED,
            IngressVerdict.RTP_MALFORMED,
            IngressVerdict.RTCP_FORGED)) {
      call.await(verdict.name(), () -> since(verdict) > 10);
    }
  }

  @Test
  void stunWithoutTheRightPasswordIsNotAnswered() {
    for (SfuClient victim : List.of(alice, bob)) {
      var guessed = new IceCredentials(victim.answer().ice().ufrag(), "x".repeat(24));
      var check = new ConnectivityCheck(guessed, victim.credentials().ufrag(), 7);
      for (int i = 0; i < 20; i++) {
        sendFromOutside(check.request(new byte[12], true));
        sendFromOutside(withoutIntegrity(victim));
      }
    }
    call.await("counted", () -> since(IngressVerdict.STUN_UNAUTHENTICATED) == 80);
    var unknown = new ConnectivityCheck(IceCredentials.random(), "abcd", 7);
    sendFromOutside(unknown.request(new byte[12], true));
    call.await("counted", () -> since(IngressVerdict.STUN_UNKNOWN_UFRAG) == 1);
    call.awaitFrames(alice.video, 10);
    assertNothingCameOutside();
  }

  /// Nor are nameless requests through it answered, so that none goes round.
  @Test
  void aRelayLeadsToNoRelay() {
    try (var relay = new RelayClient(call, sfu.ports().getFirst(), SECRET, "mallory").open()) {
      long allowed = since(IngressVerdict.TURN_ANSWERED);
      byte[] binding = ByteBuffer.allocate(20).putInt(0x0001_0000).putInt(0x2112_A442).array();
      byte[] nested = RelayClient.channelData(RelayClient.channelData(new byte[40]));
      for (int i = 0; i < 20; i++) {
        relay.send(RelayClient.channelData(relay.allocate()));
        relay.send(nested);
        relay.send(RelayClient.channelData(binding));
      }
      call.await("no relay", () -> since(IngressVerdict.TURN_NOT_PERMITTED) == 40);
      call.await("no address", () -> since(IngressVerdict.STUN_UNKNOWN_UFRAG) == 20);
      assertEquals(allowed, since(IngressVerdict.TURN_ANSWERED));
      assertEquals(0, relay.receive().length, "nothing comes back");
    }
  }

  @Test
  void aFloodOfAllocatesIsNotAnswered() {
    try (var flood = new RelayClient(call, sfu.ports().getFirst(), SECRET, "nobody")) {
      for (int i = 0; i < 5_000; i++) {
        sendPaced(() -> flood.send(flood.allocate()));
      }
      call.await("the rest", () -> since(IngressVerdict.TURN_RATE_LIMITED) > 3_000);
      long answered = since(IngressVerdict.TURN_CHALLENGED);
      long asked = answered + since(IngressVerdict.TURN_UNPAID);
      assertTrue(answered > 0 && 52 * answered <= 28 * asked, answered + " of " + asked);
      call.await("no relay", () -> sfu.counters().value(Gauge.TURN_RELAYS) == 0);
    }
  }

  @Test
  void mediaAndDtlsFromAPathThatIceHasNotValidatedAreDropped() {
    int count = overheard.size();
    for (byte[] datagram : List.copyOf(overheard)) {
      sendFromOutside(datagram);
    }
    byte[] record = new byte[100];
    record[0] = 22;
    sendFromOutside(record);
    call.await("counted", () -> since(IngressVerdict.UNVALIDATED_PATH) == count + 1);
    assertNothingCameOutside();
  }

  @Test
  void mediaBeforeTheHandshakeIsDropped() {
    SfuClient eve = call.enter("eve", ClientSetup.first());
    eve.handshakes = false;
    call.negotiate(eve);
    call.await("a path", () -> eve.responses() > 0);
    for (byte[] datagram : overheard.subList(0, 10)) {
      eve.sendRaw(datagram);
    }
    eve.sendRaw(new byte[] {(byte) 0x80, (byte) 200, 0, 1, 0, 0, 0, 0});
    call.await("counted", () -> since(IngressVerdict.BEFORE_KEYS) == 11);
  }

  @Test
  void forgedAndReplayedMediaOnTheVictimsOwnPathIsDropped() {
    List<byte[]> heard = List.copyOf(overheard);
    for (byte[] datagram : heard) {
      sendPaced(() -> alice.sendRaw(datagram));
    }
    call.await("replays", () -> since(IngressVerdict.RTP_REPLAYED) == heard.size());
    for (byte[] datagram : heard) {
      byte[] forged = datagram.clone();
      ByteBuffer header = ByteBuffer.wrap(forged);
      header.putShort(2, (short) (header.getShort(2) + 5_000));
      sendPaced(() -> alice.sendRaw(forged));
    }
    call.await("forgeries", () -> since(IngressVerdict.RTP_FORGED) == heard.size());
    byte[] foreign = mallory.protect(packet(mallory, alice.video.ssrc, 9_000, Map.of()), 9_000);
    alice.sendRaw(foreign);
    call.await("other keys", () -> since(IngressVerdict.RTP_FORGED) == heard.size() + 1);

    byte[] compound = alice.protectRtcp(receiverReport(0));
    byte[] forged = compound.clone();
    forged[10] ^= 1;
    alice.sendRaw(forged);
    call.await("forged RTCP", () -> since(IngressVerdict.RTCP_FORGED) == 1);
    alice.sendRaw(compound);
    alice.sendRaw(compound);
    call.await("replayed RTCP", () -> since(IngressVerdict.RTCP_REPLAYED) == 1);
  }

  @Test
  void lyingLengthsInsideProtectedPacketsAreMalformed() {
    byte[] padded = packet(mallory, mallory.video.ssrc, 1, Map.of());
    padded[0] |= 0x20;
    for (int lie : new int[] {0, padded.length - 11, 255}) {
      byte[] plain = padded.clone();
      plain[0] |= 0x20;
      plain[plain.length - 1] = (byte) lie;
      ByteBuffer.wrap(plain).putShort(2, (short) (10 + lie));
      mallory.sendRtp(plain, 10 + lie);
    }
    byte[] extended = packet(mallory, mallory.video.ssrc, 400, Map.of(1, new byte[] {1, 2, 3}));
    byte[] datagram = mallory.protect(extended, 400);
    ByteBuffer.wrap(datagram).putShort(14, (short) 5_000);
    mallory.sendRaw(datagram);
    call.await("RTP", () -> since(IngressVerdict.RTP_MALFORMED) == 4);

    byte[] tooLong = receiverReport(0);
    ByteBuffer.wrap(tooLong).putShort(2, (short) 40);
    byte[] tooMany = receiverReport(31);
    byte[] badPadding = receiverReport(0);
    badPadding[0] |= 0x20;
    badPadding[7] = (byte) 200;
    for (byte[] lie : List.of(tooLong, tooMany, badPadding)) {
      mallory.sendRtcp(lie);
    }
    call.await("RTCP", () -> since(IngressVerdict.RTCP_MALFORMED) == 3);
  }

  @Test
  void reservedExtensionIdsEndTheBlockAndNothingElse() {
    List<byte[]> packets = new ArrayList<>();
    for (int id : new int[] {0, 15}) {
      // RFC 8285 §4.2: neither id may be used with data; what follows is not looked at.
      packets.add(
          rawExtensions(
              mallory, 20 + id, new byte[] {(byte) (id << 4 | 3), 9, 9, 9, 9, (byte) 0xD0, 5, 0}));
    }
    packets.forEach(plain -> mallory.sendRtp(plain, ByteBuffer.wrap(plain).getShort(2)));
    ReceivedStream seen = bob.stream(SfuClient.videoMid(1));
    call.await("forwarded", () -> seen.count() == 2);
    int orientation = bob.setup.id(HeaderExtension.VIDEO_ORIENTATION);
    assertTrue(seen.packets().stream().noneMatch(p -> p.extensions().containsKey(orientation)));
  }

  @Test
  void anSsrcOfAnotherParticipantIsNobodyElsesBusiness() {
    int keyFrames = alice.video.keyFrameRequests;
    for (int i = 0; i < 20; i++) {
      mallory.sendRtp(packet(mallory, alice.video.ssrc, 100 + i, Map.of()), 100 + i);
    }
    int bobsSlot = bob.stream(VIDEO).ssrc;
    for (int ssrc : new int[] {bobsSlot, alice.video.ssrc, bob.stream(AUDIO).ssrc}) {
      mallory.sendPictureLossIndication(ssrc);
      mallory.sendNack(ssrc, new int[] {1, 2, 3, 60_000}, 4);
      mallory.sendRtcp(bye(ssrc));
      mallory.sendRtcp(senderReport(ssrc));
    }
    long rtcp = 12;
    call.await("taken in", () -> since(IngressVerdict.RTCP_ACCEPTED) >= rtcp);
    call.awaitFrames(alice.video, 10);
    assertEquals(keyFrames, alice.video.keyFrameRequests);
  }

  @Test
  void moreThan64SsrcsAreRefused() {
    for (int i = 0; i < 120; i++) {
      byte[] plain = packet(mallory, 0x7000_0000 + i, 1, mid(mallory, "1"));
      sendPaced(() -> mallory.sendRtp(plain, 1));
    }
    call.await("the rest", () -> since(IngressVerdict.RTP_UNKNOWN_STREAM) >= 120 - 64);
  }

  @Test
  void aTrackDoesNotGoBackToAnSsrcThatItGaveUp() {
    int former = 0x7100_0000;
    int present = 0x7100_0001;
    mallory.sendRtp(packet(mallory, former, 1, mid(mallory, "1")), 1);
    call.await("taken", () -> reported(former));
    mallory.sendRtp(packet(mallory, present, 1, mid(mallory, "1")), 1);
    call.await("taken", () -> reported(present));
    for (int i = 2; i < 12; i++) {
      mallory.sendRtp(packet(mallory, former, i, mid(mallory, "1")), i);
    }
    call.await("late ones", () -> since(IngressVerdict.RTP_UNKNOWN_STREAM) == 10);
  }

  @Test
  void latePacketsOfAnEndedTrackDoNotPassForAnother() {
    int screen = 0x7200_0000;
    TransportOffer offer = mallory.offer();
    List<TrackParameters> tracks = new ArrayList<>(offer.tracks());
    tracks.add(
        new TrackParameters(
            new Mid("2"),
            TrackSource.SCREEN,
            List.of(mallory.setup.vp8()),
            List.of(screen),
            List.of(),
            false));
    call.get(call.room.negotiate(mallory.id, with(offer, tracks, offer.slots())));
    mallory.sendRtp(packet(mallory, screen, 1, Map.of()), 1);
    call.await("the screen", () -> reported(screen));
    call.get(call.room.negotiate(mallory.id, offer));
    mallory.sendRtp(packet(mallory, screen, 2, Map.of()), 2);
    call.await("dropped", () -> since(IngressVerdict.RTP_UNKNOWN_STREAM) == 1);
  }

  @Test
  void aStormOfNacksIsAnsweredWithinABudget() {
    call.room.view(mallory.id, List.of(new SeatView(0, alice.id, false, 360)));
    ReceivedStream stream = mallory.stream(VIDEO);
    alice.video.packetsPerFrame = 8;
    call.await("mallory sees", () -> stream.count() > 300);
    long sentBefore = sfu.counters().value(SfuCounter.RETRANSMISSIONS_SENT);
    long readBefore = compoundsRead();
    for (int round = 0; round < 100; round++) {
      int highest = (int) stream.last().sequenceNumber();
      int[] numbers = new int[256];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = highest - numbers.length + 1 + i & 0xFFFF;
      }
      sendPaced(() -> mallory.sendNack(stream.ssrc, numbers, numbers.length));
    }
    call.await("all were heard", () -> compoundsRead() - readBefore >= 100);
    long sent = sfu.counters().value(SfuCounter.RETRANSMISSIONS_SENT) - sentBefore;
    // Each once in a round trip, of those that are not yet too old, within a share of what is sent.
    assertTrue(sent > 0 && sent <= 512, sent + " were sent again");
  }

  private static long compoundsRead() {
    return sfu.counters().value(IngressVerdict.RTCP_ACCEPTED)
        + sfu.counters().value(IngressVerdict.RTCP_OVER_BUDGET);
  }

  @Test
  void endlessNewSlotsAreRefusedBeforeTheyExhaustAnything() {
    TransportOffer offer = mallory.offer();
    var refusal =
        assertThrows(
            CompletionException.class,
            () -> {
              for (int round = 0; round < 6; round++) {
                List<SlotParameters> slots = new ArrayList<>();
                for (int i = 0; i < 128; i++) {
                  slots.add(
                      new SlotParameters(
                          new Mid("s" + round + "-" + i),
                          MediaKind.VIDEO,
                          List.of(mallory.setup.vp8())));
                }
                call.get(call.room.negotiate(mallory.id, with(offer, offer.tracks(), slots)));
              }
            });
    var reason = assertInstanceOf(RefusedException.class, refusal.getCause());
    assertEquals(RefusedException.Reason.INVALID_OFFER, reason.reason());
  }

  private static TransportOffer with(
      TransportOffer offer, List<TrackParameters> tracks, List<SlotParameters> slots) {
    boolean same = slots.equals(offer.slots());
    return new TransportOffer(
        offer.ice(),
        offer.fingerprints(),
        offer.extensions(),
        tracks,
        slots,
        same ? offer.seats() : List.of());
  }

  /// Random bytes, and real datagrams cut short or changed, of all kinds.
  private List<byte[]> nonsense(long seed, int count) {
    var random = new Random(seed);
    var check = new ConnectivityCheck(mallory.answer().ice(), "abcd", 7);
    byte[] request = check.request(new byte[12], true);
    List<byte[]> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] datagram =
          switch (i % 4) {
            case 0 -> random(random, random.nextInt(1_500));
            case 1 -> firstByte(random(random, 1 + random.nextInt(300)), random);
            case 2 -> cut(request, random);
            default -> cut(overheard.get(random.nextInt(overheard.size())), random);
          };
      made.add(datagram);
    }
    return made;
  }

  private static byte[] random(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] firstByte(byte[] datagram, Random random) {
    byte[] starts = {0, 1, 20, 22, 23, 63, (byte) 0x80, (byte) 0x90, (byte) 0xBF};
    datagram[0] = starts[random.nextInt(starts.length)];
    if (datagram.length > 1 && random.nextInt(3) == 0) {
      datagram[1] = (byte) (192 + random.nextInt(32));
    }
    return datagram;
  }

  private static byte[] cut(byte[] datagram, Random random) {
    byte[] changed = Arrays.copyOf(datagram, 1 + random.nextInt(datagram.length));
    changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
    return changed;
  }

  private static byte[] withoutIntegrity(SfuClient victim) {
    byte[] username =
        (victim.answer().ice().ufrag() + ":" + victim.credentials().ufrag())
            .getBytes(StandardCharsets.US_ASCII);
    int padded = username.length + 3 & ~3;
    return ByteBuffer.allocate(28 + padded)
        .putShort((short) 1)
        .putShort((short) (8 + padded))
        .putInt(0x2112_A442)
        .position(20)
        .putShort((short) 6)
        .putShort((short) username.length)
        .put(username)
        .position(24 + padded)
        .putShort((short) 0x25)
        .putShort((short) 0)
        .array();
  }

  /// A packet of VP8 shape, under a payload type of the sender's.
  private static byte[] packet(
      SfuClient sender, int ssrc, int sequence, Map<Integer, byte[]> extensions) {
    byte[] payload = new byte[40];
    payload[0] = 0x10;
    int payloadType = sender.setup.vp8().payloadType();
    return RtpBytes.packet(payloadType, true, sequence, 90 * sequence, ssrc, extensions, payload);
  }

  private static Map<Integer, byte[]> mid(SfuClient sender, String mid) {
    Map<Integer, byte[]> extensions = new HashMap<>();
    extensions.put(sender.setup.id(HeaderExtension.MID), mid.getBytes(StandardCharsets.US_ASCII));
    return extensions;
  }

  private static byte[] rawExtensions(SfuClient sender, int sequence, byte[] elements) {
    byte[] plain = packet(sender, sender.video.ssrc, sequence, Map.of());
    return ByteBuffer.allocate(plain.length + 4 + elements.length)
        .put(plain, 0, 12)
        .putShort((short) 0xBEDE)
        .putShort((short) (elements.length / 4))
        .put(elements)
        .put(plain, 12, plain.length - 12)
        .put(0, (byte) 0x90)
        .array();
  }

  private static byte[] receiverReport(int count) {
    return ByteBuffer.allocate(8).putInt(0x80C9_0001 | count << 24).putInt(1).array();
  }

  private static byte[] bye(int ssrc) {
    return ByteBuffer.allocate(8).putInt(0x81CB_0001).putInt(ssrc).array();
  }

  private static byte[] senderReport(int ssrc) {
    return ByteBuffer.allocate(28).putInt(0x80C8_0006).putInt(ssrc).putLong(5).array();
  }

  private void sendFromOutside(byte[] datagram) {
    sendPaced(
        () -> {
          try {
            int port = sfu.ports().getFirst();
            outsider.send(
                ByteBuffer.wrap(datagram),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  /// Sends, and lets the SFU take it in before the socket's buffer is full.
  private void sendPaced(Runnable send) {
    send.run();
    if (++paced % 32 == 0) {
      long enough = received() + 1;
      call.await("the flood to be read", () -> received() >= enough);
    }
  }

  private int paced;

  private void assertNothingCameOutside() {
    try {
      assertEquals(null, outsider.receive(ByteBuffer.allocate(2048)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private long since(IngressVerdict verdict) {
    return sfu.counters().value(verdict) - before.get(verdict);
  }

  /// Whether a receiver report told Mallory of this SSRC.
  private boolean reported(int ssrc) {
    return mallory.reportBlocks.stream().anyMatch(block -> block.ssrc() == ssrc);
  }
}
