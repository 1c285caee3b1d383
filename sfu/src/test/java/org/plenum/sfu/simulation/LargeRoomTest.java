package org.plenum.sfu.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.SlotBinding;
import org.plenum.sfu.room.RoomCommand;

/// Many microphones, all open: a viewer is sent what is to be heard, and no more.
class LargeRoomTest {
  private static final int SEATS = 4;
  private static final int EXTRA = 3;
  private static final int VOICE = 25;
  private static final long FRAME_NANOS = 20 * SimulatedCall.MILLI;
  private static final long TURN_NANOS = 3 * SimulatedCall.SECOND;

  /// Rooms are quiet, each in its own way.
  private static int noise(int person, long nanos) {
    return 85 + (int) ((person * 31 + nanos / 20_000_000) % 10);
  }

  /// Somebody has the word for three seconds, then the next; the first ten do, in a room of any
  /// size, some of them beyond the seats.
  private static boolean speaks(int person, long nanos) {
    long turn = nanos / TURN_NANOS;
    return person == turn * 7 % 10 && nanos % TURN_NANOS < TURN_NANOS - SimulatedCall.SECOND / 2;
  }

  private static int level(int person, long nanos) {
    boolean betweenWords = nanos / 20_000_000 % 20 < 4;
    return speaks(person, nanos) && !betweenWords ? VOICE : noise(person, nanos);
  }

