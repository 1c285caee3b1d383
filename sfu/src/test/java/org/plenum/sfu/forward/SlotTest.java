package org.plenum.sfu.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.EgressVerdict;
import org.plenum.sfu.MediaKind;

class SlotTest {
  private static final long MILLI = 1_000_000;

  private final TestPublisher a = TestPublisher.camera("a");
  private final TestPublisher b = TestPublisher.camera("b");
  private final TestViewer viewer = new TestViewer(MediaKind.VIDEO);
  private final Slot slot = viewer.slot;
  private long now;

  @AfterEach
  void everyPacketHadOneVerdict() {
    viewer.flush(now);
    assertEquals(a.offers + b.offers, viewer.verdicts());
    a.track.end();
    b.track.end();
  }

  private void frame(TestPublisher publisher, boolean key) {
    publisher.sendFrame(key, 2, now);
    passTime();
  }

  private void arrive(TestPublisher publisher, List<TestPublisher.Packet> packets) {
    packets.forEach(packet -> publisher.arrive(packet, now));
    passTime();
  }

  private void passTime() {
    viewer.flush(now);
    now += 33 * MILLI;
  }

  private @Nullable Layer lastLayer() {
    return viewer.sent.isEmpty() ? null : viewer.sent.lastEntry().getValue().layer();
  }

  private void bindAndStart(TestPublisher publisher) {
    slot.bind(publisher.track);
    frame(publisher, true);
  }

  @Test
  void waitsForAKeyFrameAndAsksForIt() {
    slot.bind(a.track);
    assertTrue(a.layer().keyFrames().isWanted());
    assertEquals(1, viewer.keyFramesWanted, "the worker is to hurry");
    frame(a, false);
    assertTrue(viewer.sent.isEmpty());
    assertTrue(slot.isGated());
    frame(a, true);
    assertFalse(a.layer().keyFrames().isWanted());
    assertEquals(2, viewer.sent.size());
    assertEquals(2, viewer.counters.value(EgressVerdict.AWAITING_KEYFRAME));
    assertEquals(2, viewer.counters.value(EgressVerdict.FORWARDED));
  }

  @Test
  void firstPacketHasTheFirstNumber() {
    bindAndStart(a);
    assertEquals(65_400, viewer.sent.firstKey());
  }

  @Test
  void formerTrackIsForwardedUntilTheKeyFrameOfTheNew() {
    bindAndStart(a);
    slot.bind(b.track);
    assertSame(b.track, slot.bound());
    frame(a, false);
    frame(b, false);
    assertSame(a.layer(), lastLayer());
    frame(b, true);
    frame(a, false);
    assertSame(b.layer(), lastLayer());
    assertFalse(a.track.sinks().contains(slot));
    viewer.assertPlaysWithoutABreak();
  }

  @Test
  void formerTrackIsDroppedAtOnceForAMutedOne() {
    bindAndStart(a);
    b.track.muted(true);
    slot.bind(b.track);
    frame(a, false);
    assertEquals(2, viewer.sent.size());
    assertNull(slot.forwarded());
  }

  @Test
  void goesOnWithoutABreakWhenBoundBackBeforeTheKeyFrame() {
    bindAndStart(a);
    slot.bind(b.track);
    slot.bind(a.track);
    assertEquals(3, slot.generation());
    frame(a, false);
    frame(b, true);
    frame(a, false);
    assertSame(a.layer(), lastLayer());
    assertEquals(6, viewer.sent.size());
    viewer.assertPlaysWithoutABreak();
  }

  @Test
  void lateStartOfAKeyFrameCatchesUpWithWhatFollowed() {
    slot.bind(a.track);
    var key = a.frame(true, 4, now);
    arrive(a, key.subList(1, 4));
    frame(a, false);
    arrive(a, key.subList(0, 1));
    frame(a, false);
    assertEquals(8, viewer.sent.size());
    viewer.assertPlaysWithoutABreak();
  }

  @Test
  void gapInAKeyFrameThatBeganLateIsFilledLater() {
    slot.bind(a.track);
    var key = a.frame(true, 5, now);
    arrive(a, key.subList(1, 2));
    arrive(a, key.subList(3, 5));
    frame(a, false);
    arrive(a, key.subList(0, 1));
    assertEquals(6, viewer.sent.size(), "all but the lost one");
    arrive(a, key.subList(2, 3));
    assertEquals(7, viewer.sent.size());
    viewer.assertPlaysWithoutABreak();
  }

