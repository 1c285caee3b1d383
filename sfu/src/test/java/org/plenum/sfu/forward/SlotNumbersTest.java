package org.plenum.sfu.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

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
  void rebindingWithinAMicrosecondStillMovesTheClock() {
    show(a, 0);
    show(b, 1);
    viewer.assertPlaysWithoutABreak();
  }

  @Test
  void numbersNotYetSentHaveNoSplice() {
    SlotNumbers numbers = viewer.slot.numbers();
    assertNull(numbers.spliceOf(65_400));
    show(a, 0);
    assertNotNull(numbers.spliceOf(65_400));
    assertNull(numbers.spliceOf(65_401));
    assertNull(numbers.spliceOf(65_399));
  }

  @Test
  void latestEightSplicesAnswerRequests() {
    for (int i = 0; i < 10; i++) {
      show(i % 2 == 0 ? a : b, i * 100 * MILLI);
    }
    SlotNumbers numbers = viewer.slot.numbers();
    assertNull(numbers.spliceOf(65_401));
    for (int i = 2; i < 10; i++) {
      Splice splice = numbers.spliceOf(65_400 + i);
      assertNotNull(splice);
      assertEquals((i % 2 == 0 ? a : b).layer(), splice.layer());
    }
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
