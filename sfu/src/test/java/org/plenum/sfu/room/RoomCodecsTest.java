package org.plenum.sfu.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.sfu.CodecName.AV1;
import static org.plenum.sfu.CodecName.H264;
import static org.plenum.sfu.CodecName.VP8;
import static org.plenum.sfu.CodecName.VP9;
import static org.plenum.sfu.room.RoomDriver.CAMERA_MID;
import static org.plenum.sfu.room.RoomDriver.SECOND;
import static org.plenum.sfu.room.RoomDriver.id;
import static org.plenum.sfu.room.TestCodecs.h264;
import static org.plenum.sfu.room.TestCodecs.video;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.Identity;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.Permissions;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.SlotBinding;
import org.plenum.sfu.SlotBinding.PauseReason;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.TransportAnswer;

/// What publishers are asked to send, and whose slots are paused, as people come and go who do not
/// all decode the same.
class RoomCodecsTest {
  private final RoomDriver driver =
      new RoomDriver(RoomSettings.DEFAULT.withCodecs(List.of(H264, VP8, VP9, AV1)));

  @Test
  void aPublisherSendsTheRoomsFavouriteWhereAllDecodeIt() {
    view("viewer", VP8, H264);
    assertEquals(List.of(H264, VP8), answered(publish("alice", VP8, H264)));
    assertEquals(List.of(), wanted("alice"));
    assertEquals(null, paused("viewer"));
  }

  @Test
  void aPublisherWhoComesLaterSendsWhatAllDecodeFromTheStart() {
    view("viewer", VP8);
    assertEquals(List.of(VP8, H264), answered(publish("alice", VP8, H264)));
    assertEquals(List.of(), wanted("alice"));
    assertEquals(null, paused("viewer"));
  }

  @Test
  void aPublisherIsAskedForAnotherCodecWhenSomebodyComesWhoCannotDecodeTheFirst() {
    publish("alice", H264, VP8);
    view("old", H264, VP8);
    assertEquals(List.of(), wanted("alice"));

    view("new", VP8);
    assertEquals(List.of(VP8), wanted("alice"));
    assertEquals(PauseReason.CODEC, paused("new"), "until she obeys");
    assertEquals(null, paused("old"));

    assertEquals(List.of(VP8, H264), answered(publish("alice", VP8, H264)));
    assertEquals(null, paused("new"));
    assertEquals(null, paused("old"));
    assertEquals(List.of(VP8), wanted("alice"), "asked once");
  }

  @Test
  void aPublisherIsAskedAgainAfterItObeyedAndSomebodyElseCame() {
    publish("alice", H264, VP8, VP9);
    view("first", VP8, VP9);
    publish("alice", VP8, H264, VP9);
    view("second", VP9);
    assertEquals(List.of(VP8, VP9), wanted("alice"));
    assertEquals(List.of(VP9, H264, VP8), answered(publish("alice", VP9, H264, VP8)));
    assertEquals(null, paused("second"));
  }

  @Test
  void whatIsSentIsKeptWhenTheOneWhoNeededItLeaves() {
    publish("alice", H264, VP8);
    view("viewer", VP8);
    publish("alice", VP8, H264);
    driver.leave("viewer");
    view("other", H264, VP8);
    assertEquals(List.of(VP8), wanted("alice"), "no change for no need");
    assertEquals(List.of(VP8, H264), answered(publish("alice", H264, VP8)));
  }

  @Test
  void aViewerWhomNothingSuitsIsPausedAndNobodyIsAsked() {
    publish("alice", H264);
    view("viewer", VP8);
    assertEquals(List.of(), wanted("alice"));
    assertEquals(PauseReason.CODEC, paused("viewer"));
    assertEquals(List.of(PauseReason.CODEC), told("viewer"), "told with the binding, once");
  }

  @Test
  void aPausedSlotGoesOnWhenItIsReboundToSomebodyElse() {
    publish("alice", H264);
    publish("bob", VP8);
    view("viewer", VP8);
    show("viewer", "alice");
    assertEquals(PauseReason.CODEC, paused("viewer"));
    show("viewer", "bob");
    assertEquals(null, paused("viewer"));
    show("viewer", "alice");
    assertEquals(PauseReason.CODEC, paused("viewer"));
    driver.leave("alice");
    assertEquals(null, paused("viewer"));
    assertEquals(4, binding("viewer").generation());
  }

  @Test
  void aViewerIsToldWhenThePublisherChangesItsCodecByItself() {
    publish("alice", H264, VP8);
    view("viewer", H264);
    view("both", H264, VP8);
    sends("alice", VP8);
    assertEquals(PauseReason.CODEC, paused("viewer"));
    assertEquals(null, paused("both"));
    sends("alice", H264);
    assertEquals(null, paused("viewer"));
    assertEquals(java.util.Arrays.asList(null, PauseReason.CODEC, null), told("viewer"));
    assertEquals(1, told("both").size(), "nothing changed for the other");
    assertEquals(1, binding("viewer").generation(), "the binding is the same");
  }

  @Test
  void aViewerWhoOffersMoreIsToldThatItGoesOn() {
    publish("alice", H264);
    view("viewer", VP8);
    assertEquals(PauseReason.CODEC, paused("viewer"));
    view("viewer", VP8, H264);
    assertEquals(null, paused("viewer"));
    assertEquals(java.util.Arrays.asList(PauseReason.CODEC, null), told("viewer"));
  }

