package org.plenum.sfu;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.plenum.ice.candidate.CandidateGatherer;
import org.plenum.ice.port.MediaPort;
import org.plenum.ice.port.MediaPorts;
import org.plenum.sfu.dtls.DtlsCertificate;
import org.plenum.sfu.dtls.DtlsServer;
import org.plenum.sfu.srtp.SrtpFactory;
import org.plenum.sfu.worker.Worker;
import org.plenum.sfu.worker.Workers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The SFU: workers with their ports, a certificate, self-tested crypto. Any thread.
public final class Sfu implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Sfu.class);

  private final DtlsServer dtls;
  private final Workers workers;
  private final SfuCounters counters;

  private Sfu(DtlsServer dtls, Workers workers) {
    this.dtls = dtls;
    this.workers = workers;
    this.counters =
        new SfuCounters(
            workers.all().stream().map(Worker::counters).toList(),
            workers.all().stream().map(Worker::portCounters).toList(),
            dtls.counters());
  }

  /// Binds the ports, makes the certificate, tests the crypto.
  ///
  /// @throws IllegalStateException if a port cannot be bound or no crypto back end passes its
  ///     self-test; the message says what is wrong
  public static Sfu start(SfuConfig config) {
    SrtpFactory srtp = SrtpFactory.selfTested();
    log.info("SRTP by {}", srtp.gcmBackend());
    var dtls = new DtlsServer(DtlsCertificate.generate());
    var gatherer = new CandidateGatherer(config.advertisedAddresses(), config.offerLoopback());
    List<InetAddress> addresses =
        config.bindAddresses().stream().map(InetAddress::ofLiteral).toList();
    List<Worker> workers = new ArrayList<>();
    try {
      for (int i = 0; i < config.workers(); i++) {
        int wanted = config.firstPort() == 0 ? 0 : config.firstPort() + i;
        MediaPort port = MediaPorts.open(config.portKind(), wanted, addresses);
        workers.add(new Worker(i, port, gatherer.udp(port.port()), dtls, srtp));
      }
    } catch (IOException | RuntimeException e) {
      workers.forEach(Worker::start);
      workers.forEach(Worker::close);
      dtls.close();
      throw new IllegalStateException(e.getMessage(), e);
    }
    return new Sfu(dtls, new Workers(workers, dtls, srtp));
  }

  /// Opens a room on the worker with the fewest participants.
  ///
  /// @param observer told what happens in it, on the worker's thread
  public RoomHandle openRoom(RoomId id, RoomSettings settings, RoomObserver observer) {
    return workers.openRoom(id, settings, observer);
  }

  /// The counters of all workers, for metrics; always the same object, which reads them anew at
  /// each call.
  public SfuCounters counters() {
    return counters;
  }

  /// The bound UDP ports, a worker each.
  public List<Integer> ports() {
    return workers.all().stream().map(Worker::port).toList();
  }

  /// Whether the warm-up that follows the start is over; calls work before, the first ones a little
  /// slower.
  public boolean isWarm() {
    return workers.isWarm();
  }

  /// Closes all rooms and ports; idempotent.
  @Override
  public void close() {
    workers.close();
    dtls.close();
  }
}
