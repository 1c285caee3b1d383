package org.plenum.sfu.speaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/// Who is heard where many could be.
class SpeakerRankingTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;
  private static final int SILENT = 100;

  private static final class Microphone {
    private final int number;
    private final Speech speech = new Speech();
    private final SoundGate gate = new SoundGate(speech);
    private boolean muted;

    private Microphone(int number) {
      this.number = number;
    }

    @Override
    public String toString() {
      return "m" + number;
    }
  }

  private final SpeakerRanking<Microphone> ranking =
      new SpeakerRanking<>(
          microphone -> microphone.speech,
          microphone -> microphone.gate,
          microphone -> microphone.muted);
  private final List<Microphone> all = new ArrayList<>();
  private long now = Long.MAX_VALUE - 10 * SECOND;
  private long frames;
  private int changes;

  private Microphone microphone() {
    all.add(new Microphone(all.size()));
    return all.getLast();
  }

  private void microphones(int count) {
    for (int i = 0; i < count; i++) {
      microphone();
    }
  }

  private boolean isAmongLoudest(Microphone microphone) {
    int rank = ranking.rank(microphone);
    return rank >= 0 && rank < SpeakerRanking.MOST_FORWARDED;
  }

  /// Those named speak, the others send their noise.
  private void pass(long nanos, int... speakers) {
    pass(nanos, 20, number -> Arrays.stream(speakers).anyMatch(speaker -> speaker == number));
  }

  private void pass(long nanos, int level, IntPredicate speaks) {
    for (long passed = 0; passed < nanos; passed += 10 * MILLI) {
      now += 10 * MILLI;
      if (passed % (20 * MILLI) == 0) {
        frames++;
        for (Microphone microphone : all) {
          boolean voice = speaks.test(microphone.number) && frames % 6 != 0;
          microphone.speech.onLevel(voice ? level : SILENT, now);
        }
      }
      if (passed % SpeakerRanking.SAMPLE_NANOS == 0) {
        changes += ranking.sample(all, now) ? 1 : 0;
      }
    }
  }

  @Test
  void whereThereAreFewEverybodyIsHeard() {
    microphones(SpeakerRanking.MOST_FORWARDED);
    pass(5 * SECOND, 3);
    assertEquals(SpeakerRanking.MOST_FORWARDED, ranking.loudest().size());
    assertTrue(all.stream().allMatch(this::isAmongLoudest));
    assertEquals(List.of(all.get(3)), ranking.speaking());
    assertSame(all.get(3), ranking.dominant());
  }

  @Test
  void ofAHundredOnlyTheLoudestAreSent() {
    microphones(100);
    pass(2 * SECOND, 40, 50, 60);
    assertEquals(SpeakerRanking.MOST_FORWARDED, all.stream().filter(this::isAmongLoudest).count());
    for (int speaker : new int[] {40, 50, 60}) {
      assertTrue(isAmongLoudest(all.get(speaker)));
      assertTrue(ranking.rank(all.get(speaker)) < 3);
    }
  }

  @Test
  void aNewSpeakerIsHeardWithinTheirFirstWord() {
    microphones(100);
    pass(5 * SECOND, 1, 2, 3, 4);
    pass(180 * MILLI, 1, 2, 3, 4, 99);
    assertTrue(isAmongLoudest(all.get(99)));
  }

  @Test
  void whoFellSilentKeepsTheirPlaceUntilAnotherNeedsIt() {
    microphones(20);
    pass(SECOND, 19);
    pass(30 * SECOND);
    assertTrue(isAmongLoudest(all.get(19)));
    assertEquals(List.of(), ranking.speaking());
    assertEquals(0, ranking.rank(all.get(19)));
  }

  @Test
  void moreVoicesThanPlacesDoNotFlap() {
    microphones(20);
    pass(3 * SECOND, 20, number -> number < 12);
    int before = changes;
    pass(60 * SECOND, 20, number -> number < 12);
    assertEquals(before, changes);
    assertEquals(8, all.stream().filter(this::isAmongLoudest).count());
  }

  @Test
  void aLouderVoicePassesAQuieterOneAfterAWhile() {
    microphones(10);
    pass(5 * SECOND, 45, number -> number < 8);
    assertFalse(isAmongLoudest(all.get(9)));
    long began = now;
    while (!isAmongLoudest(all.get(9)) && now - began < 10 * SECOND) {
      for (int i = 0; i < 8; i++) {
        all.get(i).speech.onLevel(frames % 6 == 0 ? SILENT : 45, now);
      }
      all.get(9).speech.onLevel(frames % 6 == 0 ? SILENT : 10, now);
      ranking.sample(all, now);
      frames++;
      now += 20 * MILLI;
    }
    assertTrue(isAmongLoudest(all.get(9)));
    assertTrue(now - began >= SpeakerRanking.HOLD_NANOS, (now - began) / MILLI + " ms");
  }

  @Test
  void theDominantSpeakerChangesNoFasterThanAPersonCanFollow() {
    microphones(4);
    pass(5 * SECOND, 0);
    List<Long> switches = new ArrayList<>();
    Microphone before = ranking.dominant();
    for (int turn = 0; turn < 400; turn++) {
      pass(400 * MILLI, turn % 4);
      if (ranking.dominant() != before) {
        before = ranking.dominant();
        switches.add(now);
      }
    }
    assertTrue(switches.size() > 5, switches.size() + " switches");
    for (int i = 1; i < switches.size(); i++) {
      assertTrue(switches.get(i) - switches.get(i - 1) >= SpeakerRanking.HOLD_NANOS);
    }
  }

  @Test
  void picturesMatterByWhoSpoke() {
    microphones(12);
    pass(3 * SECOND, 5);
    pass(3 * SECOND, 6);
    assertEquals(0, ranking.speakerRank(all.get(6)));
    assertEquals(2, ranking.speakerRank(all.get(5)), "second of the ranking");
    assertEquals(Integer.MAX_VALUE, ranking.speakerRank(all.get(0)));
    assertEquals(Integer.MAX_VALUE, ranking.speakerRank(new Microphone(99)));
  }

  @Test
  void nothingIsNewsWhileTheSameSpeak() {
    microphones(30);
    pass(3 * SECOND, 7);
    int before = changes;
    List<Microphone> told = ranking.speaking();
    pass(30 * SECOND, 7);
    assertEquals(before, changes);
    assertSame(told, ranking.speaking());
  }

  @Test
  void mutedMicrophonesGiveWay() {
    microphones(9);
    pass(2 * SECOND, 0);
    all.getFirst().muted = true;
    pass(SECOND, 0);
    assertFalse(isAmongLoudest(all.getFirst()));
    assertEquals(List.of(), ranking.speaking());
  }

  @Test
  void whoIsGoneIsForgotten() {
    microphones(3);
    pass(2 * SECOND, 1);
    Microphone gone = all.remove(1);
    ranking.forget(microphone -> microphone == gone);
    assertFalse(ranking.loudest().contains(gone));
    pass(SECOND);
    assertEquals(-1, ranking.rank(gone));
    assertNull(ranking.dominant());
    pass(2 * SECOND, 2);
    assertSame(all.getLast(), ranking.dominant());
  }

  @Test
  void aMicrophoneThatNeverSentALevelIsSilent() {
    microphones(2);
    ranking.sample(all, now);
    assertEquals(all, ranking.loudest());
    assertEquals(List.of(), ranking.speaking());
    assertNull(ranking.dominant());
  }
}
