package org.plenum.sfu.worker;

import java.security.SecureRandom;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.candidate.Candidate;
import org.plenum.ice.turn.RelayPorts;
import org.plenum.ice.turn.TurnSecret;
import org.plenum.sfu.LoadStep;
import org.plenum.sfu.NodeLine;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomHandle;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomObserver;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.SfuConfig;
import org.plenum.sfu.counters.WorkerCounters.Gauge;
import org.plenum.sfu.dtls.DtlsServer;
import org.plenum.sfu.srtp.SrtpFactory;

/// All workers of an SFU, and the thread that warms up what they run. Any thread.
public final class Workers implements AutoCloseable {
  private static final Comparator<Worker> BY_LOAD =
      Comparator.comparing((Worker worker) -> worker.sheds(LoadStep.ROOMS))
          .thenComparingLong(worker -> worker.counters().value(Gauge.PARTICIPANTS))
          .thenComparingLong(worker -> worker.counters().value(Gauge.ROOMS));

  private final List<Worker> workers;
  private final Thread warmUp;

  private final int spread;
  private volatile @Nullable Elsewhere elsewhere;

  /// Starts the workers, then the warm-up at low priority.
  ///
  /// @param spread participants of a room on one worker, beyond which it takes another; 0: a room
  ///     has one worker
  public Workers(List<Worker> workers, DtlsServer dtls, SrtpFactory srtp, int spread) {
    this.workers = List.copyOf(workers);
    this.spread = spread;
    this.workers.forEach(Worker::start);
    this.warmUp =
        Thread.ofPlatform()
            .name("plenum-warm-up")
            .daemon()
            .priority(Thread.MIN_PRIORITY)
            .start(new WarmUp(dtls, srtp, WarmUp.PACKETS));
  }

  /// What all workers' TURN servers share; null if there are none.
  public static @Nullable TurnSecret turnSecret(SfuConfig config) {
    SfuConfig.Turn turn = config.turn();
    return turn == null
        ? null
        : new TurnSecret(turn.secret(), new SecureRandom(), System.nanoTime());
  }

  /// The ports of one worker's relays of direct calls.
  public static RelayPorts relayPorts(SfuConfig config, int worker) {
    SfuConfig.PortRange ports = config.turn() == null ? null : config.turn().relayPorts();
    return ports == null
        ? RelayPorts.NONE
        : RelayPorts.share(
            ports.first(), ports.last(), worker, config.workers(), new SecureRandom().nextLong());
  }

  /// Opens a room on the worker with the fewest participants.
  public RoomHandle openRoom(RoomId id, RoomSettings settings, RoomObserver observer) {
    Worker worker =
        workers.stream()
            .filter(each -> !each.isGone())
            .min(BY_LOAD)
            .orElseThrow(
                () ->
                    new RefusedException(RefusedException.Reason.OVERLOADED, "no worker is left"));
    if (worker.sheds(LoadStep.ROOMS)) {
      throw new RefusedException(
          RefusedException.Reason.OVERLOADED, "the server has too much to do for another room");
    }
    Elsewhere nodes = elsewhere;
    boolean hasOthers = workers.size() > 1 || nodes != null && nodes.most() > 0;
    return spread == 0 || !hasOthers
        ? worker.openRoom(id, settings, observer)
        : new SpreadRoom(id, settings, observer, new Spread(spread), worker, workers, nodes);
  }

  /// Rooms that are opened from now on may take other nodes, if they may take other workers.
  public void spreadOver(Elsewhere nodes) {
    elsewhere = nodes;
  }

  /// Another node's room asks for a branch here.
  ///
  /// @return to be told what comes by the line; null: this node has no other nodes
  public NodeLine.@Nullable Listener host(NodeLine line) {
    Elsewhere nodes = elsewhere;
    return nodes == null ? null : new HostedBranch(_ -> leastBusy(), nodes.host(), line);
  }

  private @Nullable Worker leastBusy() {
    return workers.stream()
        .filter(worker -> !worker.isGone() && !worker.isBusy())
        .min(BY_LOAD)
        .orElse(null);
  }

  /// Whether some worker has the time for another room.
  public boolean takesRooms() {
    return workers.stream().anyMatch(each -> !each.isGone() && !each.sheds(LoadStep.ROOMS));
  }

  /// Lets somebody who is in no room have relays for half a minute.
  ///
  /// @param identity of nobody else, now or later
  /// @return where clients reach the worker that gives them, best first; empty if none does
  public List<Candidate> lendRelay(String identity) {
    return workers.stream()
        .filter(worker -> !worker.isGone())
        .min(BY_LOAD)
        .map(worker -> worker.lendRelay(identity))
        .orElse(List.of());
  }

  public List<Worker> all() {
    return workers;
  }

  /// Whether the warm-up has run to its end or was stopped.
  public boolean isWarm() {
    return !warmUp.isAlive();
  }

  /// Closes all rooms and ports, and waits for the threads; idempotent.
  @Override
  public void close() {
    warmUp.interrupt();
    workers.forEach(Worker::close);
    try {
      warmUp.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
