package org.plenum.signaling.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.LoadStep;
import org.plenum.sfu.Mid;
import org.plenum.sfu.Observation;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.ParticipantInfo;
import org.plenum.sfu.ParticipantStatistics;
import org.plenum.sfu.Rid;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.SectionQuality;
import org.plenum.sfu.SlotBinding;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackInfo;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.TransportState;
import org.plenum.sfu.quality.Quality;
import org.plenum.sfu.quality.QualityCause;

class ServerMessageWriterTest {
  private static final ParticipantId BOB = new ParticipantId("bob");
  private static final TrackInfo SCREEN =
      new TrackInfo(new TrackId("bob-2"), TrackSource.SCREEN_AUDIO, true);

  @Test
  void writesWelcome() {
    assertEquals(
        "{\"type\":\"welcome\",\"version\":1,\"features\":[],\"room\":\"blue\","
            + "\"participant\":\"me\",\"name\":\"Ada\",\"resume\":\"token\",\"resumed\":true,"
            + "\"iceServers\":[{\"urls\":[\"turn:a\"],\"username\":\"u\",\"credential\":\"c\"},"
            + "{\"urls\":[\"stun:b\"]}],"
            + "\"participants\":[{\"participant\":\"bob\",\"name\":\"Böb \\\"x\\\"\",\"tracks\":["
            + "{\"track\":\"bob-2\",\"kind\":\"audio\",\"source\":\"screen-audio\",\"muted\":true}"
            + "],\"silenced\":[\"screen\"]}],"
            + "\"slots\":[{\"mid\":\"3\",\"seat\":-1,\"participant\":null,\"track\":null,"
            + "\"source\":null,\"generation\":2}],\"hidden\":5,"
            + "\"silenced\":[\"camera\"],\"publish\":[\"microphone\"],\"token\":\"pass\",\"open\":true,"
            + "\"observed\":{\"broadcast\":true,\"recorded\":false},"
            + "\"locked\":true,\"rules\":{\"waitingRoom\":true,\"screen\":true,\"chat\":true,"
            + "\"unmute\":true,\"files\":true,\"record\":true,\"history\":true},"
            + "\"hosts\":[\"me\"],"
            + "\"waiting\":[{\"waiting\":\"1\",\"name\":\"Eve\"}],\"history\":[{\"from\":\"bob\","
            + "\"name\":\"Bob\",\"text\":\"hi\",\"at\":7,\"own\":true}],"
            + "\"nodes\":[\"https://other\"]}",
        ServerMessageWriter.toJson(
            new ServerMessage.Welcome(
                new RoomId("blue"),
                new ParticipantId("me"),
                "Ada",
                "token",
                true,
                List.of(
                    new IceServer(List.of("turn:a"), "u", "c"),
                    new IceServer(List.of("stun:b"), null, null)),
                List.of(
                    new ParticipantInfo(
                        BOB, "Böb \"x\"", List.of(SCREEN), Set.of(TrackSource.SCREEN))),
                List.of(new SlotBinding(new Mid("3"), -1, null, null, null, 2, null, 0, 0)),
                5,
                Set.of(TrackSource.CAMERA),
                Set.of(TrackSource.MICROPHONE),
                "pass",
                true,
                new Observation(true, false),
                new ServerMessage.Ruling(
                    true,
                    RoomRules.USUAL.with(Rule.WAITING_ROOM, true),
                    List.of(new ParticipantId("me"))),
                List.of(new ServerMessage.Waiter("1", "Eve")),
                List.of(new ServerMessage.Written(BOB, "Bob", "chat", "hi", 7, true)),
                List.of("https://other"))));
  }

  @Test
  void writesWhatBecomesOfTheRoomsMedia() {
    writes(
        "{\"type\":\"observed\",\"broadcast\":false,\"recorded\":true}",
        new ServerMessage.Observed(new Observation(false, true)));
  }

  @Test
  void writesWhatIsLeftUndone() {
    writes(
        "{\"type\":\"load\",\"step\":\"other-pictures\"}",
        new ServerMessage.Load(LoadStep.OTHER_PICTURES));
  }

