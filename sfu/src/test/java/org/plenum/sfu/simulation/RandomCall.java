package org.plenum.sfu.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.ParticipantStatistics;
import org.plenum.sfu.Permissions;
import org.plenum.sfu.Playback;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomSnapshot;
import org.plenum.sfu.RoomTap;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.TransportAnswer;
import org.plenum.sfu.counters.WorkerCounters.Gauge;
import org.plenum.sfu.room.RoomCommand;

/// A room on one to three workers in which anything happens in any order, some time or none apart.
/// After each step, what must hold always is held against it: no packet index is used twice;
/// numbers have no gaps that no publisher made; what viewers get can be decoded; each packet has
/// one verdict at each slot; and at the end nothing is left.
final class RandomCall implements AutoCloseable {
  private static final int MOST_PEOPLE = 10;
  private static final int MOST_PARTS = 3;
  private static final int MOST_SEATS = 4;
  private static final int FIRST_NUMBER = 65_400;
  private static final int LOUD = 25;
  private static final int QUIET = 110;
  private static final int[] RATES = {100_000_000, 5_000_000, 1_000_000, 300_000, 60_000};

  /// Somebody, and the part of the room they are in.
  private record Person(SimulatedCall part, SimulatedPeer peer) {}

  /// What happens.
  private interface Act {
    void happen();
  }

  private final Dice dice;
  private final double mostSeconds;
  private final SimulatedCall owner;
  private final List<SimulatedCall> parts = new ArrayList<>();
  private final List<OfferedPackets> offered = new ArrayList<>();
  private final List<Person> people = new ArrayList<>();
  private final List<SimulatedViewer> viewers = new ArrayList<>();
  private final List<RoomTap> taps = new ArrayList<>();

  /// Publishers' networks lose nothing, and publishers send what can be decoded: nothing that a
  /// viewer gets may lack anything.
  private final boolean isClean;

  private final List<Act> acts =
      List.of(
          this::pass,
          this::pass,
          this::pass,
          this::publisherComes,
          this::viewerComes,
          this::viewerComes,
          this::leaves,
          this::vanishes,
          this::looksElsewhere,
          this::looksElsewhere,
          this::resizes,
          this::mutes,
          this::isSilenced,
          this::isPermitted,
          this::restartsIce,
          this::moves,
          this::networkChanges,
          this::networkChanges,
          this::isLouder,
          this::stopsOrStartsCamera,
          this::offersCamera,
          this::asks,
          this::sendsAnything,
          this::portRefuses,
          this::workerStalls,
          this::roomGrows,
          this::partFails,
          this::observes,
          this::reports);

  private double seconds;
  private int named;
  private int steps;

  RandomCall(Dice dice, double mostSeconds) {
    this.dice = dice;
    this.mostSeconds = mostSeconds;
    this.owner = new SimulatedCall(dice.below(1_000));
    this.isClean = dice.below(2) == 0;
    add(owner);
    publisherComes();
    viewerComes();
  }

  private void add(SimulatedCall part) {
    parts.add(part);
    offered.add(new OfferedPackets(part));
  }

  /// All that is to happen, and the end.
  void run() {
    while (!dice.isOver() && seconds < mostSeconds) {
      steps++;
      try {
        acts.get(dice.below(acts.size())).happen();
      } catch (CompletionException e) {
        if (!(e.getCause() instanceof RefusedException)) {
          throw e;
        }
      }
      check();
    }
    end();
  }

  /// How much has happened.
  int steps() {
    return steps;
  }

  private boolean decides() {
    return dice.below(2) == 0;
  }

  private Person anybody() {
    return people.isEmpty() ? null : people.get(dice.below(people.size()));
  }

  private <P extends SimulatedPeer> Person any(Class<P> kind) {
    List<Person> of = people.stream().filter(each -> kind.isInstance(each.peer)).toList();
    return of.isEmpty() ? null : of.get(dice.below(of.size()));
  }

