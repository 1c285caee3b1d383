package org.plenum.sfu.node;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.ice.candidate.Candidate;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.Identity;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Mid;
import org.plenum.sfu.Observation;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.ParticipantInfo;
import org.plenum.sfu.ParticipantStatistics;
import org.plenum.sfu.Permissions;
import org.plenum.sfu.Playback;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.Rid;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.RoomSnapshot;
import org.plenum.sfu.SeatParameters;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.SlotBinding;
import org.plenum.sfu.SlotParameters;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackInfo;
import org.plenum.sfu.TrackParameters;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.TransportAnswer;
import org.plenum.sfu.TransportOffer;
import org.plenum.sfu.TransportState;
import org.plenum.sfu.dtls.DtlsFingerprint;
import org.plenum.sfu.quality.Quality;
import org.plenum.sfu.quality.QualityCause;
import org.plenum.sfu.relay.RelayMessage;
import org.plenum.sfu.rtp.HeaderExtension;
import org.plenum.sfu.rtp.HeaderExtensionMap;

/// What nodes tell each other, as bytes.
class RecordFormTest {
  private static final ParticipantId ADA = new ParticipantId("ada");
  private static final TrackId TRACK = new TrackId("t1");
  private static final Codec VP8 =
      new Codec(
          CodecName.VP8, 96, 97, Set.of(Codec.Feedback.NACK, Codec.Feedback.PLI), Map.of("a", "b"));
  private static final JoinRequest JOIN =
      new JoinRequest(
          ADA,
          "Ada Lövelace",
          false,
          new ParticipantId("before"),
          new Identity("person"),
          "{\"hat\":1}",
          new Permissions(Set.of(TrackSource.CAMERA), true),
          true,
          false,
          true,
          false);
  private static final IceCredentials ICE = IceCredentials.random();
  private static final HeaderExtensionMap IDS =
      HeaderExtensionMap.union(
          List.of(
              new HeaderExtensionMap(
                  Map.of(HeaderExtension.MID, 1, HeaderExtension.AUDIO_LEVEL, 2)),
              new HeaderExtensionMap(Map.of(HeaderExtension.MID, 3))));

