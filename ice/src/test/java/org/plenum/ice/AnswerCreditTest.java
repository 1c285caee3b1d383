package org.plenum.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class AnswerCreditTest {
  private static final int REQUEST = 20;
  private static final int ANSWER = 32;

  private final AnswerCredit credit = new AnswerCredit(7);
  private final NetworkPath path = NetworkPath.to(new InetSocketAddress("198.51.100.2", 1), null);

  private boolean pays(int request, int answer) {
    return credit.pays(path.remoteHigh(), path.remoteLow(), request, answer);
  }

  @Test
  void whoHasShownNothingAsksTwice() {
    assertFalse(pays(REQUEST, ANSWER));
    assertTrue(pays(REQUEST, ANSWER));
    assertFalse(pays(REQUEST, ANSWER));
  }

  /// By each network for an address, and for relays: a browser asks for them all at once.
  @Test
  void whoSendsMediaIsAnsweredADozenTimes() {
    credit.earn(path);
    for (int i = 0; i < 12; i++) {
      assertTrue(pays(REQUEST, ANSWER), "address " + i);
      assertTrue(pays(28, 60), "relay " + i);
    }
  }

  /// However much somebody sends, little of it is kept.
  @Test
  void littleIsSavedUp() {
    for (int i = 0; i < 10_000; i++) {
      assertTrue(pays(500, ANSWER));
    }
    int answers = 0;
    while (pays(0, ANSWER)) {
      answers++;
    }
    assertEquals(3, answers);
  }
}