  @Test
  void writesHowLongToHoldBackWhatIsReceived() {
    writes("{\"type\":\"playout\",\"delay\":400}", new ServerMessage.Playout(400));
  }

  @Test
  void writesWhatIsTakenOfAPublisher() {
    writes(
        "{\"type\":\"limited\",\"mid\":\"1\",\"bitrate\":20000000}",
        new ServerMessage.Limited(new Mid("1"), 20_000_000));
  }

  @Test
  void writesHowGoodASectionIs() {
    writes(
        "{\"type\":\"quality\",\"sections\":[{\"mid\":\"3\",\"score\":42,"
            + "\"grade\":\"poor\",\"cause\":\"publisher-uplink\"},{\"mid\":\"4\"}]}",
        new ServerMessage.Quality(
            List.of(
                new SectionQuality(new Mid("3"), new Quality(42, QualityCause.PUBLISHER_UPLINK)),
                new SectionQuality(new Mid("4"), null))));
  }

  @Test
  void writesWhatModeratorsDo() {
    writes(
        "{\"type\":\"silenced\",\"participant\":\"bob\","
            + "\"sources\":[\"microphone\",\"camera\"]}",
        new ServerMessage.Silenced(BOB, Set.of(TrackSource.CAMERA, TrackSource.MICROPHONE)));
    writes(
        "{\"type\":\"message\",\"from\":null,\"topic\":\"a\",\"text\":\"b\"}",
        new ServerMessage.Message(null, "a", "b"));
    writes(
        "{\"type\":\"move\",\"room\":\"red\",\"token\":\"t\"}",
        new ServerMessage.Move(new RoomId("red"), "t"));
  }

  @Test
  void writesWhichLayersToSend() {
    writes(
        "{\"type\":\"layers\",\"mid\":\"1\",\"active\":[\"q\",\"h\"]}",
        new ServerMessage.Layers(new Mid("1"), List.of(new Rid("q"), new Rid("h")), Map.of()));
    writes(
        "{\"type\":\"layers\",\"mid\":\"1\",\"active\":[\"q\",\"h\"],\"maxBitrates\":{\"h\":350000}}",
        new ServerMessage.Layers(
            new Mid("1"), List.of(new Rid("q"), new Rid("h")), Map.of(new Rid("h"), 350_000L)));
  }

  @Test
  void writesSlotsAndAnswers() {
    writes(
        "{\"type\":\"answer\",\"id\":7,\"sdp\":\"v=0\\r\\n\"}",
        new ServerMessage.Answer(7, "v=0\r\n"));
    writes(
        "{\"type\":\"slot\",\"mid\":\"3\",\"seat\":0,\"participant\":\"bob\",\"track\":\"bob-1\","
            + "\"source\":\"camera\",\"generation\":1}",
        new ServerMessage.Slot(
            new SlotBinding(
                new Mid("3"), 0, BOB, new TrackId("bob-1"), TrackSource.CAMERA, 1, null, 0, 0)));
  }

