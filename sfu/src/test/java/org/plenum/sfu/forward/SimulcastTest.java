package org.plenum.sfu.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.EgressVerdict;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Rid;
import org.plenum.sfu.rtp.NtpTime;

/// One viewer of a track in three layers.
class SimulcastTest {
  private static final long MILLI = 1_000_000;
  private static final int CLOCK_RATE = 90_000;

  private final List<TestPublisher> layers = TestPublisher.simulcast("s", 180, 360, 720);
  private final TestPublisher low = layers.get(0);
  private final TestPublisher middle = layers.get(1);
  private final TestPublisher high = layers.get(2);
  private final Track track = low.track;
  private final TestViewer viewer = new TestViewer(MediaKind.VIDEO);
  private final Slot slot = viewer.slot;
  private long now;

  @AfterEach
  void everyPacketHadOneVerdict() {
    viewer.flush(now);
    assertEquals(layers.stream().mapToLong(layer -> layer.offers).sum(), viewer.verdicts());
    track.end();
  }

  /// A frame of each of these layers; key frames where they were asked for.
  private void frames(TestPublisher... sending) {
    for (TestPublisher layer : sending) {
      layer.sendFrame(layer.layer().keyFrames().takeDue(now), 2, now);
    }
    viewer.flush(now);
    now += 33 * MILLI;
  }

  private void allFrames() {
    frames(low, middle, high);
  }

  /// As encoders do, each layer begins with a key frame.
  private void begin(int maxHeight) {
    slot.maxHeight(maxHeight);
    slot.bind(track);
    layers.forEach(layer -> layer.sendFrame(true, 2, now));
    viewer.flush(now);
    now += 33 * MILLI;
    for (int i = 0; i < 20; i++) {
      allFrames();
    }
  }

  private Layer shown() {
    return assertNotNullAnd(slot.forwarded());
  }

  @Test
  void forwardsTheLargestLayerThatIsNotHigherThanTheView() {
    begin(400);
    assertSame(middle.layer(), shown());
    assertFalse(slot.isGated());
    assertTrue(viewer.counters.value(EgressVerdict.ABOVE_TARGET_LAYER) >= 40);
    assertTrue(viewer.counters.value(EgressVerdict.BELOW_TARGET_LAYER) >= 40);
    viewer.assertPlaysWithoutABreak();
  }

  @Test
  void forwardsTheSmallestIfAllAreHigherThanTheView() {
    begin(90);
    assertSame(low.layer(), shown());
    viewer.assertPlaysWithoutABreak();
  }

  @Test
  void forwardsTheLargestIfTheViewSaysNothing() {
    begin(Integer.MAX_VALUE);
    assertSame(high.layer(), shown());
    viewer.assertPlaysWithoutABreak();
  }

  @Test
  void switchesUpAndDownWithTheViewWithoutABreak() {
    begin(200);
    for (int height : new int[] {800, 200, 400, 100, 720, 360}) {
      slot.maxHeight(height);
      for (int i = 0; i < 15; i++) {
        allFrames();
      }
      assertSame(track.layerFor(height), shown());
    }
    viewer.assertPlaysWithoutABreak();
  }

  @Test
  void formerLayerGoesOnUntilTheKeyFrameOfTheNew() {
    begin(200);
    slot.maxHeight(800);
    assertTrue(slot.isGated());
    int before = viewer.sent.size();
    low.sendFrame(false, 2, now);
    high.sendFrame(false, 2, now);
    viewer.flush(now);
    assertEquals(before + 2, viewer.sent.size());
    assertSame(low.layer(), shown());
  }

  @Test
  void keyFrameIsAskedOfTheNewLayerAlone() {
    begin(200);
    slot.maxHeight(800);
    assertTrue(high.layer().keyFrames().isWanted());
    assertFalse(middle.layer().keyFrames().isWanted());
    assertFalse(low.layer().keyFrames().isWanted());
    allFrames();
    assertFalse(high.layer().keyFrames().isWanted());
  }

