package org.plenum.sfu.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.receive.PacketCache;

class TrackTest {
  private final TestPublisher publisher = TestPublisher.camera("p");
  private final Track track = publisher.track;

  @AfterEach
  void end() {
    track.end();
  }

  @Test
  void latePacketOfAReplacedLayerMakesNoNewOne() {
    int former = publisher.layer().stream().ssrc();
    assertTrue(track.acceptsLayer(99));
    publisher.replaceLayer();
    assertFalse(track.acceptsLayer(former));
    assertTrue(track.acceptsLayer(99));
  }

  @Test
  void publisherThatChangesItsSsrcForEverIsStopped() {
    for (int i = 0; i < Layers.MOST_SSRCS; i++) {
      assertTrue(track.acceptsLayer(1_000 + i));
      publisher.replaceLayer();
    }
    assertFalse(track.acceptsLayer(2_000));
  }

  @Test
  void replacedLayerFreesItsCache() {
    publisher.sendFrame(true, 1, 0);
    Layer former = publisher.layer();
    long number = former.stream().highestSequenceNumber();
    assertTrue(former.cache().find(number) != PacketCache.NOT_FOUND);
    publisher.replaceLayer();
    assertEquals(PacketCache.NOT_FOUND, former.cache().find(number));
  }

  @Test
  void endedTrackHasNoLayer() {
    track.end();
    track.end();
    assertTrue(track.layers().isEmpty());
  }
}
