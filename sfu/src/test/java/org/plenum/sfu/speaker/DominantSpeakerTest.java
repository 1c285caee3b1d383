package org.plenum.sfu.speaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Against jitsi-utils' class, which implements the same paper.
class DominantSpeakerTest {
  private static final long MILLI = 1_000_000;

  /// Three minutes each, far from 0.
  private static final long START_MILLIS = 1_200_000_000_000L;

  @Test
  void decidesAsJitsiDoes() throws Throwable {
    Set<Integer> heard = new HashSet<>();
    int switches = 0;
    for (long seed = 0; seed < 12; seed++) {
      switches += compare(2 + (int) seed % 7, seed, heard);
    }
    assertTrue(switches > 50, switches + " switches");
    assertTrue(heard.size() >= 6, heard + " spoke");
  }

  private static int compare(int people, long seed, Set<Integer> heard) throws Throwable {
    var oracle = new JitsiDominantSpeaker();
    var conversation = new Conversation(people, seed);
    List<Speech> all = new ArrayList<>();
    for (int i = 0; i < people; i++) {
      all.add(new Speech());
    }
    Speech dominant = null;
    int switches = 0;
    for (long millis = START_MILLIS; millis < START_MILLIS + 180_000; millis += 20) {
      long now = millis * MILLI;
      if (millis % 40 == 0) {
        oracle.onIdleTick(millis);
      }
      for (int i = 0; i < people; i++) {
        int level = conversation.next(i);
        if (level != Conversation.NOTHING) {
          oracle.onLevel(i, level, millis);
          all.get(i).onLevel(127 - level, now);
        } else if (millis == START_MILLIS) {
          // It has to know them all: one alone is dominant to it without a word.
          oracle.onLevel(i, 0, millis);
          all.get(i).onLevel(127, now);
        }
      }
      if (millis % 300 == 0) {
        Speech next = DominantSpeaker.decide(all, dominant, now);
        Integer expected = oracle.decide(millis);
        Integer decided = next == null ? null : (Integer) all.indexOf(next);
        if (millis - START_MILLIS < Conversation.OPENING_MILLIS) {
          // Before anybody spoke it takes the first one's word for speech a little earlier.
          assertTrue(decided == null || decided == 0);
        } else {
          assertEquals(expected, decided, "seed %d, %d ms".formatted(seed, millis - START_MILLIS));
        }
        switches += next != dominant ? 1 : 0;
        if (expected != null) {
          heard.add(expected);
        }
        dominant = next;
      }
    }
    return switches;
  }

  @Test
  void nobodyIsDominantBeforeSomebodySpoke() {
    var quiet = new Speech();
    for (int frame = 0; frame < 100; frame++) {
      quiet.onLevel(90 + frame % 7, frame * 20 * MILLI);
    }
    assertNull(DominantSpeaker.decide(List.of(quiet), null, 2_000 * MILLI));
  }

  @Test
  void steadyNoiseIsNoSpeechHoweverLoud() {
    var fan = new Speech();
    for (int frame = 0; frame < 100; frame++) {
      fan.onLevel(35 + frame % 3, frame * 20 * MILLI);
    }
    fan.evaluate(2_000 * MILLI);
    assertEquals(0, fan.overall());
    assertTrue(!fan.isLoud());
  }

  @Test
  void silenceCountsWherePacketsStop() {
    var speech = new Speech();
    // The monotonic clock wraps on the way.
    long start = Long.MAX_VALUE - 500 * MILLI;
    for (int frame = 0; frame < 50; frame++) {
      speech.onLevel(frame % 5 == 0 ? 80 : 20, start + frame * 20 * MILLI);
    }
    assertTrue(speech.isLoud());
    long end = start + 980 * MILLI;
    speech.advance(end + 39 * MILLI);
    assertTrue(speech.isLoud());
    speech.advance(end + 300 * MILLI);
    assertTrue(!speech.isLoud());
    speech.evaluate(end + 10_000 * MILLI);
    assertEquals(0, speech.overall());
    assertEquals(0, speech.medium());
  }

  @Test
  void whoIsDominantStaysWhileNobodySpeaks() {
    var speech = new Speech();
    for (int frame = 0; frame < 100; frame++) {
      speech.onLevel(frame % 7 == 0 ? 90 : 20, frame * 20 * MILLI);
    }
    Speech dominant = DominantSpeaker.decide(List.of(speech), null, 2_000 * MILLI);
    assertSame(speech, dominant);
    assertSame(speech, DominantSpeaker.decide(List.of(speech, new Speech()), dominant, 1L << 40));
  }
}
