package org.plenum.sfu.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MailboxTest {
  private static final int PRODUCERS = 4;
  private static final int EACH = 5_000;
  private static final int EVERY_ENDING = 10;

  private record Letter(int producer, int number) {
    boolean isEnding() {
      return number % EVERY_ENDING == 0;
    }
  }

  private final AtomicInteger wakeUps = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final Mailbox<Letter> mailbox = new Mailbox<>(64, wakeUps::incrementAndGet);

  @Test
  void fullMailboxRefusesButNeverWhatEndsSomething() {
    for (int i = 0; i < 64; i++) {
      assertTrue(mailbox.offer(new Letter(0, i)));
    }
    assertFalse(mailbox.offer(new Letter(0, 64)));
    mailbox.add(new Letter(0, 65));
    assertEquals(65, wakeUps.get(), "one for each that is in");
    for (int i = 0; i < 65; i++) {
      Letter letter = mailbox.poll();
      assertEquals(new Letter(0, i < 64 ? i : 65), letter);
    }
    assertNull(mailbox.poll());
    assertTrue(mailbox.offer(new Letter(0, 66)));
  }

  @Test
  @Timeout(30)
  void whatIsAcceptedArrivesOnceAndInTheOrderOfItsProducer() throws InterruptedException {
    var done = new CountDownLatch(PRODUCERS);
    for (int i = 0; i < PRODUCERS; i++) {
      int producer = i;
      Thread.ofPlatform().start(() -> produce(producer, done));
    }
    List<Letter> arrived = new ArrayList<>();
    boolean finished = false;
    while (!finished) {
      finished = done.await(1, TimeUnit.MILLISECONDS);
      for (Letter next = mailbox.poll(); next != null; next = mailbox.poll()) {
        arrived.add(next);
      }
    }
    assertEquals(PRODUCERS * EACH, arrived.size() + refused.get());
    assertEquals(arrived.size(), wakeUps.get());
    int[] latest = new int[PRODUCERS];
    Arrays.fill(latest, -1);
    int endings = 0;
    for (Letter letter : arrived) {
      assertTrue(letter.number > latest[letter.producer], "out of order: " + letter);
      latest[letter.producer] = letter.number;
      endings += letter.isEnding() ? 1 : 0;
    }
    assertEquals(PRODUCERS * EACH / EVERY_ENDING, endings);
    fullMailboxRefusesAfterwards();
  }

  /// The count of what waits is exact again.
  private void fullMailboxRefusesAfterwards() {
    for (int i = 0; i < 64; i++) {
      assertTrue(mailbox.offer(new Letter(0, i)));
    }
    assertFalse(mailbox.offer(new Letter(0, 64)));
  }

  private void produce(int producer, CountDownLatch done) {
    for (int number = 0; number < EACH; number++) {
      var letter = new Letter(producer, number);
      if (letter.isEnding()) {
        mailbox.add(letter);
      } else if (!mailbox.offer(letter)) {
        refused.incrementAndGet();
      }
    }
    done.countDown();
  }
}