  private static List<NodeMessage> samples() throws Exception {
    InetAddress four = InetAddress.getByName("192.0.2.1");
    InetAddress six = InetAddress.getByName("2001:db8::1");
    var statistics =
        new ParticipantStatistics(
            5,
            6,
            List.of(
                new ParticipantStatistics.LayerStatistics(
                    TRACK,
                    TrackSource.CAMERA,
                    new Mid("0"),
                    new Rid("q"),
                    CodecName.VP8,
                    180,
                    1,
                    2,
                    3,
                    4,
                    5,
                    6,
                    7,
                    8)),
            List.of());
    var snapshot =
        new RoomSnapshot(
            List.of(
                new ParticipantInfo(
                    ADA,
                    "Ada",
                    List.of(new TrackInfo(TRACK, TrackSource.CAMERA, true)),
                    Set.of(TrackSource.MICROPHONE))),
            List.of(
                new SlotBinding(
                    new Mid("4"),
                    0,
                    ADA,
                    TRACK,
                    TrackSource.CAMERA,
                    9,
                    SlotBinding.PauseReason.BANDWIDTH,
                    180,
                    720),
                new SlotBinding(new Mid("5"), -1, null, null, null, 1, null, 0, 0)),
            3,
            Set.of(),
            new Observation(true, false));
    return List.of(
        new NodeMessage.Opened(new InetSocketAddress(six, 65_535)),
        new NodeMessage.NotOpened("no worker has time"),
        new NodeMessage.Heard(),
        new NodeMessage.Admit(JOIN, Long.MAX_VALUE, Set.of(TrackSource.SCREEN), 4),
        new NodeMessage.Entered(7, snapshot),
        new NodeMessage.Happened(
            7, new RoomEvent.LayersWanted(new Mid("0"), List.of(new Rid("q")), Map.of())),
        new NodeMessage.Happened(7, new RoomEvent.Silenced(ADA, Set.of(TrackSource.CAMERA))),
        new NodeMessage.Happened(7, new RoomEvent.Removed(LeaveReason.MOVED)),
        new NodeMessage.Told(
            new RelayMessage.LayerOffered(TRACK, 1, new Rid("f"), VP8, 720, 1_500_000L, true)),
        new NodeMessage.Told(
            new RelayMessage.LayersNeeded(TRACK, Set.of(1, 2), Map.of(1, 300_000L))),
        new NodeMessage.Told(new RelayMessage.LayerReported(1, -5, -6, 7)),
        new NodeMessage.Told(
            new RelayMessage.Published(
                ADA,
                TRACK,
                new Mid("1"),
                TrackSource.CAMERA,
                List.of(VP8),
                List.of(new Rid("q"), new Rid("f")),
                false)),
        new NodeMessage.Told(
            new RelayMessage.Sent(null, new RoomEvent.MessageReceived(ADA, "chat", "héllo"))),
        new NodeMessage.Told(
            new RelayMessage.Observed(Observation.NONE, Set.of(CodecName.H264, CodecName.OPUS))),
        new NodeMessage.Told(new RelayMessage.Observed(Observation.NONE, null)),
        new NodeMessage.Told(new RelayMessage.Speaking(List.of(ADA))),
        new NodeMessage.Told(new RelayMessage.Decoding(List.of(List.of(VP8), List.of()))),
        new NodeMessage.Told(new RelayMessage.CodecNumbered(4, VP8)),
        new NodeMessage.Told(new RelayMessage.Closed()),
        new NodeMessage.Asked(
            3,
            new NodeMessage.Negotiate(
                ADA,
                new TransportOffer(
                    ICE,
                    List.of(new DtlsFingerprint("sha-256", "AB:CD")),
                    IDS,
                    List.of(
                        new TrackParameters(
                            new Mid("0"),
                            TrackSource.CAMERA,
                            List.of(VP8),
                            List.of(-1, 2),
                            List.of(new Rid("q")),
                            true)),
                    List.of(
                        new SlotParameters(new Mid("2"), MediaKind.VIDEO, List.of(VP8), 49, IDS)),
                    List.of(new SeatParameters(0, null, new Mid("2"))),
                    true))),
        new NodeMessage.Asked(0, new NodeMessage.View(ADA, List.of(new SeatView(0, ADA, true, 9)))),
        new NodeMessage.Asked(0, new NodeMessage.Report(ADA, new Playback(1, 2, true))),
        new NodeMessage.Asked(9, new NodeMessage.Participants()),
        new NodeMessage.Answered(
            3,
            new NodeMessage.Negotiated(
                new TransportAnswer(
                    ICE,
                    new DtlsFingerprint("sha-256", "AB:CD"),
                    List.of(
                        new Candidate(
                            "1",
                            Candidate.Transport.UDP,
                            0xFFFF_FFFFL,
                            four,
                            10_000,
                            Candidate.Type.HOST)),
                    "cname",
                    Map.of(new Mid("2"), new TransportAnswer.SlotSsrcs(-1, 2, 3)),
                    Map.of(new Mid("0"), List.of(VP8))))),
        new NodeMessage.Answered(
            9,
            new NodeMessage.Listed(
                List.of(
                    new ParticipantDetails(
                        ADA,
                        "Ada",
                        false,
                        null,
                        null,
                        Permissions.ALL,
                        Set.of(),
                        TransportState.CONNECTED,
                        new InetSocketAddress(four, 1),
                        List.of(),
                        2,
                        ParticipantDetails.PathKind.TCP,
                        statistics,
                        null,
                        Map.of(new Mid("0"), new Quality(80, QualityCause.values()[0])))))),
        new NodeMessage.Answered(
            4, new NodeMessage.Refused(RefusedException.Reason.ROOM_FULL, "full")));
  }

  private static @Nullable NodeMessage read(byte[] bytes) {
    return RecordForm.read(NodeMessage.class, bytes);
  }

