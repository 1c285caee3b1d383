package org.plenum.sfu.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Rid;
import org.plenum.sfu.RoomEvent;

/// A publisher in three layers that does what it is told, and one viewer.
class LayerSwitchTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;

  private final List<TestPublisher> layers = TestPublisher.simulcast("s", 180, 360, 720);
  private final TestPublisher low = layers.get(0);
  private final TestPublisher middle = layers.get(1);
  private final TestPublisher high = layers.get(2);
  private final Track track = low.track;
  private final TestViewer viewer = new TestViewer(MediaKind.VIDEO);
  private final Slot slot = viewer.slot;
  private final List<List<Rid>> told = new ArrayList<>();

  /// Layers that are encoded.
  private final List<TestPublisher> sending = new ArrayList<>(layers);

  /// Layers whose next frame is a key frame, for they begin.
  private final List<TestPublisher> beginning = new ArrayList<>(layers);

  private boolean obeys = true;
  private long now = SECOND;

  @AfterEach
  void everyPacketHadOneVerdict() {
    viewer.flush(now);
    assertEquals(layers.stream().mapToLong(layer -> layer.offers).sum(), viewer.verdicts());
    track.end();
  }

  private static List<Rid> rids(int... heights) {
    List<Rid> rids = new ArrayList<>();
    for (int height : heights) {
      rids.add(new Rid("h" + height));
    }
    return rids;
  }

  /// 30 frames a second of each layer that is sent; the publisher does what it is told at once.
  private void pass(long nanos) {
    for (long end = now + nanos; end - now > 0; now += 33 * MILLI) {
      for (TestPublisher layer : sending) {
        boolean asked = layer.layer().keyFrames().takeDue(now);
        layer.sendFrame(beginning.remove(layer) || asked, 2, now);
      }
      viewer.flush(now);
      List<Rid> active = review(track);
      if (active != null) {
        told.add(active);
        obey(active);
      }
    }
  }

  /// What the publisher's client is told to send, if it is.
  private @Nullable List<Rid> review(Track of) {
    RoomEvent.LayersWanted wanted = of.reviewLayers(now);
    return wanted == null ? null : wanted.active();
  }

  private void obey(List<Rid> active) {
    for (int i = 0; obeys && i < layers.size(); i++) {
      TestPublisher layer = layers.get(i);
      if (!active.contains(rids(180, 360, 720).get(i))) {
        sending.remove(layer);
      } else if (!sending.contains(layer)) {
        sending.add(layer);
        beginning.add(layer);
      }
    }
  }

  private List<Rid> lastTold() {
    return told.getLast();
  }

  @Test
  void layersThatNobodyNeedsAreSwitchedOffAfterAWhile() {
    slot.maxHeight(200);
    slot.bind(track);
    pass(4 * SECOND);
    assertEquals(List.of(), told);
    pass(2 * SECOND);
    assertEquals(List.of(rids(180)), told);
    assertTrue(high.layer().isOff());
    pass(30 * SECOND);
    assertEquals(1, told.size());
    assertSame(low.layer(), slot.forwarded());
    viewer.assertPlaysWithoutABreak();
  }

  @Test
  void withoutAnyViewerTheSmallestStaysOn() {
    pass(6 * SECOND);
    assertEquals(List.of(rids(180)), told);
  }

  @Test
  void layerIsSwitchedOnAtOnceWhenItIsNeeded() {
    slot.maxHeight(200);
    slot.bind(track);
    pass(6 * SECOND);
    slot.maxHeight(800);
    assertEquals(rids(180, 720), review(track));
    obey(rids(180, 720));
    long before = viewer.sent.size();
    pass(100 * MILLI);
    assertSame(high.layer(), slot.forwarded());
    assertTrue(viewer.sent.size() > before);
    pass(SECOND);
    viewer.assertPlaysWithoutABreak();
  }

  @Test
  void smallPictureGoesOnUntilTheLargeOneIsThere() {
    slot.maxHeight(200);
    slot.bind(track);
    pass(6 * SECOND);
    obeys = false; // its message is still on the way
    slot.maxHeight(800);
    pass(600 * MILLI);
    assertSame(low.layer(), slot.forwarded());
    assertSame(high.layer(), slot.target());
    assertFalse(high.layer().isStalled());
    assertEquals(0, high.layer().keyFrames().sent(), "it begins with a key frame by itself");
  }

  @Test
  void whoComesSeesTheSmallestLayerUntilTheLargeOneIsThere() {
    pass(6 * SECOND);
    obeys = false;
    slot.bind(track);
    assertSame(high.layer(), slot.target());
    pass(100 * MILLI);
    assertSame(low.layer(), slot.forwarded());
    assertEquals(rids(180, 720), lastTold());
    obeys = true;
    obey(lastTold());
    pass(100 * MILLI);
    assertSame(high.layer(), slot.forwarded());
    viewer.assertPlaysWithoutABreak();
  }

  @Test
  void layerThatIsSwitchedOffIsNotTakenForOneThatStopped() {
    slot.maxHeight(200);
    slot.bind(track);
    pass(15 * SECOND);
    assertFalse(high.layer().isStalled());
    assertSame(high.layer(), track.layerFor(800));
  }

  @Test
  void layerThatDoesNotComeBackIsTakenForStopped() {
    slot.maxHeight(200);
    slot.bind(track);
    pass(6 * SECOND);
    slot.maxHeight(800);
    obeys = false;
    pass(SECOND);
    assertSame(high.layer(), slot.target());
    pass(2 * SECOND);
    assertTrue(high.layer().isStalled());
    assertSame(middle.layer(), slot.target());
    assertEquals(rids(180, 360, 720), lastTold());
    obeys = true;
    obey(rids(180, 360, 720));
    pass(SECOND);
    assertSame(high.layer(), slot.forwarded());
    viewer.assertPlaysWithoutABreak();
  }

  @Test
  void layerThatItsPublisherStoppedByItselfIsLeftAlone() {
    slot.maxHeight(200);
    slot.bind(track);
    pass(SECOND);
    obeys = false;
    sending.remove(high);
    pass(9 * SECOND);
    assertTrue(high.layer().isStalled());
    assertEquals(List.of(rids(180, 720)), told);
  }

  @Test
  void aMomentOfNeedKeepsALayerOn() {
    slot.maxHeight(200);
    slot.bind(track);
    for (int i = 0; i < 5; i++) {
      pass(4 * SECOND);
      slot.maxHeight(800);
      pass(100 * MILLI);
      slot.maxHeight(200);
    }
    assertFalse(high.layer().isOff());
  }

  @Test
  void rateOfALayerThatIsOffIsRemembered() {
    slot.maxHeight(200);
    slot.bind(track);
    pass(4 * SECOND);
    long beforeBps = high.layer().peakBps(now);
    assertTrue(beforeBps > 0);
    pass(10 * SECOND);
    assertTrue(high.layer().isOff());
    assertEquals(0, high.layer().rate().bitsPerSecond(now));
    assertEquals(beforeBps, high.layer().expectedBps(now), 0.05 * beforeBps);
    slot.maxHeight(800);
    pass(200 * MILLI);
    assertSame(high.layer(), slot.forwarded());
    assertEquals(beforeBps, high.layer().expectedBps(now), 0.05 * beforeBps);
    pass(3 * SECOND);
    assertEquals(high.layer().rate().bitsPerSecond(now), high.layer().expectedBps(now));
  }

  @Test
  void clientThatMayHaveMissedItIsToldAgain() {
    pass(SECOND);
    track.repeatLayers();
    assertNull(review(track), "it was told nothing yet");
    pass(6 * SECOND);
    track.repeatLayers();
    assertEquals(rids(180), review(track));
    assertNull(review(track));
    slot.bind(track);
    assertEquals(rids(180, 720), review(track));
    track.repeatLayers();
    assertEquals(rids(180, 720), review(track));
  }

  @Test
  void encodingOfWhichNothingCameYetIsLeftOn() {
    sending.remove(high);
    slot.maxHeight(200);
    slot.bind(track);
    pass(7 * SECOND);
    assertEquals(List.of(rids(180, 720)), told);
  }

  @Test
  void clientThatTakesNoNoticeIsForwardedAllTheSame() {
    obeys = false;
    slot.maxHeight(200);
    slot.bind(track);
    pass(6 * SECOND);
    assertEquals(List.of(rids(180)), told);
    slot.maxHeight(800);
    pass(SECOND);
    assertSame(high.layer(), slot.forwarded());
    viewer.assertPlaysWithoutABreak();
  }

  @Test
  void trackWithoutSimulcastIsNeverSwitchedOff() {
    TestPublisher camera = TestPublisher.camera("c");
    for (int i = 0; i < 300; i++) {
      camera.sendFrame(i == 0, 1, now);
      now += 33 * MILLI;
      assertNull(review(camera.track));
    }
    assertFalse(camera.layer().isOff());
    camera.track.end();
  }
}
