package org.plenum.sfu.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.DirectEnd;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.PeerMessage;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomEvent.DirectChanged.State;
import org.plenum.sfu.room.DirectCall.Change;
import org.plenum.sfu.room.DirectCall.Pair;

/// When two talk directly, on virtual time near the wrap-around of the clock.
class DirectCallTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long BEGIN = Long.MAX_VALUE - 5 * SECOND;
  private static final ParticipantId ADA = new ParticipantId("ada");
  private static final ParticipantId BOB = new ParticipantId("bob");
  private static final ParticipantId EVE = new ParticipantId("eve");
  private static final Pair TWO = Pair.of(BOB, ADA);
  private static final PeerMessage.Candidate CANDIDATE =
      new PeerMessage.Candidate("candidate:1", new Mid("0"));

  private final DirectCall call = new DirectCall();
  private long now = BEGIN;

  @Test
  void firstTwoAreBroughtTogetherAtOnce() {
    assertNull(nobody(DirectEnd.LEFT));
    Change start = together(TWO);

    assertEquals(new Change(new Pair(ADA, BOB), 1, State.STARTED, null), start);
    assertFalse(call.isUp());
    assertNull(call.connected(ADA, 1, now), "one is not enough");
    assertNull(call.connected(ADA, 1, now), "nor is the same one again");
    assertEquals(State.UP, assertChange(call.connected(BOB, 1, now)).state());
    assertTrue(call.isUp());
    assertNull(call.connected(BOB, 1, now));
  }

  @Test
  void thirdPersonEndsItAtOnceAndTheTwoWaitForTenSeconds() {
    up();
    now += 3 * SECOND;
    assertEquals(DirectEnd.COMPANY, assertChange(nobody(DirectEnd.COMPANY)).end());
    assertFalse(call.isUp());
    now += 60 * SECOND;

    assertNull(together(TWO), "they are two only now");
    now += DirectCall.PAUSE_NANOS - 1;
    assertNull(together(TWO));
    now++;
    Change again = assertChange(together(TWO));
    assertEquals(State.STARTED, again.state());
    assertEquals(2, again.call());
  }

  @Test
  void neverGoesDirectMoreThanOnceInTenSecondsWhoeverComesAndGoes() {
    long startedNanos = 0;
    int starts = 0;
    for (int tenths = 0; tenths < 3_000; tenths++) {
      now += SECOND / 10;
      Pair alone =
          switch (tenths * 7919 % 31) {
            case 0, 1, 2 -> null;
            case 3 -> Pair.of(ADA, EVE);
            default -> TWO;
          };
      Change change = alone == null ? nobody(DirectEnd.COMPANY) : together(alone);
      if (change != null && change.state() == State.STARTED) {
        assertTrue(starts == 0 || now - startedNanos >= DirectCall.PAUSE_NANOS);
        startedNanos = now;
        starts++;
      }
    }
    assertTrue(starts > 0, "it must have begun at least once");
  }

  @Test
  void anotherPairIsAloneForTenSecondsToo() {
    up();
    assertEquals(DirectEnd.LEFT, assertChange(nobody(DirectEnd.LEFT)).end());
    now += DirectCall.PAUSE_NANOS;
    assertNull(together(Pair.of(ADA, EVE)));
    now += DirectCall.PAUSE_NANOS;
    assertEquals(State.STARTED, assertChange(together(Pair.of(ADA, EVE))).state());
  }

  /// With a new id, to the same network.
  @Test
  void aReloadDoesNotMakeAPathThatFailedBetter() {
    together(TWO);
    assertChange(call.failed(ADA, 1, DirectEnd.NOT_CONNECTED, now));
    Pair reloaded = Pair.of(ADA, new ParticipantId("bob2"));
    assertNull(together(reloaded));
    now += DirectCall.FAILED_NANOS - 1;
    assertNull(together(reloaded));
    now++;
    assertEquals(State.STARTED, assertChange(together(reloaded)).state());
    assertChange(call.failed(ADA, 2, DirectEnd.NOT_CONNECTED, now));
    now += 2 * DirectCall.FAILED_NANOS - 1;
    assertNull(together(reloaded));
  }

  @Test
  void reloadEndsTheCallAndTheNewPairWaits() {
    up();
    Pair reloaded = Pair.of(ADA, new ParticipantId("bob2"));
    assertEquals(DirectEnd.LEFT, assertChange(together(reloaded)).end());
    assertNull(together(reloaded));
    now += DirectCall.PAUSE_NANOS;
    assertEquals(reloaded, assertChange(together(reloaded)).pair());
  }

  @Test
  void clientsThatSayNothingAreGivenUp() {
    together(TWO);
    now += DirectCall.CONNECT_NANOS - 1;
    assertNull(together(TWO));
    now++;
    assertEquals(DirectEnd.NOT_CONNECTED, assertChange(together(TWO)).end());
  }

  @Test
  void failedPathIsTriedAgainLaterAndLater() {
    together(TWO);
    for (long pause : new long[] {30, 60, 120, 240, 480, 480}) {
      long number = assertChange(call.present(ADA)).call();
      Change end = call.failed(BOB, number, DirectEnd.NOT_CONNECTED, now);
      assertEquals(DirectEnd.NOT_CONNECTED, assertChange(end).end());
      now += pause * SECOND - 1;
      assertNull(together(TWO));
      now++;
      assertEquals(State.STARTED, assertChange(together(TWO)).state(), "after " + pause + " s");
    }
  }

  @Test
  void pathThatWasGoodForLongIsTriedAgainSoon() {
    up();
    now += DirectCall.PROVEN_NANOS;
    call.failed(ADA, 1, DirectEnd.LOST, now);
    now += DirectCall.FAILED_NANOS;
    assertEquals(State.STARTED, assertChange(together(TWO)).state());
  }

  @Test
  void othersAndFormerCallsSayNothing() {
    up();
    assertNull(call.failed(EVE, 1, DirectEnd.LOST, now));
    assertNull(call.failed(ADA, 2, DirectEnd.LOST, now));
    assertTrue(call.isUp());
    assertNull(call.present(EVE));
    assertEquals(State.UP, assertChange(call.present(BOB)).state());
  }

  @Test
  void messagesPassOnlyBetweenTheTwo() {
    assertRefused(ADA, BOB, message(1, true), "have not agreed");
    together(TWO);

    assertTrue(call.passes(ADA, BOB, message(1, true)));
    assertTrue(call.passes(BOB, ADA, message(1, false)));
    assertRefused(EVE, ADA, message(1, true), "have not agreed");
    assertRefused(ADA, EVE, message(1, true), "have not agreed");
    assertRefused(ADA, ADA, message(1, true), "have not agreed");
    assertRefused(ADA, BOB, message(2, true), "have not agreed");
    assertRefused(BOB, ADA, message(1, true), "must be answer");
    assertRefused(ADA, BOB, message(1, false), "must be offer");
    nobody(DirectEnd.COMPANY);
    assertFalse(call.passes(ADA, BOB, message(1, true)), "too late, and nobody's fault");
  }

  @Test
  void messagesAreBoundedInNumber() {
    together(TWO);
    for (int i = 0; i < DirectCall.MOST_DESCRIPTIONS; i++) {
      assertTrue(call.passes(ADA, BOB, offer()));
    }
    assertRefused(ADA, BOB, offer(), "description: a direct call takes 4");
    PeerMessage some = new PeerMessage(1, null, Collections.nCopies(32, CANDIDATE));
    for (int i = 0; i < DirectCall.MOST_CANDIDATES; i += 32) {
      assertTrue(call.passes(ADA, BOB, some));
    }
    assertRefused(ADA, BOB, some, "candidates: a direct call takes 128");
    assertTrue(call.passes(BOB, ADA, some), "each side has its own");
  }

  private void assertRefused(ParticipantId from, ParticipantId to, PeerMessage said, String why) {
    var refusal = assertThrows(RefusedException.class, () -> call.passes(from, to, said));
    assertTrue(String.valueOf(refusal.getMessage()).contains(why), refusal.getMessage());
  }

  private static PeerMessage offer() {
    return new PeerMessage(1, new PeerMessage.Description(true, "v=0"), List.of());
  }

  private static PeerMessage message(long number, boolean offer) {
    return new PeerMessage(number, new PeerMessage.Description(offer, "v=0"), List.of(CANDIDATE));
  }

  private void up() {
    long number = assertChange(together(TWO)).call();
    call.connected(ADA, number, now);
    call.connected(BOB, number, now);
    assertTrue(call.isUp());
  }

  private @Nullable Change together(Pair pair) {
    return call.review(pair, DirectEnd.LEFT, now);
  }

  private @Nullable Change nobody(DirectEnd why) {
    return call.review(null, why, now);
  }

  private static Change assertChange(@Nullable Change change) {
    assertNotNull(change);
    return change;
  }
}
