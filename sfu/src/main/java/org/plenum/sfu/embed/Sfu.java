package org.plenum.sfu.embed;

import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.candidate.Candidate;
import org.plenum.ice.port.ByteStream;
import org.plenum.ice.port.MediaPort;
import org.plenum.ice.port.MediaPortCounters;
import org.plenum.ice.port.MediaPorts;
import org.plenum.ice.port.TcpListener;
import org.plenum.ice.port.TurnDoor;
import org.plenum.ice.turn.TurnChallenge;
import org.plenum.ice.turn.TurnSecret;
import org.plenum.sfu.NodeLine;
import org.plenum.sfu.RoomHandle;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomNodes;
import org.plenum.sfu.RoomObserver;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.SfuConfig;
import org.plenum.sfu.dtls.DtlsCertificate;
import org.plenum.sfu.dtls.DtlsServer;
import org.plenum.sfu.srtp.SrtpFactory;
import org.plenum.sfu.worker.AdvertisedNames.Resolver;
import org.plenum.sfu.worker.Elsewhere;
import org.plenum.sfu.worker.Groundwork;
import org.plenum.sfu.worker.MappedAddresses;
import org.plenum.sfu.worker.MappedAddresses.Mapping;
import org.plenum.sfu.worker.Offered;
import org.plenum.sfu.worker.Worker;
import org.plenum.sfu.worker.WorkerNetwork;
import org.plenum.sfu.worker.Workers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The SFU: workers with their ports, a certificate, self-tested crypto. Any thread.
public final class Sfu implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Sfu.class);

  private final DtlsServer dtls;
  private final Workers workers;
  private final @Nullable TcpListener tcp;
  private final SfuCounters counters;
  private final Offered offered;

  private Sfu(DtlsServer dtls, Workers workers, @Nullable TcpListener tcp, Offered offered) {
    this.offered = offered;
    this.dtls = dtls;
    this.workers = workers;
    this.tcp = tcp;
    List<MediaPortCounters> ports =
        new ArrayList<>(workers.all().stream().map(Worker::portCounters).toList());
    if (tcp != null) {
      ports.add(tcp.counters());
    }
    this.counters =
        new SfuCounters(
            workers.all().stream().map(Worker::counters).toList(), ports, dtls.counters());
  }

  /// Binds the ports, makes the certificate, tests the crypto.
  ///
  /// @throws IllegalStateException if a port cannot be bound or no crypto back end passes its
  ///     self-test; the message says what is wrong
  public static Sfu start(SfuConfig config) {
    return start(config, Groundwork.begin());
  }

  /// As [#start(SfuConfig)], on what another thread has laid.
  public static Sfu start(SfuConfig config, Groundwork groundwork) {
    DtlsCertificate certificate = groundwork.await();
    SrtpFactory srtp = SrtpFactory.selfTested();
    log.info("SRTP by {}", srtp.gcmBackend());
    var dtls = new DtlsServer(certificate);
    var offered = new Offered(config, Resolver.SYSTEM);
    List<InetAddress> addresses =
        config.bindAddresses().stream().map(InetAddress::ofLiteral).toList();
    List<MediaPort> ports = new ArrayList<>();
    TcpListener tcp = null;
    try {
      TurnSecret turn = Workers.turnSecret(config);
      if (config.tcp().enabled() || config.tcp().shared()) {
        TurnDoor door = turn == null ? null : new TurnChallenge(turn);
        tcp =
            config.tcp().shared()
                ? TcpListener.behind(config.portKind(), config.tcp().port(), door)
                : TcpListener.open(config.portKind(), config.tcp().port(), addresses, door);
      }
      for (int i = 0; i < config.workers(); i++) {
        int wanted = config.firstPort() == 0 ? 0 : config.firstPort() + i;
        ports.add(MediaPorts.open(config.portKind(), wanted, addresses, tcp));
      }
      List<Mapping> mappings =
          MappedAddresses.find(
              ports, config.stun().mappingServers(), addresses, new SecureRandom());
      offered.learn(ports.stream().map(MediaPort::port).toList(), mappings, tcp);
      List<Worker> workers = new ArrayList<>();
      for (MediaPort port : ports) {
        int number = workers.size();
        var network =
            new WorkerNetwork(
                port,
                offered.to(number),
                mappings.get(number),
                config.stun().server(),
                turn,
                Workers.relayPorts(config, number));
        workers.add(new Worker(number, network, dtls, srtp, config.bitrates(), config.shedsLoad()));
      }
      return new Sfu(dtls, new Workers(workers, dtls, srtp, config.spread()), tcp, offered);
    } catch (IOException | RuntimeException e) {
      ports.forEach(MediaPort::close);
      if (tcp != null) {
        tcp.close();
      }
      dtls.close();
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /// Looks the names among the advertised addresses up again; if they have other addresses now,
  /// clients that come from now on are offered those. Blocks; one thread at a time.
  ///
  /// @return whether that was so
  /// @throws IllegalStateException with one sentence if a name is not known; what was offered stays
  public boolean resolveAgain() {
    if (!offered.resolveAgain()) {
      return false;
    }
    for (int i = 0; i < workers.all().size(); i++) {
      workers.all().get(i).offer(offered.to(i));
    }
    return true;
  }

  /// Opens a room on the worker with the fewest participants.
  ///
  /// @param observer told what happens in it, on the worker's thread
  public RoomHandle openRoom(RoomId id, RoomSettings settings, RoomObserver observer) {
    return workers.openRoom(id, settings, observer);
  }

  /// Rooms that are opened from now on take other nodes too, once they have taken the workers of
  /// this one that have time ([SfuConfig#spread]).
  ///
  /// @param nodes finds another node
  /// @param most nodes that a room takes beside its own, up to 8
  /// @param host where other nodes reach the media ports of this one
  public void spreadOver(RoomNodes nodes, int most, InetAddress host) {
    workers.spreadOver(new Elsewhere(nodes, most, host));
  }

  /// Another node's room asks for a part here.
  ///
  /// @return to be told what comes by the line; null if [#spreadOver] was not called
  public NodeLine.@Nullable Listener host(NodeLine line) {
    return workers.host(line);
  }

  /// Whether some worker has the time for another room.
  public boolean takesRooms() {
    return workers.takesRooms();
  }

  /// The counters of all workers, for metrics; always the same object, which reads them anew at
  /// each call.
  public SfuCounters counters() {
    return counters;
  }

  /// The bound TCP port of all workers; 0 without ICE-TCP.
  public int tcpPort() {
    return tcp == null ? 0 : tcp.port();
  }

  /// Takes a connection over that came in elsewhere, as if it had come in at the TCP port; without
  /// ICE-TCP it is closed.
  public void adopt(ByteStream stream) {
    if (tcp == null) {
      stream.close();
    } else {
      tcp.adopt(stream);
    }
  }

  /// Lets somebody who is in no room have relays for half a minute, to see which ways lead here.
  ///
  /// @param identity of nobody else, now or later
  /// @return where clients reach them, best first; empty if there are none
  public List<Candidate> lendRelay(String identity) {
    return workers.lendRelay(identity);
  }

  /// The bound UDP ports, a worker each.
  public List<Integer> ports() {
    return workers.all().stream().map(Worker::port).toList();
  }

  /// Whether the warm-up that follows the start is over; calls work before then, but the first
  /// ones are a little slower.
  public boolean isWarm() {
    return workers.isWarm();
  }

  /// Closes all rooms and ports; idempotent.
  @Override
  public void close() {
    if (tcp != null) {
      tcp.close();
    }
    workers.close();
    dtls.close();
  }
}