  private static List<SimulatedPublisher> people(SimulatedCall call, int count) {
    List<SimulatedPublisher> people = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int person = i;
      people.add(call.publisher("p" + i).enterToSpeak(nanos -> level(person, nanos)));
    }
    return people;
  }

  private static SimulatedViewer listener(SimulatedCall call) {
    return listener(call, "v");
  }

  private static SimulatedViewer listener(SimulatedCall call, String name) {
    return call.viewer(name).enter(SEATS, EXTRA, SimulatedPeer.WITH_TRANSPORT_CC);
  }

  /// Packets of sound a second, and `slot` messages.
  private record Cost(double packets, long messages) {
    static Cost ofRoom(int people) {
      try (var call = new SimulatedCall()) {
        people(call, people);
        SimulatedViewer viewer = listener(call);
        call.runUntil(3);
        int before = viewer.heard().size();
        long bindingsBefore = bindings(viewer).size();
        call.runUntil(33);
        assertUnbroken(viewer);
        return new Cost(
            (viewer.heard().size() - before) / 30.0, bindings(viewer).size() - bindingsBefore);
      }
    }
  }

  private static List<SlotBinding> bindings(SimulatedViewer viewer) {
    List<SlotBinding> bindings = new ArrayList<>();
    for (RoomEvent event : viewer.events) {
      if (event instanceof RoomEvent.SlotBound(var binding)) {
        bindings.add(binding);
      }
    }
    return bindings;
  }

  @Test
  void aRoomOfAHundredCostsWhatARoomOfTenCosts() {
    Cost ten = Cost.ofRoom(10);
    Cost hundred = Cost.ofRoom(100);
    System.out.printf(
        "sound to a viewer: 10 people %.1f packets/s, 100 people %.1f packets/s%n",
        ten.packets(), hundred.packets());
    assertEquals(ten.packets(), hundred.packets(), 0.02 * ten.packets());
    // One voice at a time, and the second after it.
    assertTrue(hundred.packets() >= 40 && hundred.packets() <= 75, hundred.packets() + " a second");
    assertTrue(
        hundred.messages() <= ten.messages() + 10,
        hundred.messages() + " messages, and " + ten.messages() + " in the small room");
  }

  @Test
  void noWordLosesItsBeginning() {
    try (var call = new SimulatedCall()) {
      people(call, 100);
      SimulatedViewer viewer = listener(call);
      call.runUntil(34);
      Map<Integer, Set<Long>> heard =
          viewer.heard().stream()
              .collect(
                  Collectors.groupingBy(
                      SimulatedViewer.Heard::publisher,
                      Collectors.mapping(SimulatedViewer.Heard::sourceNumber, Collectors.toSet())));
      for (long turn = 1; turn < 11; turn++) {
        int person = (int) (turn * 7 % 10);
        Set<Long> numbers = heard.getOrDefault(person, Set.of());
        int missing = 0;
        for (long nanos = turn * TURN_NANOS;
            nanos < turn * TURN_NANOS + 2 * SimulatedCall.SECOND;
            nanos += FRAME_NANOS) {
          // The first packet, number 0, leaves after its 20 ms.
          boolean wasHeard = numbers.contains(nanos / FRAME_NANOS - 1);
          missing += level(person, nanos) == VOICE && !wasHeard ? 1 : 0;
        }
        assertTrue(missing <= 1, missing + " packets of turn " + turn + " are missing");
      }
    }
  }

  @Test
  void timeRunsOnWhileNothingIsSent() {
    try (var call = new SimulatedCall()) {
      for (int i = 0; i < 20; i++) {
        int person = i;
        // A second in each four.
        call.publisher("p" + i)
            .enterToSpeak(
                nanos ->
                    person == 1 && nanos / SimulatedCall.SECOND % 4 == 0
                        ? VOICE
                        : noise(person, nanos));
      }
      SimulatedViewer viewer = listener(call);
      call.runUntil(34);
      assertUnbroken(viewer);
      int talkspurts = 0;
      Map<Integer, SimulatedViewer.Heard> latest = new HashMap<>();
      for (SimulatedViewer.Heard packet : viewer.heard()) {
        SimulatedViewer.Heard before = latest.put(packet.ssrc(), packet);
        if (before != null && before.publisher() == packet.publisher()) {
          long units = 960 * (packet.sourceNumber() - before.sourceNumber());
          int passed = packet.timestamp() - before.timestamp();
          assertTrue(Math.abs(passed - units) <= 960, passed + " units instead of " + units);
          boolean begins = packet.sourceNumber() > before.sourceNumber() + 1;
          assertEquals(begins, packet.marker(), "marker where a talkspurt begins");
          talkspurts += begins ? 1 : 0;
        }
      }
      assertEquals(8, talkspurts, "after the first");
    }
  }

  /// Silence is left out for those in another part too, and leaves no gap there either.
  @Test
  void whoSpeaksInAnotherPartIsHeardWithoutAGap() {
    try (var owner = new SimulatedCall();
        var branch = owner.branch()) {
      for (int i = 0; i < 20; i++) {
        int person = i;
        SimulatedCall part = i % 2 == 0 ? owner : branch;
        part.publisher("p" + i).enterToSpeak(nanos -> level(person, nanos));
      }
      List<SimulatedViewer> viewers = List.of(listener(owner, "v"), listener(branch, "w"));
      owner.runUntil(30);
      for (SimulatedViewer viewer : viewers) {
        assertUnbroken(viewer);
        long heard =
            viewer.heard().stream().map(SimulatedViewer.Heard::publisher).distinct().count();
        assertTrue(heard >= 8, "of ten who spoke " + heard + " were heard by " + viewer.id);
      }
    }
  }

  /// Sequence numbers of each stream without a gap, though silence was left out.
  private static void assertUnbroken(SimulatedViewer viewer) {
    Map<Integer, TreeMap<Long, Long>> numbers = new HashMap<>();
    for (SimulatedViewer.Heard packet : viewer.heard()) {
      var stream = numbers.computeIfAbsent(packet.ssrc(), _ -> new TreeMap<>());
      assertFalse(stream.containsKey(packet.number()), "twice: " + packet);
      stream.put(packet.number(), packet.sourceNumber());
    }
    assertFalse(numbers.isEmpty());
    numbers.forEach(
        (ssrc, stream) ->
            assertEquals(
                stream.size(), stream.lastKey() - stream.firstKey() + 1, "gaps in " + ssrc));
  }

  @Test
  void noSlotIsTakenFromAVoiceFasterThanAPersonCanFollow() {
    try (var call = new SimulatedCall()) {
      for (int i = 0; i < 100; i++) {
        int person = i;
        // Twelve at once, all of one loudness, on and on.
        call.publisher("p" + i)
            .enterToSpeak(
                nanos ->
                    person >= 50 && person < 62 && nanos / 20_000_000 % 20 >= 4
                        ? VOICE
                        : noise(person, nanos));
      }
      SimulatedViewer viewer = listener(call);
      call.runUntil(3);
      List<SlotBinding> before = bindings(viewer);
      call.runUntil(33);
      assertEquals(before, bindings(viewer));
      assertUnbroken(viewer);
    }
  }

  /// Some mute, some reload, some are removed, while all speak by turns: who is there is heard
  /// afterwards, who is not sits nowhere.
  @Test
  void muteAndReloadAndRemovalLeaveNothingHanging() {
    try (var call = new SimulatedCall()) {
      List<SimulatedPublisher> people = people(call, 30);
      SimulatedViewer viewer = listener(call);
      Set<String> gone = new HashSet<>();
      for (int i = 0; i < 60; i++) {
        call.runUntil(1 + i * 0.5);
        SimulatedPublisher chosen = people.get(i * 11 % 30);
        if (gone.contains(chosen.id.value())) {
          continue;
        }
        switch (i % 4) {
          case 0, 1 -> mute(call, chosen, true);
          case 2 -> {
            leave(call, chosen, i % 8 == 2 ? LeaveReason.LEFT : LeaveReason.REMOVED);
            gone.add(chosen.id.value());
          }
          default -> {
            // A reload: the same person under another id.
            leave(call, chosen, LeaveReason.REPLACED);
            gone.add(chosen.id.value());
            int person = i;
            people.set(
                i * 11 % 30, call.publisher("r" + i).enterToSpeak(nanos -> level(person, nanos)));
          }
        }
      }
      var last = new HashSet<ParticipantId>();
      for (int i = 0; i < 3; i++) {
        last.add(call.publisher("last" + i).enterToSpeak(_ -> VOICE).id);
      }
      people.stream()
          .filter(person -> !gone.contains(person.id.value()))
          .forEach(person -> mute(call, person, true));
      call.runUntil(36);
      Map<Mid, SlotBinding> bound = new HashMap<>();
      bindings(viewer).forEach(binding -> bound.put(binding.mid(), binding));
      var present = new HashSet<ParticipantId>();
      for (SlotBinding binding : bound.values()) {
        if (binding.participant() != null) {
          present.add(binding.participant());
          assertFalse(gone.contains(binding.participant().value()), "still there: " + binding);
        }
      }
      assertTrue(present.containsAll(last), "who speaks now is in " + present);
      int before = viewer.heard().size();
      call.runUntil(38);
      assertEquals(3 * 50 * 2, viewer.heard().size() - before, 6, "three voices, and no more");
    }
  }

  private static void mute(SimulatedCall call, SimulatedPublisher person, boolean muted) {
    call.room.handle(new RoomCommand.Mute(person.id, new Mid("m"), muted), call.now());
  }

  private static void leave(SimulatedCall call, SimulatedPublisher person, LeaveReason reason) {
    person.leave();
    call.room.handle(new RoomCommand.Leave(person.id, reason), call.now());
  }
}
