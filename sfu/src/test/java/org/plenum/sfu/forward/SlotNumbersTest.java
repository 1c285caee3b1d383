package org.plenum.sfu.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.MediaKind;

class SlotNumbersTest {
  private static final long MILLI = 1_000_000;

  private final TestPublisher a = TestPublisher.camera("a");
  private final TestPublisher b = TestPublisher.camera("b");
  private final TestViewer viewer = new TestViewer(MediaKind.VIDEO);

  @AfterEach
  void end() {
    a.track.end();
    b.track.end();
  }

  private void show(TestPublisher publisher, long nowNanos) {
    viewer.slot.bind(publisher.track);
    publisher.sendFrame(true, 1, nowNanos);
    viewer.flush(nowNanos);
  }

  @Test
  void clockGoesOnByTheTimePassedWhileTheSlotWasEmpty() {
    show(a, 0);
    int before = viewer.sent.lastEntry().getValue().timestamp();
    viewer.slot.bind(null);
    show(b, 8_000 * MILLI);
    assertEquals(8 * 90_000, viewer.sent.lastEntry().getValue().timestamp() - before);
  }

  @Test
  void clockLagsOnceByWhatIsToBeWaited() {
    show(a, 0);
    viewer.slot.numbers().lag(200 * MILLI);
    assertEquals(0, stepTo(a, MILLI) - 90, "within a splice nothing moves");
    assertEquals(1_200 * 90, stepTo(b, 1_001 * MILLI));
    assertEquals(1_000 * 90, stepTo(a, 2_001 * MILLI));
    viewer.slot.numbers().lag(250 * MILLI);
    assertEquals(1_050 * 90, stepTo(b, 3_001 * MILLI));
    viewer.slot.numbers().lag(0);
    assertEquals(1_000 * 90, stepTo(a, 4_001 * MILLI));
    viewer.slot.numbers().lag(100 * MILLI);
    assertEquals(1_100 * 90, stepTo(b, 5_001 * MILLI));
  }

  /// By how much the clock moves when this publisher's next picture is shown.
  private int stepTo(TestPublisher publisher, long nowNanos) {
    int before = viewer.sent.lastEntry().getValue().timestamp();
    show(publisher, nowNanos);
    return viewer.sent.lastEntry().getValue().timestamp() - before;
  }

  @Test
  void rebindingWithinAMicrosecondStillMovesTheClock() {
    show(a, 0);
    show(b, 1);
    viewer.assertPlaysWithoutABreak();
  }

  @Test
  void whatIsLeftOutLeavesNoGap() {
    show(a, 0);
    SlotNumbers numbers = viewer.slot.numbers();
    Splice splice = numbers.newest();
    long before = Omitted.of(5, 2);
    long source = a.layer().stream().highestSequenceNumber();
    assertEquals(65_400, splice.sequenceNumber(source, Omitted.NOTHING));
    assertEquals(65_401, splice.sequenceNumber(source + 6, before));
    assertEquals(splice.pictureId(101, Omitted.NOTHING, 15) + 1, splice.pictureId(104, before, 15));
    assertEquals(splice.pictureId(0, Omitted.NOTHING, 7), splice.pictureId(130, before, 7));
  }

  /// A splice that starts where packets were left out before goes on without a gap as well.
  @Test
  void spliceMayStartWithPacketsLeftOut() {
    show(a, 0);
    SlotNumbers numbers = viewer.slot.numbers();
    publisherSendsKeyFrame(MILLI);
    long source = a.layer().stream().highestSequenceNumber();
    int entry = a.layer().cache().find(source);
    long before = Omitted.of(7, 3);
    Splice splice = numbers.spliceFor(a.layer(), source, before, entry, true, MILLI);
    assertEquals(65_401, splice.sequenceNumber(source, before));
    int first = viewer.sent.lastEntry().getValue().pictureId();
    int pictureId = a.layer().cache().pictureId(entry);
    assertEquals(first + 1 & 0x7FFF, splice.pictureId(pictureId, before, 15));
  }

  private void publisherSendsKeyFrame(long nowNanos) {
    a.sendFrame(true, 1, nowNanos);
  }

  @Test
  void retransmissionsHaveNumbersOfTheirOwn() {
    var numbers = new SlotNumbers(1, 2, 90_000, 32_767, 0);
    assertEquals(32_767, numbers.takeRtxSequenceNumber());
    assertEquals(32_768, numbers.takeRtxSequenceNumber());
  }

  @Test
  void reportCountsPacketsAndPayloadBytes() {
    show(a, 0);
    show(b, MILLI);
    assertEquals(2, viewer.slot.numbers().packetCount());
    assertEquals(2 * 15, viewer.slot.numbers().octetCount());
  }
}