  @Test
  void latePacketsFromBeforeTheSpliceGetNoNumber() {
    slot.bind(a.track);
    var before = a.frame(false, 2, now);
    frame(a, true);
    arrive(a, before);
    frame(a, false);
    assertEquals(2, viewer.counters.value(EgressVerdict.AWAITING_KEYFRAME));
    viewer.assertPlaysWithoutABreak();
  }

  @Test
  void unboundSlotForwardsNothing() {
    bindAndStart(a);
    slot.bind(null);
    frame(a, false);
    assertNull(slot.bound());
    assertEquals(2, viewer.sent.size());
    assertTrue(a.track.sinks().isEmpty());
  }

  @Test
  void unbindingWhileGatedLetsGoOfBothTracks() {
    bindAndStart(a);
    slot.bind(b.track);
    slot.bind(null);
    frame(a, false);
    frame(b, true);
    assertEquals(2, viewer.sent.size());
    assertTrue(a.track.sinks().isEmpty());
    assertTrue(b.track.sinks().isEmpty());
  }

  /// Were the former track to go on, the viewer would take it for the one that ended.
  @Test
  void slotIsEmptyWhenItsTrackEndsBehindTheGate() {
    bindAndStart(a);
    slot.bind(b.track);
    b.track.end();
    assertNull(slot.bound());
    frame(a, false);
    assertEquals(2, viewer.sent.size());
    assertTrue(a.track.sinks().isEmpty());
  }

  @Test
  void boundTrackStaysBehindTheGateWhenTheFormerEnds() {
    bindAndStart(a);
    slot.bind(b.track);
    a.track.end();
    assertSame(b.track, slot.bound());
    frame(b, true);
    viewer.assertPlaysWithoutABreak();
  }

  @Test
  void newLayerOfATrackIsForwardedFromItsKeyFrame() {
    bindAndStart(a);
    a.replaceLayer();
    assertTrue(a.layer().keyFrames().isWanted());
    frame(a, false);
    assertEquals(2, viewer.sent.size());
    frame(a, true);
    frame(a, false);
    assertEquals(6, viewer.sent.size());
    viewer.assertPlaysWithoutABreak();
  }

  @Test
  void newLayerOfTheFormerTrackIsNotForwardedWithoutAKeyFrame() {
    bindAndStart(a);
    slot.bind(b.track);
    a.replaceLayer();
    frame(a, false);
    frame(b, true);
    assertEquals(4, viewer.sent.size());
    viewer.assertPlaysWithoutABreak();
  }

  @Test
  void boundBackAfterItsLayerWasReplacedATrackIsGatedAgain() {
    bindAndStart(a);
    a.replaceLayer();
    slot.bind(b.track);
    slot.bind(a.track);
    frame(a, false);
    assertEquals(2, viewer.sent.size());
    frame(a, true);
    frame(a, false);
    viewer.assertPlaysWithoutABreak();
  }

  @Test
  void largeJumpOfThePublishersNumbersWaitsForAKeyFrame() {
    bindAndStart(a);
    a.jump(SlotNumbers.LARGEST_JUMP + 1);
    frame(a, false);
    assertEquals(2, viewer.sent.size());
    assertTrue(a.layer().keyFrames().isWanted());
    frame(a, true);
    frame(a, false);
    assertEquals(65_405, viewer.sent.lastKey());
    viewer.assertPlaysWithoutABreak();
  }

  @Test
  void publisherThatBeginsAnewFarBehindWaitsForAKeyFrame() {
    bindAndStart(a);
    a.jump(-20_000);
    frame(a, false); // the first packet is taken for a late one
    frame(a, true);
    frame(a, false);
    assertEquals(65_405, viewer.sent.lastKey());
    viewer.assertPlaysWithoutABreak();
  }

  @Test
  void nothingIsSentWithoutTheStartOfTheKeyFrame() {
    slot.bind(a.track);
    viewer.overflowing = 1;
    frame(a, true);
    frame(a, false);
    assertTrue(viewer.sent.isEmpty());
    assertTrue(slot.isGated());
    assertTrue(a.layer().keyFrames().isWanted());
    frame(a, true);
    frame(a, false);
    assertEquals(65_400, viewer.sent.firstKey());
    viewer.assertPlaysWithoutABreak();
  }