  @Test
  void aViewerOfAnotherProfileOfH264IsPaused() {
    Codec main = h264(102, "4d001f", "1");
    Codec baseline = h264(108, "42e01f", "1");
    driver.join("alice");
    driver.negotiate("alice", driver.publishing("alice", List.of(main)));
    driver.join("viewer");
    driver.negotiate("viewer", driver.viewing("viewer", List.of(baseline)));
    assertEquals(PauseReason.CODEC, paused("viewer"));
    driver.negotiate("viewer", driver.viewing("viewer", List.of(baseline, main)));
    assertEquals(null, paused("viewer"));
  }

  @Test
  void hiddenViewersCountLikeOthers() {
    publish("alice", H264, VP8);
    driver.join(new JoinRequest(id("eve"), "Eve", true, null));
    driver.negotiate("eve", driver.viewing("eve", List.of(video(VP8))));
    assertEquals(List.of(VP8), wanted("alice"));
  }

  /// Who publishes by an encoder and views by a player is not sent the encoder's picture.
  @Test
  void thePublishersOwnPlayerDoesNotCount() {
    var ada = new Identity("ada");
    driver.join(new JoinRequest(id("encoder"), "Ada", false, null, ada));
    publish("encoder", H264, VP8);
    driver.join(new JoinRequest(id("player"), "Ada", true, null, ada));
    view("player", VP8);
    assertEquals(List.of(), wanted("encoder"));
  }

  @Test
  void aPlayerThatShowsItsOwnPublisherCounts() {
    var ada = new Identity("ada");
    driver.join(new JoinRequest(id("encoder"), "Ada", false, null, ada));
    publish("encoder", H264, VP8);
    driver.join(
        new JoinRequest(id("player"), "Ada", true, null, ada, null, Permissions.ALL, false, true));
    view("player", VP8);
    assertEquals(List.of(VP8), wanted("encoder"));
  }

  @Test
  void thoseWithoutASlotForPicturesDoNotCount() {
    publish("alice", H264, VP8);
    publish("bob", VP8);
    driver.join("listener");
    driver.receive("listener", 2, 0);
    assertEquals(List.of(), wanted("alice"));
  }

  @Test
  void anOfferThatSharesNoCodecWithTheRoomIsRefusedByName() {
    driver.join("alice");
    RefusedException refusal =
        assertThrows(
            RefusedException.class,
            () -> driver.negotiate("alice", driver.publishing("alice", List.of(h265()))));
    assertEquals(RefusedException.Reason.INVALID_OFFER, refusal.reason());
    assertTrue(
        refusal.getMessage().contains("offers H265, but the room takes H264, VP8, VP9, AV1"),
        refusal.getMessage());
  }

  private static Codec h265() {
    return video(CodecName.H265);
  }

  private TransportAnswer publish(String name, CodecName... codecs) {
    joinOnce(name);
    return driver.negotiate(name, driver.publishing(name, codecs(codecs)));
  }

  /// Has one seat, whose picture may come in these codecs.
  private void view(String name, CodecName... codecs) {
    joinOnce(name);
    driver.negotiate(name, driver.viewing(name, codecs(codecs)));
  }

  private void joinOnce(String name) {
    if (driver.events(name) == null) {
      driver.join(name);
    }
  }

  private void show(String viewer, String publisher) {
    driver.view(viewer, new SeatView(0, id(publisher), false, 360));
  }

  /// As when packets of that codec come, and the room looks again.
  private void sends(String publisher, CodecName name) {
    var track = driver.room.participant(id(publisher)).track(TrackSource.CAMERA);
    for (Codec codec : track.codecs()) {
      if (codec.name() == name) {
        track.activeCodec(codec);
      }
    }
    driver.pass(SECOND);
  }

  private static List<Codec> codecs(CodecName... names) {
    return List.of(names).stream().map(TestCodecs::video).toList();
  }

  private static List<CodecName> answered(TransportAnswer answer) {
    return answer.tracks().get(CAMERA_MID).stream().map(Codec::name).toList();
  }

  private List<CodecName> wanted(String publisher) {
    return driver.events(publisher, RoomEvent.PublishWanted.class).stream()
        .peek(event -> assertEquals(CAMERA_MID, event.mid()))
        .map(RoomEvent.PublishWanted::codec)
        .toList();
  }

  /// What its video slot says now, after checking that it was told just that.
  private @Nullable PauseReason paused(String viewer) {
    PauseReason now = binding(viewer).paused();
    assertEquals(now, told(viewer).getLast());
    return now;
  }

  private SlotBinding binding(String viewer) {
    return driver.snapshot(viewer).slots().stream()
        .filter(slot -> slot.mid().equals(RoomDriver.SEAT_VIDEO))
        .findFirst()
        .orElseThrow();
  }

  /// The pauses that each `slot` event about its video slot told, in order.
  private List<@Nullable PauseReason> told(String viewer) {
    var told = new java.util.ArrayList<@Nullable PauseReason>();
    for (RoomEvent.SlotBound event : driver.events(viewer, RoomEvent.SlotBound.class)) {
      if (event.binding().mid().equals(RoomDriver.SEAT_VIDEO)) {
        told.add(event.binding().paused());
      }
    }
    return told;
  }
}