  @Test
  void viewerThatLostThePictureAsksTheLayerThatItSees() {
    begin(400);
    slot.onKeyFrameNeeded();
    assertTrue(middle.layer().keyFrames().isWanted());
    assertFalse(high.layer().keyFrames().isWanted());
  }

  @Test
  void layerThatStartsLateIsTakenFromItsFirstKeyFrame() {
    slot.bind(track);
    low.sendFrame(true, 2, now);
    viewer.flush(now);
    now += 33 * MILLI;
    frames(low);
    assertSame(low.layer(), shown());
    assertFalse(slot.isGated());
    high.sendFrame(true, 2, now);
    frames(low);
    frames(low, high);
    assertSame(high.layer(), shown());
    viewer.assertPlaysWithoutABreak();
  }

  @Test
  void fallsBackWhenItsLayerIsPausedAndComesBackWithIt() {
    begin(800);
    for (int i = 0; i < 100; i++) {
      frames(low, middle);
    }
    assertSame(middle.layer(), shown());
    for (int i = 0; i < 15; i++) {
      allFrames();
    }
    assertSame(high.layer(), shown());
    viewer.assertPlaysWithoutABreak();
  }

  @Test
  void pauseOfTheWholeTrackIsNoPauseOfALayer() {
    begin(800);
    now += 60_000 * MILLI;
    frames(low);
    frames(low, high);
    assertSame(high.layer(), shown());
    assertFalse(slot.isGated());
  }

  /// As measured with a browser whose uplink had become too small for its largest layer.
  @Test
  void viewerFreezesForLessThanSixHundredMillisecondsWhenALayerStops() {
    begin(800);
    long stopped = now;
    while (shown() != middle.layer()) {
      assertTrue(now - stopped < 600 * MILLI, "still frozen");
      frames(low, middle);
    }
    viewer.assertPlaysWithoutABreak();
  }

  @Test
  void layerThatStoppedIsAskedForNothing() {
    begin(800);
    for (int i = 0; i < 15; i++) {
      frames(low, middle);
    }
    long asked = high.layer().keyFrames().sent();
    for (int i = 0; i < 1_000; i++) {
      slot.onKeyFrameNeeded();
      high.layer().keyFrames().want(); // as after packets that were given up
      frames(low, middle);
      high.layer().keyFrames().takeDue(now);
    }
    assertEquals(asked, high.layer().keyFrames().sent());
  }

  /// An encoder that begins a layer again does so with a key frame, unasked.
  @Test
  void keyFrameOfALayerThatIsBackIsNotAskedForTwice() {
    begin(800);
    for (int i = 0; i < 30; i++) {
      frames(low, middle);
    }
    high.sendFrame(true, 2, now);
    viewer.flush(now);
    assertSame(high.layer(), shown());
    assertFalse(high.layer().keyFrames().isWanted());
  }

  @Test
  void layerThatIsBackWithoutAKeyFrameIsAskedForIt() {
    begin(800);
    for (int i = 0; i < 30; i++) {
      frames(low, middle);
    }
    high.sendFrame(false, 2, now);
    assertTrue(high.layer().keyFrames().isWanted());
    frames(low, middle);
    allFrames();
    assertSame(high.layer(), shown());
    viewer.assertPlaysWithoutABreak();
  }

  @Test
  void slowLayerIsNotTakenForOneThatStopped() {
    begin(800);
    for (int i = 0; i < 300; i++) {
      if (i % 10 == 0) {
        allFrames(); // three frames a second beside thirty
      } else {
        frames(low, middle);
      }
      assertSame(high.layer(), shown());
    }
  }

  @Test
  void blockedPathIsNoPauseOfALayer() {
    begin(800);
    now += 450 * MILLI;
    low.sendFrame(false, 2, now);
    middle.sendFrame(false, 2, now);
    allFrames();
    assertSame(high.layer(), shown());
    assertFalse(slot.isGated());
  }

