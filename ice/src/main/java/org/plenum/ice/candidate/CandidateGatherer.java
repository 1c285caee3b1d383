package org.plenum.ice.candidate;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.zip.CRC32;

/// Makes the candidates that an ICE-lite server offers: the host's usable addresses (no
/// loopback unless it is the only one or asked for, no link-local, no docker or veth
/// interfaces), or the configured advertised addresses. Reads the interfaces once, at
/// construction.
///
/// All are host candidates: a lite agent has no other (RFC 8445 §2.5), and an advertised
/// address stands in for the one that a NAT maps it to.
public final class CandidateGatherer {
  /// RFC 8445 §5.1.2.2.
  private static final long HOST_TYPE_PREFERENCE = 126;

  private static final int HIGHEST_LOCAL_PREFERENCE = 65_535;
  private static final int COMPONENT = 1;

  /// RFC 6544 §4.2 wants UDP before TCP; so far below it that relayed UDP is preferred as well,
  /// where packets do not wait for each other.
  private static final long TCP_HOST_TYPE_PREFERENCE = 90;

  /// A passive host candidate's (RFC 6544 §4.2).
  private static final int PASSIVE_DIRECTION_PREFERENCE = 4;

  private static final int DIRECTION_SHIFT = 13;
  private static final int HIGHEST_OTHER_PREFERENCE = (1 << DIRECTION_SHIFT) - 1;

  private final List<AdvertisedAddress> addresses;

  /// @param advertised as [AdvertisedAddress#parse] reads them, to offer instead of the interfaces'
  /// own, best first; empty: the interfaces' own
  /// @param excluded of the interfaces' own, what is not offered
  /// @param includeLoopback also offer 127.0.0.1 (and ::1 when IPv6 is on): for development and
  /// tests on one machine
  /// @throws IllegalArgumentException if an advertised address is not a literal one that clients
  /// can send to
  /// @throws IllegalStateException if all that could be offered is excluded
  public CandidateGatherer(
      List<String> advertised, Collection<Exclusion> excluded, boolean includeLoopback) {
    this(advertised, excluded, includeLoopback, HostInterface.ofThisMachine());
  }

  CandidateGatherer(
      List<String> advertised,
      Collection<Exclusion> excluded,
      boolean includeLoopback,
      List<HostInterface> interfaces) {
    SequencedSet<AdvertisedAddress> offered = new LinkedHashSet<>();
    if (advertised.isEmpty()) {
      AddressSelection.reachable(interfaces, excluded)
          .forEach(a -> offered.add(AdvertisedAddress.of(a)));
      boolean allExcluded =
          offered.isEmpty() && !AddressSelection.reachable(interfaces, List.of()).isEmpty();
      if (allExcluded && !includeLoopback) {
        throw new IllegalStateException(
            "nothing is left to offer: media.exclude covers every address of this machine");
      }
    } else {
      advertised.forEach(text -> offered.add(AdvertisedAddress.parse(text)));
    }
    if (includeLoopback || offered.isEmpty()) {
      AddressSelection.loopback(interfaces).forEach(a -> offered.add(AdvertisedAddress.of(a)));
    }
    addresses = List.copyOf(offered);
  }

  /// The candidates for a worker's UDP port, best first.
  ///
  /// @param worker number of the worker, from 0
  /// @param port the one it listens on, 1 to 65 535
  /// @param mapped what a NAT maps that port to, as STUN servers told; offered first, as host
  /// candidates too (a lite agent has no others)
  /// @throws IllegalArgumentException if an advertised port plus the number is above 65 535
  public List<Candidate> udp(int worker, int port, List<InetSocketAddress> mapped) {
    SequencedSet<InetSocketAddress> offered = new LinkedHashSet<>(mapped);
    for (AdvertisedAddress address : addresses) {
      offered.add(new InetSocketAddress(address.address(), address.outsidePort(worker, port)));
    }
    return candidates(Candidate.Transport.UDP, offered);
  }

  /// The candidates for the TCP port of all workers, best first, each after every one for UDP.
  ///
  /// @param port the one we listen on, 1 to 65 535
  /// @param outside the one that clients reach at every advertised address; 0: the first worker's
  ///     there, or `port` where that is the same outside as inside
  public List<Candidate> tcp(int port, int outside) {
    SequencedSet<InetSocketAddress> offered = new LinkedHashSet<>();
    for (AdvertisedAddress address : addresses) {
      int reached = outside == 0 ? address.outsidePort(0, port) : outside;
      offered.add(new InetSocketAddress(address.address(), reached));
    }
    return candidates(Candidate.Transport.TCP_PASSIVE, offered);
  }

  private static List<Candidate> candidates(
      Candidate.Transport transport, SequencedSet<InetSocketAddress> offered) {
    List<Candidate> candidates = new ArrayList<>(offered.size());
    for (InetSocketAddress to : offered) {
      candidates.add(
          new Candidate(
              foundation(Candidate.Type.HOST, transport, to.getAddress()),
              transport,
              priority(transport, candidates.size()),
              to.getAddress(),
              to.getPort(),
              Candidate.Type.HOST));
    }
    return List.copyOf(candidates);
  }

  /// RFC 8445 §5.1.2.1, RFC 6544 §4.2; every address has a local preference of its own.
  private static long priority(Candidate.Transport transport, int rank) {
    return switch (transport) {
      case UDP -> priority(HOST_TYPE_PREFERENCE, Math.max(0, HIGHEST_LOCAL_PREFERENCE - rank));
      case TCP_PASSIVE ->
          priority(
              TCP_HOST_TYPE_PREFERENCE,
              PASSIVE_DIRECTION_PREFERENCE << DIRECTION_SHIFT
                  | Math.max(0, HIGHEST_OTHER_PREFERENCE - rank));
    };
  }

  private static long priority(long typePreference, long localPreference) {
    return typePreference << 24 | localPreference << 8 | (256 - COMPONENT);
  }

  /// The same for candidates of one type, base address and transport, at each start and on
  /// each port (RFC 8445 §5.1.1.3): a checksum of the three.
  private static String foundation(
      Candidate.Type type, Candidate.Transport transport, InetAddress base) {
    CRC32 checksum = new CRC32();
    checksum.update((type + " " + transport + " ").getBytes(StandardCharsets.US_ASCII));
    checksum.update(base.getAddress());
    return Long.toString(checksum.getValue());
  }
}
