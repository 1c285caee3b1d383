package org.plenum.sfu.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RetransmissionShareTest {
  private static final long MILLI = 1_000_000L;

  private final RetransmissionShare share = new RetransmissionShare();

  private void sendAgain(int lengthBytes, long nowNanos) {
    share.onSent(lengthBytes, nowNanos);
    share.onSentAgain(lengthBytes, nowNanos);
  }

  @Test
  void allowsAKeyFrameWhateverLittleWasSent() {
    assertTrue(share.mayResend((int) RetransmissionShare.LEAST_BYTES, 0));
    sendAgain((int) RetransmissionShare.LEAST_BYTES, 0);
    assertFalse(share.mayResend(1, 0));
  }

  /// However much is asked for, of three bytes one at the most is sent again.
  @Test
  void keepsToAShareOfAllThatIsSent() {
    long start = Long.MAX_VALUE - 3_000 * MILLI; // the clock wraps on the way
    long again = 0;
    long all = 0;
    for (int millis = 0; millis < 10_000; millis++) {
      long now = start + millis * MILLI;
      share.onSent(300, now); // 2.4 Mb/s
      all += 300;
      while (share.mayResend(1200, now)) {
        sendAgain(1200, now);
        again += 1200;
        all += 1200;
      }
    }
    assertEquals(1.0 / 3, (double) again / all, 0.02);
  }

  @Test
  void forgetsWhatIsOlderThanASecond() {
    share.onSent(100_000, 0);
    sendAgain(30_000, 0);
    assertFalse(share.mayResend(20_000, 500 * MILLI));
    assertEquals(130_000, share.sentBytes(500 * MILLI));
    assertEquals(0, share.sentBytes(1_200 * MILLI));
    assertTrue(share.mayResend(10_000, 1_200 * MILLI));
  }
}
