package org.plenum.sfu.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.RoomSnapshot;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.counters.WorkerCounters.Gauge;
import org.plenum.sfu.room.RoomCommand;

/// People come to any part of a room, and do what people do, in any order: whenever all is said,
/// all parts know the same.
class RelayedSchedulesTest {
  private static final int STEPS = 120;

  /// Somebody, and the part they are in.
  private record Person(SimulatedCall part, SimulatedPeer peer) {}

  private final List<Person> people = new ArrayList<>();
  private int named;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void allPartsAgree(long seed) {
    var random = new Random(seed);
    try (var owner = new SimulatedCall()) {
      List<SimulatedCall> parts = new ArrayList<>(List.of(owner));
      double seconds = 0;
      for (int step = 0; step < STEPS; step++) {
        if (parts.size() < 4 && random.nextInt(20) == 0) {
          parts.add(owner.branch());
        }
        act(owner, parts, random);
        if (random.nextBoolean()) {
          seconds += random.nextInt(1, 40) / 100.0;
          owner.runUntil(seconds);
        }
        if (step % 10 == 9) {
          owner.deliver();
          compare(owner);
        }
      }
      for (Person each : people) {
        owner.room.handle(new RoomCommand.Leave(each.peer.id, LeaveReason.LEFT), owner.now());
      }
      owner.deliver();
      for (SimulatedCall part : parts) {
        assertEquals(0, part.counters.value(Gauge.PARTICIPANTS));
        assertEquals(0, part.counters.value(Gauge.TRACKS));
        assertEquals(0, part.counters.value(Gauge.SLOTS));
      }
      owner.room.close();
      owner.deliver();
      for (SimulatedCall part : parts) {
        assertEquals(0, part.counters.value(Gauge.ROOMS) + part.counters.value(Gauge.BRANCHES));
      }
    }
  }

  private void act(SimulatedCall owner, List<SimulatedCall> parts, Random random) {
    int what = people.isEmpty() ? 0 : random.nextInt(10);
    if (what < 3 && people.size() < 10) {
      SimulatedCall part = parts.get(random.nextInt(parts.size()));
      String name = "p" + named++;
      SimulatedPeer peer =
          random.nextBoolean() ? part.publisher(name).enter() : part.viewer(name).enter(3);
      people.add(new Person(part, peer));
      return;
    }
    Person one = people.get(random.nextInt(people.size()));
    switch (what) {
      case 3, 4 -> {
        people.remove(one);
        one.peer.leave();
        owner.room.handle(new RoomCommand.Leave(one.peer.id, LeaveReason.LEFT), owner.now());
      }
      case 5 ->
          one.part.room.handle(
              new RoomCommand.Rename(one.peer.id, "n" + random.nextInt(100)), owner.now());
      case 6 ->
          one.part.room.handle(
              new RoomCommand.Mute(one.peer.id, new Mid("m"), random.nextBoolean()), owner.now());
      case 7 -> {
        Set<TrackSource> sources =
            random.nextBoolean() ? Set.of() : Set.of(TrackSource.values()[random.nextInt(3)]);
        owner.ask(
            (CompletableFuture<ParticipantDetails> result) ->
                new RoomCommand.SilenceSources(one.peer.id, sources, result));
      }
      default -> {} // time passes
    }
  }

  /// What each is told of all, themselves left out.
  private void compare(SimulatedCall owner) {
    List<String> all =
        owner
            .ask(
                (CompletableFuture<List<ParticipantDetails>> result) ->
                    new RoomCommand.Participants(result))
            .stream()
            .map(
                each ->
                    each.id()
                        + " "
                        + each.name()
                        + " "
                        + each.tracks().stream().map(ParticipantDetails.TrackDetails::info).toList()
                        + " "
                        + each.silenced().stream().sorted().toList())
            .sorted()
            .toList();
    assertEquals(people.size(), all.size());
    for (Person each : people) {
      RoomSnapshot snapshot =
          each.part.ask(
              (CompletableFuture<RoomSnapshot> result) ->
                  new RoomCommand.Snapshot(each.peer.id, result));
      List<String> known =
          snapshot.participants().stream()
              .map(
                  other ->
                      other.id()
                          + " "
                          + other.name()
                          + " "
                          + other.tracks()
                          + " "
                          + other.silenced().stream().sorted().toList())
              .sorted()
              .toList();
      String own = each.peer.id + " ";
      assertEquals(all.stream().filter(line -> !line.startsWith(own)).toList(), known);
    }
  }
}
