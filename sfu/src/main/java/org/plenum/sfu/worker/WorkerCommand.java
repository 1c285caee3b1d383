package org.plenum.sfu.worker;

import java.util.List;
import org.plenum.ice.candidate.Candidate;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.room.RoomCommand;
import org.plenum.sfu.transport.Transport;
import org.plenum.sfu.transport.TransportEvent;

/// What reaches a worker through its mailbox.
sealed interface WorkerCommand {
  record OpenRoom(WorkerRoom handle, RoomId id, RoomSettings settings) implements WorkerCommand {}

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
