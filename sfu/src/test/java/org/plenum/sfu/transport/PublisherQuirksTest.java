package org.plenum.sfu.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.plenum.sfu.Codec;
import org.plenum.sfu.IngressVerdict;
import org.plenum.sfu.forward.Layer;

/// What publishers do that the standards allow, or that they do all the same, each seen by a viewer
/// who was there before and by one who comes a second after. Virtual time.
class PublisherQuirksTest {
  private static final long MILLI = 1_000_000;
  private static final long FRAME_NANOS = 33 * MILLI;

  /// The quirk comes after so long: numbers and timestamps have wrapped by then.
  private static final int BEGIN_MILLIS = 3_000;

  private static final int WATCH_MILLIS = 6_000;
  private static final int LATE_MILLIS = 1_000;

  /// @param pauseMillis nothing is sent for so long; then the quirk happens
  /// @param freezeMillis the longest time without a new picture, the pause not counted
  private record Quirk(
      String name,
      Codec codec,
      int pauseMillis,
      int freezeMillis,
      Consumer<QuirkyPublisher> change) {}

  private static Quirk vp8(String name, Consumer<QuirkyPublisher> change) {
    return new Quirk(name, QuirkyPublisher.VP8, 0, 500, change);
  }

  private static Quirk afterPause(String name, Consumer<QuirkyPublisher> change) {
    return new Quirk(name, QuirkyPublisher.VP8, 12_000, 500, change);
  }

  private static final List<Quirk> QUIRKS =
      List.of(
          vp8("none but wrapping numbers and no sender reports", _ -> {}),
          afterPause("pause of 12 s", _ -> {}),
          afterPause("timestamps stand still in a pause", p -> p.timestampShift -= 12 * 90_000),
          afterPause("timestamps go back after a pause", p -> p.timestampShift -= 20 * 90_000),
          afterPause("timestamps begin anew after a pause", p -> p.timestampShift = 777_777_777),
          vp8("timestamps leap", p -> p.timestampShift += 1_500_000_000),
          vp8("timestamps leap by a few seconds", p -> p.timestampShift += 5 * 90_000),
          vp8("timestamps go back", p -> p.timestampShift -= 5 * 90_000),
          vp8("timestamps go back far", p -> p.timestampShift -= 1_500_000_000),
          vp8("sequence numbers leap", p -> p.sequenceNumber += 3_000),
          vp8("sequence numbers leap far", p -> p.sequenceNumber += 30_000),
          vp8("sequence numbers go back", p -> p.sequenceNumber -= 20_000),
          vp8("all numbers begin anew", PublisherQuirksTest::beginAnew),
          afterPause("all numbers begin anew after a pause", PublisherQuirksTest::beginAnew),
          vp8("another SSRC", p -> p.ssrc++),
          vp8(
              "another SSRC with other numbers",
              p -> {
                p.ssrc++;
                beginAnew(p);
              }),
          vp8("every packet twice", p -> p.duplicates = true),
          vp8("packets in the wrong order", p -> p.swapsPackets = true),
          vp8("padding between frames", p -> p.padsBetweenFrames = true),
          vp8("CSRCs", p -> p.csrcs = 3),
          new Quirk("loss of 10 %", QuirkyPublisher.VP8, 0, 1_200, p -> p.loss = 0.1),
          new Quirk("parameter sets once", QuirkyPublisher.H264, 0, 500, _ -> {}),
          new Quirk(
              "parameter sets once, another SSRC",
              QuirkyPublisher.H264,
              0,
              500,
              p -> {
                p.ssrc++;
                p.setsOnceOnly = false;
              }),
          new Quirk(
              "parameter sets always", QuirkyPublisher.H264, 0, 500, p -> p.setsOnceOnly = false),
          new Quirk("sound that pauses (DTX)", QuirkyPublisher.OPUS, 12_000, 500, _ -> {}),
          new Quirk(
              "sound whose timestamps begin anew",
              QuirkyPublisher.OPUS,
              12_000,
              500,
              p -> p.timestampShift = 1_000_000_000));

