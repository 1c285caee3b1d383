package org.plenum.sfu.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.sfu.room.RoomDriver.id;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.plenum.ice.NanoTime;
import org.plenum.sfu.JoinRequest;

/// Who is looked at, and when.
class AgendaTest {
  private static final long START = 1_000;
  private static final long MILLISECOND = 1_000_000;

  private final Agenda agenda = new Agenda(this::look, START);
  private final Participant alice = participant("alice");
  private final Participant bob = participant("bob");
  private final Map<Participant, Long> next = new HashMap<>();
  private final List<String> looked = new ArrayList<>();
  private Runnable whileLooking = () -> {};

  @Test
  void whoIsNewIsDueAtOnce() {
    agenda.people(List.of(alice, bob));
    assertEquals(List.of("alice", "bob"), lookAt(START));
  }

  @Test
  void nobodyIsLookedAtBeforeTheTimeThatTheLastLookNamed() {
    agenda.people(List.of(alice, bob));
    next.put(alice, START + 10);
    next.put(bob, NanoTime.NEVER);
    lookAt(START);
    assertEquals(List.of(), lookAt(START + 9));
    assertEquals(List.of("alice"), lookAt(START + 10));
  }

  @Test
  void whateverIsUrgentIsDueTheNextTime() {
    agenda.people(List.of(alice, bob));
    next.put(alice, START + 10);
    next.put(bob, NanoTime.NEVER);
    lookAt(START);
    bob.onUrgent();
    assertEquals(List.of("bob"), lookAt(START + 1));
    assertEquals(List.of(), lookAt(START + 2));
  }

  @Test
  void everybodyIsDueWhenSomebodyHasComeOrGone() {
    agenda.people(List.of(alice, bob));
    next.put(alice, START + 10);
    next.put(bob, NanoTime.NEVER);
    lookAt(START);
    agenda.people(List.of(bob));
    alice.onUrgent(); // has left, and changes nothing
    assertEquals(List.of("bob"), lookAt(START + 1));
  }

  @Test
  void somebodyMayLeaveWhileTheyAreLookedAt() {
    agenda.people(List.of(alice, bob));
    whileLooking = () -> agenda.people(List.of(bob));
    lookAt(START);
    whileLooking = () -> {};
    assertEquals(List.of("bob"), lookAt(START + 1));
  }

  @Test
  void timesMayWrapAround() {
    agenda.people(List.of(alice));
    long before = Long.MAX_VALUE - 5;
    next.put(alice, before + 10);
    lookAt(before);
    assertEquals(List.of(), lookAt(before + 9));
    assertEquals(List.of("alice"), lookAt(before + 10));
  }

  @Test
  void isAskedAtTheTimeThatStandsForNever() {
    agenda.people(List.of(alice));
    next.put(alice, NanoTime.NEVER);
    lookAt(NanoTime.NEVER);
    alice.onUrgent();
    assertEquals(List.of("alice"), lookAt(NanoTime.NEVER + 1));
  }

  /// Whoever reports is looked at on that occasion, and not a moment later once more.
  @Test
  void whoIsDueSoonIsLookedAtWhenTheyAreAtHand() {
    agenda.people(List.of(alice, bob));
    next.put(alice, START + 125 * MILLISECOND);
    next.put(bob, NanoTime.NEVER);
    lookAt(START);
    looked.clear();
    alice.onReport(START + 50 * MILLISECOND);
    bob.onReport(START + 50 * MILLISECOND);
    assertEquals(List.of(), looked);
    next.put(alice, START + 225 * MILLISECOND);
    alice.onReport(START + 100 * MILLISECOND);
    assertEquals(List.of("alice"), looked);
    assertEquals(List.of(), lookAt(START + 125 * MILLISECOND));
    assertEquals(List.of("alice"), lookAt(START + 225 * MILLISECOND));
  }

  @Test
  void isUrgentUntilWhoeverCameUpIsLookedAt() {
    agenda.people(List.of(alice));
    next.put(alice, START + 10);
    assertTrue(agenda.isUrgent());
    lookAt(START);
    assertFalse(agenda.isUrgent());
    alice.onUrgent();
    assertTrue(agenda.isUrgent());
    whileLooking = alice::onUrgent;
    lookAt(START + 1);
    assertTrue(agenda.isUrgent());
  }

  private List<String> lookAt(long nowNanos) {
    looked.clear();
    agenda.onTimeout(nowNanos);
    return List.copyOf(looked);
  }

  private long look(Participant who, long nowNanos) {
    looked.add(who.name());
    whileLooking.run();
    return next.getOrDefault(who, NanoTime.NEVER);
  }

  private static Participant participant(String name) {
    return new Participant(new JoinRequest(id(name), name, false, null), _ -> {});
  }
}
