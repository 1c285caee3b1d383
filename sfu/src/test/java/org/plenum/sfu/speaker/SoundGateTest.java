package org.plenum.sfu.speaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/// Which packets of a microphone are worth sending.
class SoundGateTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;
  private static final long FRAME = 20 * MILLI;
  private static final int NOISE = 90;
  private static final int VOICE = 25;
  private static final int BYTES = 80;
  private static final int MOST = SpeakerRanking.MOST_FORWARDED;

  private static final class Microphone {
    private final Speech speech = new Speech();
    private final SoundGate gate = new SoundGate(speech);
    private boolean muted;
    private boolean passed;
    private int sent;

    private void packet(int level, int bytes, long now) {
      if (level != SoundGate.NO_LEVEL) {
        speech.onLevel(level, now);
      }
      passed = gate.onPacket(level, bytes, muted, now);
      sent += passed ? 1 : 0;
    }
  }

  private final List<Microphone> all = new ArrayList<>();
  private final SpeakerRanking<Microphone> ranking =
      new SpeakerRanking<>(
          microphone -> microphone.speech,
          microphone -> microphone.gate,
          microphone -> microphone.muted);
  private long now = Long.MAX_VALUE - 5 * SECOND;
  private long sampled = now - SpeakerRanking.SAMPLE_NANOS;

  private void microphones(int count) {
    for (int i = 0; i < count; i++) {
      all.add(new Microphone());
    }
  }

  private void frame(IntPredicate speaks) {
    now += FRAME;
    for (int i = 0; i < all.size(); i++) {
      all.get(i).packet(speaks.test(i) ? VOICE : NOISE, BYTES, now);
    }
    sample();
  }

  private void sample() {
    if (now - sampled >= SpeakerRanking.SAMPLE_NANOS) {
      sampled = now;
      ranking.sample(all, now);
    }
  }

  private void pass(long nanos, IntPredicate speaks) {
    for (long end = now + nanos; now - end < 0; ) {
      frame(speaks);
    }
  }

  private int passed() {
    return (int) all.stream().filter(microphone -> microphone.passed).count();
  }

  private static IntPredicate nobody() {
    return _ -> false;
  }

  @Test
  void whereThereAreFewSilenceIsSentToo() {
    microphones(MOST);
    pass(10 * SECOND, nobody());
    assertEquals(MOST, passed());
  }

  @Test
  void whereThereAreManySilenceIsNotSent() {
    microphones(MOST + 1);
    pass(10 * SECOND, i -> i == 3);
    assertEquals(1, passed());
    assertTrue(all.get(3).passed);
    pass(2 * SECOND, nobody());
    assertEquals(0, passed());
  }

  @Test
  void aWordBeginsWithItsFirstPacket() {
    microphones(100);
    pass(5 * SECOND, i -> i < 3);
    frame(i -> i < 3 || i == 99);
    assertTrue(all.get(99).passed);
  }

  @Test
  void aPauseWithinSpeechIsSent() {
    microphones(100);
    pass(2 * SECOND, i -> i == 50);
    pass(SpeakerRanking.PAUSE_NANOS - FRAME, nobody());
    assertTrue(all.get(50).passed);
    pass(3 * FRAME, nobody());
    assertFalse(all.get(50).passed);
  }

  @Test
  void neverMoreThanThereArePlaces() {
    microphones(100);
    pass(SECOND, nobody());
    var random = new Random(5);
    for (int i = 0; i < 2_000; i++) {
      frame(_ -> random.nextInt(4) == 0);
      assertTrue(passed() <= MOST, passed() + " at once");
    }
  }

  @Test
  void whoSpeaksKeepsTheirPlaceAgainstOneMoreOfTheSameLoudness() {
    microphones(20);
    pass(3 * SECOND, i -> i < MOST);
    for (int i = 0; i < 500; i++) {
      frame(speaker -> speaker <= MOST);
      for (int speaker = 0; speaker < MOST; speaker++) {
        assertTrue(all.get(speaker).passed, "microphone " + speaker);
      }
    }
    assertFalse(all.get(MOST).passed);
  }

  @Test
  void aPlaceThatIsLeftIsTakenWithTheNextPacket() {
    microphones(20);
    pass(3 * SECOND, i -> i < MOST);
    all.getFirst().muted = true;
    frame(i -> i <= MOST);
    frame(i -> i <= MOST);
    assertFalse(all.getFirst().passed);
    assertTrue(all.get(MOST).passed);
  }

  /// Mute, unmute, leave and come again in any order: the places left are those of who is there.
  @Test
  void noPlaceIsLostWhateverBecomesOfItsHolder() {
    microphones(30);
    var random = new Random(9);
    for (int i = 0; i < 3_000; i++) {
      int chosen = random.nextInt(all.size());
      switch (random.nextInt(8)) {
        case 0 -> all.get(chosen).muted = !all.get(chosen).muted;
        case 1 -> all.set(chosen, new Microphone());
        case 2 -> {
          if (all.size() > MOST + 2) {
            all.remove(chosen);
          }
        }
        case 3 -> all.add(new Microphone());
        default -> {}
      }
      frame(_ -> random.nextInt(6) == 0);
    }
    all.forEach(microphone -> microphone.muted = false);
    pass(2 * SECOND, nobody());
    assertEquals(0, passed());
    pass(SECOND, i -> i < MOST);
    assertEquals(MOST, passed());
  }

  @Test
  void mutedIsSilentAtAnyLevel() {
    microphones(20);
    all.get(7).muted = true;
    pass(3 * SECOND, i -> i == 7);
    assertEquals(0, passed());
    all.get(7).muted = false;
    frame(i -> i == 7);
    assertTrue(all.get(7).passed);
  }

  @Test
  void dtxIsSilenceAtAnyLevel() {
    microphones(20);
    pass(SECOND, nobody());
    for (int i = 0; i < 50; i++) {
      now += FRAME;
      all.getFirst().packet(VOICE, 2, now);
      sample();
      assertFalse(all.getFirst().passed);
    }
  }

  /// By WHIP some send no levels: their sound goes while there are places.
  @Test
  void whoNeverSaysALevelIsHeardWhilePlacesAreFree() {
    microphones(20);
    for (int i = 0; i < 200; i++) {
      now += FRAME;
      for (int j = 0; j < all.size(); j++) {
        int level = j < 12 ? SoundGate.NO_LEVEL : j == 15 && i > 100 ? VOICE : NOISE;
        all.get(j).packet(level, BYTES, now);
      }
      sample();
    }
    assertEquals(MOST, passed());
    assertTrue(all.get(15).passed, "who is known to speak goes first");
  }

  @Test
  void whoIsNotInTheRoomAnyMoreIsNotHeldBack() {
    microphones(20);
    pass(2 * SECOND, nobody());
    Microphone gone = all.removeLast();
    pass(SECOND, nobody());
    gone.packet(NOISE, BYTES, now);
    assertTrue(gone.passed);
  }
}