  @Test
  void writesWhatWasCounted() {
    var layer =
        new ParticipantStatistics.LayerStatistics(
            new TrackId("me-1"),
            TrackSource.CAMERA,
            new Mid("1"),
            new Rid("h"),
            CodecName.VP8,
            360,
            900,
            700_000,
            3,
            4_000_000,
            7,
            4,
            6,
            2);
    var slot =
        new ParticipantStatistics.SlotStatistics(
            new Mid("3"),
            BOB,
            new TrackId("bob-1"),
            TrackSource.MICROPHONE,
            null,
            0,
            50,
            4_000,
            1,
            2,
            0,
            new ParticipantStatistics.Report(-1, 1_500_000, ParticipantStatistics.UNKNOWN));
    writes(
        "{\"type\":\"stats\",\"id\":9,\"at\":3000,\"roundTripTime\":0.025,\"layers\":["
            + "{\"mid\":\"1\",\"track\":\"me-1\",\"source\":\"camera\",\"rid\":\"h\","
            + "\"codec\":\"video/VP8\",\"height\":360,\"packets\":900,\"bytes\":700000,"
            + "\"lost\":3,\"jitter\":0.004,\"nacks\":7,\"recovered\":4,\"probes\":6,"
            + "\"keyFrameRequests\":2}],\"slots\":["
            + "{\"mid\":\"3\",\"participant\":\"bob\",\"track\":\"bob-1\","
            + "\"source\":\"microphone\",\"rid\":null,\"height\":0,\"packets\":50,"
            + "\"bytes\":4000,\"retransmitted\":1,\"nacks\":2,\"keyFrameRequests\":0,"
            + "\"lost\":-1,\"jitter\":0.0015,\"roundTripTime\":null}]}",
        new ServerMessage.Stats(
            9,
            new ParticipantStatistics(3_000_000_000L, 25_000_000, List.of(layer), List.of(slot))));
  }

  @Test
  void writesRosterChangesAloneAndTogether() {
    String joined =
        "{\"type\":\"joined\",\"participant\":\"bob\",\"name\":\"Bob\",\"tracks\":[],\"silenced\":[]}";
    String left = "{\"type\":\"left\",\"participant\":\"bob\",\"reason\":\"signaling-lost\"}";
    String track =
        "{\"type\":\"track\",\"participant\":\"bob\",\"track\":\"bob-2\",\"kind\":\"audio\","
            + "\"source\":\"screen-audio\",\"muted\":true}";
    String untrack = "{\"type\":\"untrack\",\"participant\":\"bob\",\"track\":\"bob-2\"}";
    List<ServerMessage.RosterChange> changes =
        List.of(
            new ServerMessage.Joined(new ParticipantInfo(BOB, "Bob", List.of())),
            new ServerMessage.Left(BOB, LeaveReason.SIGNALING_LOST),
            new ServerMessage.Track(BOB, SCREEN),
            new ServerMessage.Untrack(BOB, SCREEN.track()));
    writes(joined, changes.get(0));
    writes(left, changes.get(1));
    writes(track, changes.get(2));
    writes(untrack, changes.get(3));
    writes(
        "{\"type\":\"roster\",\"events\":[" + String.join(",", joined, left, track, untrack) + "]}",
        new ServerMessage.Roster(changes));
  }

  @Test
  void writesTheRest() {
    writes(
        "{\"type\":\"speakers\",\"participants\":[\"bob\"]}",
        new ServerMessage.Speakers(List.of(BOB)));
    writes("{\"type\":\"hidden\",\"count\":3}", new ServerMessage.Hidden(3));
    writes("{\"type\":\"stopping\",\"seconds\":90}", new ServerMessage.Stopping(90));
    writes("{\"type\":\"pong\",\"id\":4}", new ServerMessage.Pong(4));
    writes(
        "{\"type\":\"handOver\",\"seconds\":10,\"nodes\":[\"https://other\"]}",
        new ServerMessage.HandOver(10, List.of("https://other")));
    writes(
        "{\"type\":\"transport\",\"state\":\"lost\"}",
        new ServerMessage.Transport(TransportState.LOST));
    writes("{\"type\":\"bye\",\"reason\":\"removed\"}", new ServerMessage.Bye(LeaveReason.REMOVED));
    writes(
        "{\"type\":\"error\",\"code\":\"invalid-offer\",\"message\":\"no\",\"field\":\"sdp\","
            + "\"id\":7,\"fatal\":false}",
        new ServerMessage.Error(ErrorCode.INVALID_OFFER, "no", "sdp", 7L, false));
    writes(
        "{\"type\":\"error\",\"code\":\"too-slow\",\"message\":\"read!\",\"fatal\":true,\"retryAfter\":1}",
        ServerMessage.Error.fatal(ErrorCode.TOO_SLOW, "read!"));
  }

  private static void writes(String json, ServerMessage message) {
    assertEquals(json, ServerMessageWriter.toJson(message));
  }
}