  private SimulatedCall anyPart() {
    return parts.get(dice.below(parts.size()));
  }

  private void runFor(int millis) {
    seconds += millis / 1e3;
    owner.runUntil(seconds);
    people.removeIf(
        each -> each.peer.events.stream().anyMatch(RoomEvent.Removed.class::isInstance));
  }

  private void pass() {
    int[] most = {2, 30, 200, 1_500};
    runFor(1 + dice.below(most[dice.below(most.length)]));
  }

  private void publisherComes() {
    if (people.size() == MOST_PEOPLE) {
      return;
    }
    SimulatedCall part = anyPart();
    SimulatedPublisher publisher = part.publisher("p" + named++);
    if (decides()) {
      publisher.startsAt(FIRST_NUMBER);
    }
    if (decides()) {
      publisher.switchesLayers();
    }
    int level = decides() ? LOUD : QUIET;
    publisher.hears(_ -> level);
    people.add(new Person(part, publisher));
    if (dice.below(4) == 0) {
      publisher.enterToSpeak(_ -> level);
    } else {
      publisher.repeats(dice.below(3)).enter();
    }
  }

  private void viewerComes() {
    if (people.size() == MOST_PEOPLE) {
      return;
    }
    SimulatedCall part = anyPart();
    SimulatedViewer viewer = part.viewer("v" + named++);
    viewer.acceptsGaps();
    if (!isClean) {
      viewer.readsNoPayloads();
    }
    if (decides()) {
      viewer.takesRed();
    }
    if (decides()) {
      viewer.takesRepairs();
    }
    people.add(new Person(part, viewer));
    int seats = dice.below(MOST_SEATS);
    switch (dice.below(3)) {
      case 0 -> viewer.enterWithStreamFeedback(seats);
      case 1 -> viewer.enter(seats, dice.below(3), SimulatedPeer.WITHOUT_TRANSPORT_CC);
      default -> viewer.enter(seats, dice.below(3), SimulatedPeer.WITH_TRANSPORT_CC);
    }
    viewers.add(viewer);
  }

  private void leaves() {
    Person one = anybody();
    if (one == null) {
      return;
    }
    people.remove(one);
    if (decides()) {
      one.peer.leave(); // else it goes on sending to a server that does not know it any more
    }
    LeaveReason reason = decides() ? LeaveReason.LEFT : LeaveReason.REMOVED;
    owner.room.handle(new RoomCommand.Leave(one.peer.id, reason), owner.now());
    owner.deliver();
  }

  /// Without a word.
  private void vanishes() {
    Person one = anybody();
    if (one != null) {
      one.peer.leave();
    }
  }

  private void looksElsewhere() {
    Person one = any(SimulatedViewer.class);
    if (one == null) {
      return;
    }
    List<SeatView> view = new ArrayList<>();
    int count = dice.below(MOST_SEATS + 2);
    for (int i = 0; i < count; i++) {
      int[] heights = {0, 90, 180, 360, 720, 8192};
      var who = new ParticipantId(dice.below(8) == 0 ? "nobody" : "p" + dice.below(named + 1));
      view.add(
          new SeatView(
              dice.below(MOST_SEATS + 1),
              who,
              dice.below(8) == 0,
              heights[dice.below(heights.length)],
              decides() ? SeatView.ANY_FRAMERATE : 1 + dice.below(30)));
    }
    one.part.room.handle(new RoomCommand.View(one.peer.id, view), one.part.now());
  }

  private void resizes() {
    Person one = any(SimulatedViewer.class);
    if (one != null && one.peer instanceof SimulatedViewer viewer) {
      viewer.resize(dice.below(MOST_SEATS + 1), dice.below(3));
    }
  }

  private void mutes() {
    Person one = any(SimulatedPublisher.class);
    if (one != null) {
      var mid = new Mid(decides() ? "m" : "c");
      one.part.room.handle(new RoomCommand.Mute(one.peer.id, mid, decides()), one.part.now());
      owner.deliver();
    }
  }

