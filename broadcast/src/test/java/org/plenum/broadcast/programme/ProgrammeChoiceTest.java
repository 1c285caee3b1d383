package org.plenum.broadcast.programme;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.plenum.broadcast.programme.ProgrammeChoice.Candidate;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.TrackId;

class ProgrammeChoiceTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Candidate ADA = candidate("ada", false);
  private static final Candidate BOB = candidate("bob", false);
  private static final Candidate EVE = candidate("eve", false);
  private static final Candidate SCREEN = candidate("bob", true);
  private static final Candidate OTHER_SCREEN = candidate("eve", true);

  private final ProgrammeChoice choice = new ProgrammeChoice();
  private long now = Long.MAX_VALUE - 2 * SECOND;

  @Test
  void whoCameFirstIsShownWhileNobodySpeaks() {
    assertEquals(null, after(0, List.of(), null));
    assertEquals(ADA, after(SECOND, List.of(ADA, BOB), null));
    assertEquals(BOB, after(SECOND, List.of(BOB, EVE), null), "ada left");
    assertEquals(BOB, after(SECOND, List.of(ADA, BOB, EVE), null), "and bob stays");
  }

  @Test
  void aSpeakerIsShownOnceTheyHaveSpokenForAWhile() {
    assertEquals(ADA, after(0, List.of(ADA, BOB), null));
    assertEquals(ADA, after(5 * SECOND, List.of(ADA, BOB), null, "bob"));
    assertEquals(ADA, after(SECOND, List.of(ADA, BOB), null, "bob"));
    assertEquals(BOB, after(SECOND / 4, List.of(ADA, BOB), null, "bob", "ada"));
  }

  @Test
  void speakersDoNotTakeTurnsFasterThanOneCanWatch() {
    after(0, List.of(ADA, BOB), null);
    after(5 * SECOND, List.of(ADA, BOB), null, "bob");
    assertEquals(BOB, after(2 * SECOND, List.of(ADA, BOB), null, "bob"));
    assertEquals(BOB, after(SECOND / 10, List.of(ADA, BOB), null, "ada"));
    assertEquals(BOB, after(2 * SECOND, List.of(ADA, BOB), null, "ada"), "bob has had 2.1 s");
    assertEquals(ADA, after(SECOND, List.of(ADA, BOB), null, "ada"));
  }

  @Test
  void whoIsPinnedIsShownWhoeverSpeaks() {
    assertEquals(EVE, after(0, List.of(ADA, BOB, EVE), "eve", "bob"));
    assertEquals(EVE, after(9 * SECOND, List.of(ADA, BOB, EVE), "eve", "bob"));
    assertEquals(BOB, after(SECOND, List.of(ADA, BOB), "eve", "bob"), "without a picture");
  }

  @Test
  void aScreenIsShownBeforeAllElseAndTheFirstOneUntilItEnds() {
    assertEquals(ADA, after(0, List.of(ADA, BOB), "ada", "ada"));
    assertEquals(SCREEN, after(0, List.of(ADA, BOB, SCREEN), "ada", "ada"));
    assertEquals(SCREEN, after(SECOND, List.of(OTHER_SCREEN, ADA, BOB, SCREEN), "ada", "ada"));
    assertEquals(OTHER_SCREEN, after(SECOND, List.of(OTHER_SCREEN, ADA, BOB), null));
  }

  private @Nullable Candidate after(
      long nanos, List<Candidate> candidates, @Nullable String pinned, String... speakers) {
    now += nanos;
    return choice.choose(
        candidates,
        Stream.of(speakers).map(ParticipantId::new).toList(),
        pinned == null ? null : new ParticipantId(pinned),
        now);
  }

  private static Candidate candidate(String name, boolean isScreen) {
    return new Candidate(new TrackId(name + isScreen), new ParticipantId(name), isScreen);
  }
}