  @Test
  void formerTrackDoesNotComeBackWhenTheStartOfTheKeyFrameIsDropped() {
    bindAndStart(a);
    slot.bind(b.track);
    a.sendFrame(false, 2, now);
    viewer.overflowing = 1;
    frame(b, true);
    frame(a, false);
    frame(b, false);
    frame(b, true);
    viewer.assertPlaysWithoutABreak();
    assertSame(b.layer(), lastLayer());
  }

  @Test
  void pictureBeginsAnewWhenAPacketIsDroppedBehindAStartThatWaits() {
    slot.bind(a.track);
    a.sendFrame(true, 2, now);
    now += 33 * MILLI;
    viewer.overflowing = 1;
    a.sendFrame(false, 2, now);
    passTime();
    assertEquals(2, viewer.sent.size());
    assertTrue(slot.isGated());
    assertTrue(a.layer().keyFrames().isWanted());
    frame(a, false);
    assertEquals(2, viewer.sent.size(), "nothing refers to what was dropped");
    frame(a, true);
    frame(a, false);
    assertEquals(6, viewer.sent.size());
    viewer.assertPlaysWithoutABreak();
  }

  /// Encoders ignore a request that soon follows another: the one that counts must be the first.
  @Test
  void noKeyFrameIsAskedForBeforeItCanBeSent() {
    viewer.open = false;
    slot.bind(a.track);
    assertFalse(a.layer().keyFrames().isWanted());
    viewer.open = true;
    slot.onOutputOpen();
    assertTrue(a.layer().keyFrames().isWanted());
  }

  @Test
  void keyFrameThatCameWhileTheOutputWasClosedIsAskedForAgain() {
    viewer.open = false;
    slot.bind(a.track);
    frame(a, true);
    assertEquals(2, viewer.counters.value(EgressVerdict.PAUSED));
    viewer.open = true;
    frame(a, false);
    assertTrue(a.layer().keyFrames().isWanted());
    frame(a, true);
    assertEquals(2, viewer.sent.size());
  }

  @Test
  void codecThatTheViewerDidNotNegotiateIsPaused() {
    slot.codecs(List.of(TestPublisher.OPUS));
    bindAndStart(a);
    assertEquals(2, viewer.counters.value(EgressVerdict.PAUSED));
    assertTrue(slot.isGated());
  }

  @Test
  void viewerThatLostThePictureMakesItsTrackAskForAKeyFrame() {
    bindAndStart(a);
    assertFalse(a.layer().keyFrames().isWanted());
    slot.onKeyFrameNeeded();
    assertTrue(a.layer().keyFrames().isWanted());
  }

  @Test
  void endedSlotIsOffEveryList() {
    bindAndStart(a);
    slot.bind(b.track);
    slot.end();
    frame(a, false);
    frame(b, true);
    assertEquals(2, viewer.sent.size());
    assertNull(slot.bound());
  }

  @Test
  void soundOfTheFormerTrackStopsWithTheBinding() {
    var first = TestPublisher.microphone("c");
    var second = TestPublisher.microphone("d");
    var listener = new TestViewer(MediaKind.AUDIO);
    listener.slot.bind(first.track);
    first.sendFrame(false, 1, now);
    listener.slot.bind(second.track);
    first.sendFrame(false, 1, now);
    listener.flush(now);
    assertEquals(1, listener.sent.size());
    second.jump(20_000);
    second.sendFrame(false, 1, now);
    second.jump(20_000);
    second.sendFrame(false, 1, now + 20 * MILLI);
    listener.flush(now + 20 * MILLI);
    assertEquals(List.of(65_400L, 65_401L, 65_402L), List.copyOf(listener.sent.keySet()));
    assertEquals(first.offers + second.offers, listener.verdicts());
    first.track.end();
    second.track.end();
  }

  @Test
  void retransmissionAfterARebindingIsOfTheFormerTrack() {
    bindAndStart(a);
    long wanted = viewer.sent.lastKey();
    slot.bind(b.track);
    frame(b, true);
    assertTrue(viewer.nack(wanted));
    assertSame(a.layer(), assertNotNullAnd(viewer.recovered.get(wanted)).layer());
    viewer.all();
  }

  @Test
  void retransmissionFromAnEndedTrackIsRefused() {
    bindAndStart(a);
    long wanted = viewer.sent.lastKey();
    slot.bind(b.track);
    frame(b, true);
    a.track.end();
    assertFalse(viewer.nack(wanted));
  }

  private static <T> T assertNotNullAnd(@Nullable T value) {
    assertNotNull(value);
    return value;
  }
}