  private void isSilenced() {
    Person one = any(SimulatedPublisher.class);
    if (one != null) {
      Set<TrackSource> sources = decides() ? Set.of() : Set.of(TrackSource.values()[dice.below(2)]);
      owner.ask(
          (CompletableFuture<ParticipantDetails> result) ->
              new RoomCommand.SilenceSources(one.peer.id, sources, result));
    }
  }

  private void isPermitted() {
    Person one = anybody();
    if (one != null) {
      Permissions granted =
          decides() ? Permissions.ALL : new Permissions(Set.of(TrackSource.MICROPHONE), decides());
      owner.ask(
          (CompletableFuture<ParticipantDetails> result) ->
              new RoomCommand.Permit(one.peer.id, granted, result));
    }
  }

  private void restartsIce() {
    Person one = anybody();
    if (one != null) {
      if (decides()) {
        one.peer.restartIce();
      } else {
        // The server's answer gets lost: the client goes on as it was.
        one.part.ask(
            (CompletableFuture<TransportAnswer> result) ->
                new RoomCommand.RestartIce(one.peer.id, IceCredentials.random(), result));
      }
    }
  }

  private void moves() {
    Person one = anybody();
    if (one != null) {
      one.peer.move();
    }
  }

  private void networkChanges() {
    Person one = anybody();
    if (one == null) {
      return;
    }
    boolean isUp = one.peer instanceof SimulatedPublisher;
    NetworkLink link = isUp ? one.peer.up : one.peer.down;
    link.delay(1 + dice.below(200)).jitter(dice.below(40)).doubles(isUp ? dice.below(3) * 0.05 : 0);
    if (!isUp || !isClean) {
      double[] losses = {0, 0, 0.02, 0.2, 1};
      link.loss(losses[dice.below(losses.length)]).rate(RATES[dice.below(RATES.length)]);
    }
  }

  private void isLouder() {
    Person one = any(SimulatedPublisher.class);
    if (one != null && one.peer instanceof SimulatedPublisher publisher) {
      int level = decides() ? LOUD + dice.below(40) : QUIET;
      publisher.hears(_ -> level);
    }
  }

  private void stopsOrStartsCamera() {
    Person one = any(SimulatedPublisher.class);
    if (one != null && one.peer instanceof SimulatedPublisher publisher) {
      publisher.cameraStopped(decides());
    }
  }

  private void offersCamera() {
    Person one = any(SimulatedPublisher.class);
    if (one != null && one.peer instanceof SimulatedPublisher publisher) {
      publisher.publishes(decides());
    }
  }

  /// A viewer asks for packets that were or were not sent, and for key frames.
  private void asks() {
    Person one = any(SimulatedViewer.class);
    if (one != null && one.peer instanceof SimulatedViewer viewer) {
      viewer.asksForAnything(dice.below(1 << 16), dice.below(20), decides());
    }
  }

  private void sendsAnything() {
    Person one = anybody();
    if (one == null) {
      return;
    }
    if (decides()) {
      one.peer.sendAnyRtcp(dice.bytes(dice.below(120)));
    } else if (!isClean && one.peer instanceof SimulatedPublisher publisher) {
      switch (dice.below(4)) {
        case 0 -> publisher.skips(1 + dice.below(20_000));
        case 1 -> publisher.sendAnyPayload(dice.below(3), dice.bytes(1 + dice.below(60)));
        case 2 -> publisher.sendUnknown(dice.below(128), dice.below(1 << 30), dice.bytes(20));
        default -> publisher.up.send(datagram(dice.bytes(1 + dice.below(60))));
      }
    }
  }

  /// RTP or RTCP by its first byte (RFC 7983).
  private static byte[] datagram(byte[] bytes) {
    byte[] datagram = new byte[bytes.length + 12];
    System.arraycopy(bytes, 0, datagram, 1, bytes.length);
    datagram[0] = (byte) 0x80;
    return datagram;
  }