  private static byte[] write(NodeMessage message) {
    return RecordForm.write(NodeMessage.class, (Record) message);
  }

  @Test
  void whatIsReadIsWhatWasWritten() throws Exception {
    for (NodeMessage each : samples()) {
      assertEquals(each, read(write(each)));
    }
  }

  @Test
  void keysCrossAndAreInNoText() {
    byte[] key = {1, 2, 3};
    var open =
        new NodeMessage.Open(
            1,
            new RoomId("room"),
            RoomSettings.DEFAULT,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 5),
            1,
            2,
            key,
            key,
            new byte[16],
            new byte[12]);
    NodeMessage read = read(write(open));
    assertTrue(read instanceof NodeMessage.Open);
    assertArrayEquals(key, ((NodeMessage.Open) read).ownerKey());
    assertEquals(RoomSettings.DEFAULT, ((NodeMessage.Open) read).settings());
    assertEquals("Open[room]", read.toString());
  }

  /// What one version says and the other reads.
  sealed interface Newer {
    record Greeting(String text, int volume, List<String> languages, @Nullable String from)
        implements Newer {}

    record Farewell() implements Newer {}
  }

  /// The same of another version.
  sealed interface Older {
    record Greeting(String text) implements Older {}
  }

  @Test
  void versionsUnderstandEachOtherAsFarAsTheyCan() {
    byte[] newer = RecordForm.write(Newer.class, new Newer.Greeting("hi", 3, List.of("de"), "x"));
    assertEquals(new Older.Greeting("hi"), RecordForm.read(Older.class, newer));
    byte[] older = RecordForm.write(Older.class, new Older.Greeting("hi"));
    assertEquals(new Newer.Greeting("hi", 0, List.of(), null), RecordForm.read(Newer.class, older));
    assertNull(RecordForm.read(Older.class, RecordForm.write(Newer.class, new Newer.Farewell())));
  }

  @Test
  void whatMustBeThereAndIsNotMakesItUnreadable() {
    byte[] empty = RecordForm.write(Newer.class, new Newer.Farewell());
    byte[] name = "Greeting".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    byte[] greeting = new byte[1 + name.length];
    greeting[0] = (byte) name.length;
    System.arraycopy(name, 0, greeting, 1, name.length);
    assertNotNull(RecordForm.read(Newer.class, empty));
    assertNull(RecordForm.read(Newer.class, greeting), "there is no text");
  }

  @Test
  void whatARecordRefusesIsNone() {
    byte[] bytes = write(new NodeMessage.Asked(1, new NodeMessage.Snapshot(ADA)));
    bytes[bytes.length - 1] = '/';
    assertNull(read(bytes));
  }

  @Test
  void whatHasNoFormIsNotSent() {
    var admitted =
        new RelayMessage.Admitted(JOIN, 1, Set.of(), 0, _ -> {}, new CompletableFuture<>());
    assertThrows(IllegalArgumentException.class, () -> write(new NodeMessage.Told(admitted)));
  }

  @Test
  void garbageIsNone() throws Exception {
    var random = new Random(11);
    for (NodeMessage each : samples()) {
      byte[] good = write(each);
      for (int length = 0; length < good.length; length++) {
        read(java.util.Arrays.copyOf(good, length));
      }
      for (int i = 0; i < 500; i++) {
        byte[] bad = good.clone();
        for (int flips = random.nextInt(1, 5); flips > 0; flips--) {
          bad[random.nextInt(bad.length)] = (byte) random.nextInt();
        }
        read(bad);
      }
    }
    assertNull(read(new byte[0]));
    assertNull(read(new byte[] {-1, 0, 0}));
  }

  @Test
  void timesGoAsAges() {
    var report = new RelayMessage.LayerReported(1, 2, 3, 1_000);
    RelayMessage aged = Ages.turn(report, 1_600);
    assertEquals(new RelayMessage.LayerReported(1, 2, 3, 600), aged);
    assertEquals(new RelayMessage.LayerReported(1, 2, 3, -100), Ages.turn(aged, 500));
  }
}
