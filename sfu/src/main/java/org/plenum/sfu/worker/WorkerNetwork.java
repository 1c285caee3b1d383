package org.plenum.sfu.worker;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.candidate.Candidate;
import org.plenum.ice.port.MediaPort;
import org.plenum.ice.turn.RelayPorts;
import org.plenum.ice.turn.TurnSecret;
import org.plenum.sfu.worker.MappedAddresses.Mapping;

/// How a worker is reached.
///
/// @param port handed over to the worker, who closes it
/// @param candidates offered to its clients
/// @param mapping what was learnt about the port before the worker's start
/// @param stunServer whether Binding requests without USERNAME are answered
/// @param turn of what the passwords for its TURN server are made; null: there is none
/// @param relayPorts of relays of direct calls
public record WorkerNetwork(
    MediaPort port,
    List<Candidate> candidates,
    Mapping mapping,
    boolean stunServer,
    @Nullable TurnSecret turn,
    RelayPorts relayPorts) {
  public WorkerNetwork {
    candidates = List.copyOf(candidates);
  }

  /// Whose relays, if any, lead to its own media only.
  public WorkerNetwork(
      MediaPort port,
      List<Candidate> candidates,
      Mapping mapping,
      boolean stunServer,
      @Nullable TurnSecret turn) {
    this(port, candidates, mapping, stunServer, turn, RelayPorts.NONE);
  }
}