  private void portRefuses() {
    SimulatedCall part = anyPart();
    int every = 1 + dice.below(4);
    int[] seen = {0};
    part.port.refuse(_ -> seen[0]++ % every == 0);
    runFor(1 + dice.below(200));
    part.port.refuse(_ -> false);
  }

  private void workerStalls() {
    SimulatedCall part = anyPart();
    part.stalls(true);
    runFor(1 + dice.below(isClean ? 400 : 3_000));
    part.stalls(false);
  }

  private void roomGrows() {
    if (parts.size() < MOST_PARTS) {
      add(owner.branch());
    }
  }

  /// As after a fault of our own.
  private void partFails() {
    SimulatedCall part = parts.getLast();
    if (part == owner || dice.below(4) != 0) {
      return;
    }
    part.room.close();
    owner.deliver();
    offered.removeLast().check(true);
    parts.removeLast();
    people.removeIf(each -> each.part == part);
    owner.remove(part);
  }

  private void observes() {
    if (taps.size() < 2) {
      var tap = new RoomTap(RoomTap.Purpose.BROADCAST, Set.of(CodecName.VP8, CodecName.OPUS));
      owner.ask((CompletableFuture<RoomTap> result) -> new RoomCommand.Tap(tap, result));
      taps.add(tap);
      return;
    }
    RoomTap tap = taps.get(dice.below(taps.size()));
    if (dice.below(6) == 0) {
      tap.close();
      taps.remove(tap);
      return;
    }
    tap.streams().forEach(stream -> stream.want(decides()));
    tap.read(dice.below(5_000), _ -> {});
  }

  private void reports() {
    Person one = anybody();
    if (one == null) {
      return;
    }
    one.part.room.handle(
        new RoomCommand.Report(one.peer.id, new Playback(dice.below(10), 0, decides())),
        one.part.now());
    one.part.ask(
        (CompletableFuture<ParticipantStatistics> result) ->
            new RoomCommand.Statistics(one.peer.id, result));
    one.part.ask(
        (CompletableFuture<RoomSnapshot> result) -> new RoomCommand.Snapshot(one.peer.id, result));
  }

  private void check() {
    offered.forEach(each -> each.check(false));
    for (SimulatedViewer viewer : viewers) {
      if (isClean && viewer.wrongReferences() > 0) {
        throw new AssertionError(viewer.id + " got frames that refer to others it did not get");
      }
      long dropped = viewer.call.counters.value(SfuCounter.RELAYED_PACKETS_DROPPED);
      long missing = viewer.indices().missing();
      if (isClean && dropped == 0 && missing > 0) {
        throw new AssertionError(viewer.id + " lacks " + missing + " numbers that nobody lost");
      }
    }
  }

  /// Everybody leaves.
  private void end() {
    taps.forEach(RoomTap::close);
    runFor(2_000);
    for (Person each : List.copyOf(people)) {
      owner.room.handle(new RoomCommand.Leave(each.peer.id, LeaveReason.LEFT), owner.now());
    }
    owner.deliver();
    offered.forEach(each -> each.check(true));
    for (SimulatedCall part : parts) {
      for (Gauge gauge : List.of(Gauge.PARTICIPANTS, Gauge.TRACKS, Gauge.SLOTS)) {
        if (part.counters.value(gauge) != 0) {
          throw new AssertionError(part.counters.value(gauge) + " left of " + gauge);
        }
      }
      if (part.context.registry().count() != 0) {
        throw new AssertionError(part.context.registry().count() + " transports are left");
      }
    }
  }

  @Override
  public void close() {
    owner.close();
    for (SimulatedCall part : parts) {
      if (part.counters.value(Gauge.ROOMS) + part.counters.value(Gauge.BRANCHES) != 0) {
        throw new AssertionError("a part of the room is left");
      }
    }
  }
}
