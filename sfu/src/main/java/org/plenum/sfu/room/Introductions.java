package org.plenum.sfu.room;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
import org.plenum.sfu.DirectEnd;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.room.DirectCall.Pair;

/// Brings the two people of a room together: finds out whether they could talk directly, lets
/// [DirectCall] decide, tells them, and holds their pictures back here meanwhile. Worker's thread
/// only.
final class Introductions {
  /// How long the relays of a call that is over go on: clients show what comes by them until the
  /// server's pictures are there, for 3 s at the most.
  static final long RELAYS_LINGER_NANOS = 4_000_000_000L;

  private final DirectCall call = new DirectCall();
  private final WorkerCounters counters;
  private final Negotiation negotiation;
  private boolean allowed;

  /// Whose relays are to end, and when; null: nobody's.
  private @Nullable Pair parting;

  private long partNanos;

  /// @param allowed whether anybody in this room may
  Introductions(boolean allowed, Negotiation negotiation, WorkerCounters counters) {
    this.allowed = allowed;
    this.negotiation = negotiation;
    this.counters = counters;
  }

  void allow(boolean yes) {
    allowed = yes;
  }

  /// Looks at who is there.
  ///
  /// @param inOrder everybody
  /// @return whether pictures are held back, or not any more
  boolean review(
      List<Participant> inOrder,
      Map<ParticipantId, Participant> present,
      Taps taps,
      long nowNanos) {
    if (parting != null && NanoTime.isDue(partNanos, nowNanos)) {
      part();
    }
    DirectEnd hindrance = hindrance(inOrder, taps);
    Pair possible =
        hindrance == null ? Pair.of(inOrder.getFirst().id(), inOrder.getLast().id()) : null;
    DirectEnd why = hindrance == null ? DirectEnd.LEFT : hindrance;
    return apply(call.review(possible, why, nowNanos), present, nowNanos);
  }

  /// A client is connected to the other.
  ///
  /// @return as [#review]
  boolean connected(
      ParticipantId who, long number, Map<ParticipantId, Participant> present, long nowNanos) {
    return apply(call.connected(who, number, nowNanos), present, nowNanos);
  }

  /// A client says that the path is no good.
  ///
  /// @return as [#review]
  boolean failed(
      RoomCommand.DirectFailed command, Map<ParticipantId, Participant> present, long nowNanos) {
    return apply(
        call.failed(command.participant(), command.call(), command.reason(), nowNanos),
        present,
        nowNanos);
  }

  /// Passes a message on; refuses what nobody agreed to.
  ///
  /// @param to who is in the room
  void pass(Participant from, Participant to, RoomCommand.Peer command) {
    if (call.passes(from.id(), to.id(), command.message())) {
      to.tell(new RoomEvent.PeerReceived(from.id(), command.message()));
    }
  }

  /// Tells a client that was away how it stands.
  void repeat(Participant returned) {
    DirectCall.Change change = call.present(returned.id());
    if (change != null) {
      returned.tell(event(change, returned.id()));
    }
  }

  /// Why nobody here can talk directly; null if the two can.
  private @Nullable DirectEnd hindrance(List<Participant> inOrder, Taps taps) {
    if (inOrder.size() != 2) {
      return inOrder.size() < 2 ? DirectEnd.LEFT : DirectEnd.COMPANY;
    }
    Participant one = inOrder.getFirst();
    Participant other = inOrder.getLast();
    if (!allowed || !one.mayTalkDirectlyTo(other) || !other.mayTalkDirectlyTo(one)) {
      return one.hidden() || other.hidden() ? DirectEnd.COMPANY : DirectEnd.RULE;
    }
    return taps.isEmpty() ? null : DirectEnd.OBSERVED;
  }

  private boolean apply(
      DirectCall.@Nullable Change change, Map<ParticipantId, Participant> present, long nowNanos) {
    if (change == null) {
      return false;
    }
    count(change);
    prepareRelays(change, present, nowNanos);
    boolean held = false;
    for (ParticipantId who : List.of(change.pair().first(), change.pair().second())) {
      Participant participant = present.get(who);
      if (participant != null) {
        participant.tell(event(change, who));
        held |= participant.talksDirectly(call.isUp(), nowNanos);
      }
    }
    return held;
  }

  /// Before they are told: they ask for relays at once.
  private void prepareRelays(
      DirectCall.Change change, Map<ParticipantId, Participant> present, long nowNanos) {
    if (change.state() == RoomEvent.DirectChanged.State.STARTED) {
      part();
      Participant first = present.get(change.pair().first());
      Participant second = present.get(change.pair().second());
      if (first != null && second != null) {
        negotiation.introduce(first, second);
      }
    } else if (change.state() == RoomEvent.DirectChanged.State.ENDED) {
      parting = change.pair();
      partNanos = NanoTime.after(nowNanos, RELAYS_LINGER_NANOS);
    }
  }

  private void part() {
    Pair pair = parting;
    if (pair != null) {
      parting = null;
      negotiation.part(pair.first());
      negotiation.part(pair.second());
    }
  }

  private void count(DirectCall.Change change) {
    switch (change.state()) {
      case STARTED -> counters.add(SfuCounter.DIRECT_CALLS_STARTED, 1);
      case UP -> counters.add(SfuCounter.DIRECT_CALLS_CONNECTED, 1);
      case ENDED -> {
        if (change.end() != null && change.end().isOfPath()) {
          counters.add(SfuCounter.DIRECT_CALLS_FAILED, 1);
        }
      }
    }
  }

  private static RoomEvent event(DirectCall.Change change, ParticipantId told) {
    Pair pair = change.pair();
    return new RoomEvent.DirectChanged(
        change.call(), change.state(), pair.other(told), pair.first().equals(told), change.end());
  }
}
