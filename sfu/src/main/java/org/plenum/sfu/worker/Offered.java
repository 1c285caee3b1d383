package org.plenum.sfu.worker;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.candidate.Candidate;
import org.plenum.ice.candidate.CandidateGatherer;
import org.plenum.ice.candidate.Exclusion;
import org.plenum.ice.port.TcpListener;
import org.plenum.sfu.SfuConfig;
import org.plenum.sfu.worker.AdvertisedNames.Resolver;
import org.plenum.sfu.worker.MappedAddresses.Mapping;

/// The candidates of all workers, made anew when a name among the advertised addresses is found to
/// stand for others. One thread at a time.
public final class Offered {
  private final SfuConfig config;
  private final Resolver resolver;
  private List<String> literals;
  private List<Integer> ports = List.of();
  private List<Mapping> mappings = List.of();
  private int tcpPort;

  /// Throws IllegalStateException with one sentence if a name is not known.
  public Offered(SfuConfig config, Resolver resolver) {
    this.config = config;
    this.resolver = resolver;
    this.literals = resolve();
    gatherer(); // refuses what cannot be advertised before any port is bound
  }

  /// Which ports there are.
  ///
  /// @param udp a worker's each
  /// @param maps what STUN servers told of each
  public void learn(List<Integer> udp, List<Mapping> maps, @Nullable TcpListener tcp) {
    ports = List.copyOf(udp);
    mappings = List.copyOf(maps);
    tcpPort = tcp == null ? 0 : tcp.port();
  }

  /// What a worker offers, best first.
  public List<Candidate> to(int worker) {
    CandidateGatherer gatherer = gatherer();
    List<Candidate> candidates =
        new ArrayList<>(gatherer.udp(worker, ports.get(worker), mappings.get(worker).addresses()));
    if (tcpPort != 0) {
      candidates.addAll(gatherer.tcp(tcpPort, config.tcp().advertisedPort()));
    }
    return reachable(candidates, mappings.get(worker));
  }

  /// Of the host's own addresses those that are listened on, unless none is left.
  private List<Candidate> reachable(List<Candidate> candidates, Mapping mapping) {
    List<InetAddress> bound =
        new ArrayList<>(config.bindAddresses().stream().map(InetAddress::ofLiteral).toList());
    boolean all = bound.isEmpty() || bound.stream().anyMatch(InetAddress::isAnyLocalAddress);
    if (all || !literals.isEmpty()) {
      return List.copyOf(candidates);
    }
    mapping.addresses().forEach(each -> bound.add(each.getAddress()));
    List<Candidate> left =
        candidates.stream().filter(each -> bound.contains(each.address())).toList();
    return left.isEmpty() ? List.copyOf(candidates) : left;
  }

  /// Looks names up again; returns whether they stand for other addresses now. Throws
  /// IllegalStateException with one sentence if a name is not known, and changes nothing then.
  public boolean resolveAgain() {
    List<String> now = resolve();
    boolean changed = !now.equals(literals);
    literals = now;
    return changed;
  }

  private List<String> resolve() {
    return AdvertisedNames.resolve(
        config.advertisedAddresses(), config.candidates().advertisedPort(), resolver);
  }

  private CandidateGatherer gatherer() {
    List<Exclusion> excluded =
        config.candidates().excluded().stream().map(Exclusion::parse).toList();
    return new CandidateGatherer(literals, excluded, config.offerLoopback());
  }
}
