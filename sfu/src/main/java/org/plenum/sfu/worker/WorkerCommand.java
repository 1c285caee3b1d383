package org.plenum.sfu.worker;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.candidate.Candidate;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.relay.RelayEnd;
import org.plenum.sfu.room.RoomCommand;
import org.plenum.sfu.transport.Transport;
import org.plenum.sfu.transport.TransportEvent;

/// What reaches a worker through its mailbox.
sealed interface WorkerCommand {
  /// @param toOwner of a branch of a room that another worker owns; null: the room is this one's
  record OpenRoom(WorkerRoom handle, RoomId id, RoomSettings settings, @Nullable RelayEnd toOwner)
      implements WorkerCommand {}

  record ForRoom(WorkerRoom handle, RoomCommand command) implements WorkerCommand {}

  record ForTransport(Transport transport, TransportEvent event) implements WorkerCommand {}

  /// Clients that come from now on are offered these.
  record Offer(List<Candidate> candidates) implements WorkerCommand {
    public Offer {
      candidates = List.copyOf(candidates);
    }
  }

  /// For a moment this identity may have relays.
  record LendRelay(String identity) implements WorkerCommand {}

  record Stop() implements WorkerCommand {}
}
