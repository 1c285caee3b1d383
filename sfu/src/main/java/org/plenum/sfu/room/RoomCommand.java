package org.plenum.sfu.room;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomListener;
import org.plenum.sfu.RoomSnapshot;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.TransportAnswer;
import org.plenum.sfu.TransportOffer;

/// What others ask of a room, by way of its worker's mailbox.
public sealed interface RoomCommand {
  record Join(JoinRequest request, RoomListener listener, CompletableFuture<RoomSnapshot> result)
      implements RoomCommand {}

  record Negotiate(
      ParticipantId participant, TransportOffer offer, CompletableFuture<TransportAnswer> result)
      implements RoomCommand {}

  record RestartIce(
      ParticipantId participant, IceCredentials remote, CompletableFuture<TransportAnswer> result)
      implements RoomCommand {}

  record View(ParticipantId viewer, List<SeatView> seats) implements RoomCommand {}

  record Mute(ParticipantId publisher, Mid mid, boolean muted) implements RoomCommand {}

  record Snapshot(ParticipantId participant, CompletableFuture<RoomSnapshot> result)
      implements RoomCommand {}

  record Leave(ParticipantId participant, LeaveReason reason) implements RoomCommand {}

  record Close() implements RoomCommand {}

  /// The future that waits for this command, if any; it must not be left waiting.
  default List<CompletableFuture<?>> waiting() {
    return switch (this) {
      case Join join -> List.of(join.result());
      case Negotiate negotiate -> List.of(negotiate.result());
      case RestartIce restart -> List.of(restart.result());
      case Snapshot snapshot -> List.of(snapshot.result());
      case View _, Mute _, Leave _, Close _ -> List.of();
    };
  }
}