  private static void beginAnew(QuirkyPublisher publisher) {
    publisher.sequenceNumber = 12;
    publisher.timestampShift = 2_000_000_000;
  }

  @TestFactory
  Stream<DynamicTest> aViewerAndALateOneSeeThePicture() {
    return QUIRKS.stream().map(quirk -> DynamicTest.dynamicTest(quirk.name, () -> watch(quirk)));
  }

  private static void watch(Quirk quirk) {
    var publisher = new QuirkyPublisher(quirk.codec);
    var viewer = new SimulatedViewer(quirk.codec);
    var late = new SimulatedViewer(quirk.codec);
    viewer.slot.bind(publisher.track);
    long quirkFrom = BEGIN_MILLIS * MILLI;
    long quirkAt = quirkFrom + quirk.pauseMillis * MILLI;
    long lateAt = quirkAt + LATE_MILLIS * MILLI;
    long end = quirkAt + WATCH_MILLIS * MILLI;
    long nextFrame = 0;
    boolean changed = false;
    for (long now = 0; now <= end; now += MILLI) {
      if (!changed && now >= quirkAt) {
        quirk.change.accept(publisher);
        changed = true;
      }
      if (now == lateAt) {
        late.slot.bind(publisher.track);
      }
      boolean pauses = now >= quirkFrom && now < quirkAt;
      if (now >= nextFrame && !pauses) {
        nextFrame = now + FRAME_NANOS;
        viewer.turn(now);
        late.turn(now);
        publisher.frame(now);
      }
      if (now % (10 * MILLI) == 0) {
        publisher.onTimeout(now);
      }
      viewer.turn(now);
      late.turn(now);
    }
    publisher.end();
    assertTrue(viewer.longestFreezeMillis(0, quirkFrom) < 300, "before");
    long freeze = viewer.longestFreezeMillis(quirkAt, end - 200 * MILLI);
    assertTrue(freeze <= quirk.freezeMillis, "the viewer's picture froze for ms: " + freeze);
    long lateFreeze = late.longestFreezeMillis(lateAt, end - 200 * MILLI);
    assertTrue(lateFreeze <= quirk.freezeMillis, "the late one's picture froze: " + lateFreeze);
  }

  @Test
  void whatIsOverTheBitrateIsDroppedAndThePublisherIsTold() {
    var publisher = new QuirkyPublisher(QuirkyPublisher.VP8, 100_000);
    for (long now = 0; now < 12_000 * MILLI; now += MILLI) {
      publisher.frame(now); // two packets of 22 bytes: 352 kb/s
    }
    int taken = publisher.verdicts.get(IngressVerdict.RTP_ACCEPTED);
    assertEquals(100_000 * 13 / (8 * 22), taken, 50);
    assertEquals(24_000 - taken, publisher.verdicts.get(IngressVerdict.RTP_OVER_BITRATE));
    assertEquals(
        List.of("section 0: more than 100000", "section 0: more than 100000"), publisher.heard);
    Layer layer = publisher.track.layers().getFirst();
    assertEquals(taken, layer.stream().received());
    assertEquals(0, layer.nacks().missingCount());
    publisher.end();
  }

  @Test
  void anotherSsrcIsToldOnce() {
    var publisher = new QuirkyPublisher(QuirkyPublisher.VP8);
    publisher.frame(0);
    Layer former = publisher.track.layers().getFirst();
    publisher.ssrc++;
    publisher.frame(FRAME_NANOS);
    publisher.frame(2 * FRAME_NANOS);
    publisher.ssrc--;
    publisher.frame(3 * FRAME_NANOS); // late packets of the former
    assertEquals(List.of("section 0: 4096 to 4097"), publisher.heard);
    Layer layer = publisher.track.layers().getFirst();
    assertEquals(4_097, layer.stream().ssrc());
    assertEquals(4, layer.stream().received());
    assertEquals(-1, former.cache().find(former.stream().highestSequenceNumber()));
    publisher.end();
  }
}
