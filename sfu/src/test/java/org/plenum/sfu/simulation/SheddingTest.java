package org.plenum.sfu.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.LoadStep;
import org.plenum.sfu.Mid;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.SlotBinding;

/// What each step leaves out of a call, and that it all comes back.
class SheddingTest {
  private static final int PEOPLE = 4;

  private static void load(SimulatedCall call, LoadStep step) {
    call.room.load(step, call.now());
  }

  /// Pictures a second of each seat.
  private static List<Double> rates(SimulatedViewer viewer, double from, double until) {
    return IntStream.range(0, PEOPLE)
        .mapToObj(seat -> viewer.picture(seat).framesPerSecond(from, until))
        .toList();
  }

  private static long shown(List<Double> rates) {
    return rates.stream().filter(rate -> rate > 3).count();
  }

  private static List<Integer> heights(SimulatedViewer viewer) {
    return IntStream.range(0, PEOPLE).mapToObj(seat -> viewer.picture(seat).height()).toList();
  }

  private static List<LoadStep> told(SimulatedPeer peer) {
    return peer.events.stream()
        .filter(RoomEvent.LoadChanged.class::isInstance)
        .map(event -> ((RoomEvent.LoadChanged) event).step())
        .toList();
  }

  private static Map<Mid, SlotBinding.PauseReason> paused(SimulatedViewer viewer) {
    Map<Mid, SlotBinding.PauseReason> latest = new HashMap<>();
    for (RoomEvent event : viewer.events) {
      if (event instanceof RoomEvent.SlotBound(var binding)) {
        latest.remove(binding.mid());
        if (binding.paused() != null) {
          latest.put(binding.mid(), binding.paused());
        }
      }
    }
    return latest;
  }

  @Test
  void picturesGoInOrderSoundStaysAndAllComesBack() {
    try (var call = new SimulatedCall()) {
      List<SimulatedPublisher> people = new ArrayList<>();
      for (int i = 0; i < PEOPLE; i++) {
        people.add(call.publisher("p" + i).switchesLayers().enter());
      }
      SimulatedViewer viewer = call.viewer("v").enter(PEOPLE);
      call.runUntil(10);
      assertEquals(List.of(720, 720, 720, 720), heights(viewer));

      load(call, LoadStep.JOINS);
      call.runUntil(12);
      assertEquals(List.of(720, 720, 720, 720), heights(viewer));
      assertEquals(List.of(), told(viewer), "nobody notices that others are refused");

      load(call, LoadStep.TOP_LAYERS);
      call.runUntil(15);
      assertEquals(List.of(360, 360, 360, 360), heights(viewer));
      assertEquals(Map.of(), paused(viewer));

      load(call, LoadStep.OTHER_PICTURES);
      call.runUntil(18);
      assertEquals(1, shown(rates(viewer, 16, 18)), "pictures of " + rates(viewer, 16, 18));
      assertEquals(PEOPLE - 1, paused(viewer).size());
      assertTrue(
          paused(viewer).values().stream().allMatch(SlotBinding.PauseReason.OVERLOAD::equals));

      load(call, LoadStep.PICTURES);
      call.runUntil(21);
      assertEquals(0, shown(rates(viewer, 19, 21)));
      assertEquals(PEOPLE, paused(viewer).size());

      load(call, LoadStep.NONE);
      call.runUntil(26);
      assertEquals(PEOPLE, shown(rates(viewer, 24, 26)), "pictures of " + rates(viewer, 24, 26));
      assertEquals(List.of(720, 720, 720, 720), heights(viewer));
      assertEquals(Map.of(), paused(viewer));
      assertEquals(
          List.of(LoadStep.TOP_LAYERS, LoadStep.OTHER_PICTURES, LoadStep.PICTURES, LoadStep.NONE),
          told(viewer));
      assertEquals(told(viewer), told(people.getFirst()));
      for (int seat = 0; seat < PEOPLE; seat++) {
        assertEquals(0, viewer.sound(seat).lost(), "of the sound of seat " + seat);
        assertEquals(26 * 50, viewer.sound(seat).received(), 5);
      }
      assertEquals(0, viewer.corrupt());
    }
  }

  /// Who is new is refused; who comes back in place of their former session is not.
  @Test
  void nobodyNewIsLetIn() {
    try (var call = new SimulatedCall()) {
      call.publisher("p").enter();
      load(call, LoadStep.JOINS);
      SimulatedViewer viewer = call.viewer("v");
      var refused = Assertions.assertThrows(CompletionException.class, () -> viewer.enter(1));
      assertEquals(
          RefusedException.Reason.OVERLOADED, ((RefusedException) refused.getCause()).reason());
      load(call, LoadStep.NONE);
      call.viewer("w").enter(1);
    }
  }

  /// Whoever comes in place of a former session is told at once.
  @Test
  void whoComesBackIsToldWhatIsLeftOut() {
    try (var call = new SimulatedCall()) {
      SimulatedPublisher former = call.publisher("former").enter();
      load(call, LoadStep.PICTURES);
      SimulatedPublisher again = call.publisher("again").replaces(former.id);
      former.leave();
      again.enter();
      assertEquals(List.of(LoadStep.PICTURES), told(again));
    }
  }
}