  @Test
  void layerThatIsNoLongerOfferedIsGoneAtOnce() {
    begin(800);
    Layer former = high.layer();
    track.rids(List.of(new Rid("h180"), new Rid("h360")));
    assertEquals(List.of(middle.layer(), low.layer()), track.layers());
    assertFalse(track.accepts(new Rid("h720")));
    assertEquals(-1, former.cache().find(former.stream().highestSequenceNumber()));
    for (int i = 0; i < 15; i++) {
      frames(low, middle);
    }
    assertSame(middle.layer(), shown());
    track.rids(List.of(new Rid("h180"), new Rid("h360"), new Rid("h720")));
    assertTrue(track.accepts(new Rid("h720")));
    assertTrue(track.acceptsLayer(former.stream().ssrc()));
  }

  @Test
  void onlyWhatASlotCarriesOrWaitsForIsWanted() {
    begin(200);
    slot.maxHeight(800);
    assertTrue(track.isWanted(low.layer()));
    assertFalse(track.isWanted(middle.layer()));
    assertTrue(track.isWanted(high.layer()));
  }

  /// The layers' clocks have nothing in common but their reports: the picture of the new layer has
  /// the time at which it was taken, not at which it came.
  @Test
  void clockGoesOnByTheReportsWhenTheLayerChanges() {
    slot.maxHeight(200);
    slot.bind(track);
    layers.forEach(layer -> layer.sendFrame(true, 1, now));
    viewer.flush(now);
    report(low, 0);
    report(high, 0);
    slot.maxHeight(800);
    long taken = 500 * MILLI;
    int before = viewer.sent.lastEntry().getValue().timestamp();
    var frame = high.frame(true, 1, taken);
    now = taken + 80 * MILLI; // later on its way than the one before
    frame.forEach(packet -> high.arrive(packet, now));
    viewer.flush(now);
    assertSame(high.layer(), viewer.sent.lastEntry().getValue().layer());
    assertEquals(CLOCK_RATE / 2, viewer.sent.lastEntry().getValue().timestamp() - before, 2);
  }

  @Test
  void reportThatLiesIsNotBelieved() {
    slot.maxHeight(200);
    slot.bind(track);
    layers.forEach(layer -> layer.sendFrame(true, 1, now));
    viewer.flush(now);
    report(low, 0);
    report(high, 3_600_000 * MILLI);
    slot.maxHeight(800);
    int before = viewer.sent.lastEntry().getValue().timestamp();
    now += 100 * MILLI;
    high.sendFrame(true, 1, now);
    viewer.flush(now);
    assertEquals(CLOCK_RATE / 10, viewer.sent.lastEntry().getValue().timestamp() - before, 2);
  }

  private void report(TestPublisher layer, long errorNanos) {
    long ntp = NtpTime.fromEpochNanos(1_700_000_000_000_000_000L + now + errorNanos);
    layer.layer().stream().onSenderReport(ntp, layer.timestamp(now), now);
  }

  @Test
  void codecThatTheViewerLacksIsPausedAndGoesOnWithAKeyFrame() {
    begin(800);
    var h264 = new Codec(CodecName.H264, 102, Codec.NO_RTX, Set.of(), Map.of());
    high.codec(h264);
    track.activeCodec(h264);
    assertTrue(slot.isPausedForCodec());
    allFrames();
    long paused = viewer.counters.value(EgressVerdict.PAUSED);
    assertTrue(paused > 0);
    high.codec(TestPublisher.VP8);
    track.activeCodec(TestPublisher.VP8);
    assertFalse(slot.isPausedForCodec());
    for (int i = 0; i < 15; i++) {
      allFrames();
    }
    assertSame(high.layer(), shown());
    viewer.assertPlaysWithoutABreak();
  }

  private static <T> T assertNotNullAnd(T value) {
    assertNotNull(value);
    return value;
  }
}
