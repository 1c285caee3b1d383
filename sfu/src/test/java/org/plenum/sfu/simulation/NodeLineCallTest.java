package org.plenum.sfu.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.sfu.SfuCounter;

/// A room on two nodes: what is between them loses datagrams, holds them back and changes their
/// order.
class NodeLineCallTest {
  private static NetworkLink link(Random random) {
    return new NetworkLink(random.nextLong())
        .delay(1 + random.nextInt(60))
        .jitter(random.nextInt(10))
        .loss(0.1 * random.nextDouble())
        .reorders(0.1 * random.nextDouble(), 1 + random.nextInt(40));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void picturesBeginWithKeyFramesAndWhoeverAsksForOneGetsIt(int seed) {
    var random = new Random(seed);
    try (var owner = new SimulatedCall(seed);
        var branch = owner.branch(link(random), link(random))) {
      owner.publisher("ada").enter();
      SimulatedViewer viewer = branch.viewer("v");
      double entered = 1 + random.nextInt(1_000) / 1e3;
      owner.runUntil(entered);
      viewer.enter(1);
      owner.runUntil(entered + 0.5 + random.nextInt(500) / 1e3);
      Picture picture = viewer.picture();
      assertTrue(picture.beganWithKeyFrame());
      int before = picture.keyFrames();
      viewer.asksForAnything(0, 0, true);
      owner.runUntil(owner.seconds() + 1);
      assertTrue(picture.keyFrames() > before, "a key frame came");
      double from = owner.seconds() + 1;
      owner.runUntil(from + 3);
      assertEquals(0, viewer.wrongReferences());
      assertTrue(picture.framesPerSecond(from, from + 3) > 18.5);
      assertEquals(0, owner.counters.value(SfuCounter.RELAYED_PACKETS_DROPPED));
    }
  }

  /// Who says that a layer is needed has asked for its key frame: asked again while that is under
  /// way, the publisher would make another.
  @Test
  void theFirstWhoWatchesThereCostsOneKeyFrameOfEachLayer() {
    var down = new NetworkLink(1).delay(40);
    var up = new NetworkLink(2).delay(40);
    try (var owner = new SimulatedCall();
        var branch = owner.branch(down, up)) {
      SimulatedPublisher ada = owner.publisher("ada").enter();
      owner.runUntil(1);
      int before = ada.asked().size();
      SimulatedViewer viewer = branch.viewer("v").enter(1);
      owner.runUntil(3);
      assertTrue(viewer.picture().beganWithKeyFrame());
      assertEquals(2, ada.asked().size() - before, "of the smallest and of the largest");
    }
  }
}
