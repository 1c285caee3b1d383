package org.plenum.ice.candidate;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// Makes the candidates that an ICE-lite server offers: the host's usable addresses (no loopback
/// unless it is the only one or asked for, no link-local, no docker or veth interfaces), or the
/// configured advertised
/// addresses. Reads the interfaces once, at construction.
///
/// All are host candidates: a lite agent has no other (RFC 8445 §2.5), and an advertised address
/// stands in for the one
/// that a NAT maps it to.
public final class CandidateGatherer {
  /// RFC 8445 §5.1.2.2.
  private static final long HOST_TYPE_PREFERENCE = 126;

  private static final int HIGHEST_LOCAL_PREFERENCE = 65_535;
  private static final int COMPONENT = 1;

  private final List<InetAddress> addresses;

  /// @param advertised literal addresses to offer instead of the interfaces' own, best first;
  /// empty: the
  /// interfaces' own
  /// @param includeLoopback also offer 127.0.0.1 (and ::1 when IPv6 is on): for development and
  /// tests on one machine
  /// @throws IllegalArgumentException if an advertised address is not a literal one that clients
  /// can send to
  public CandidateGatherer(List<String> advertised, boolean includeLoopback) {
    this(advertised, includeLoopback, HostInterface.ofThisMachine());
  }

  CandidateGatherer(
      List<String> advertised, boolean includeLoopback, List<HostInterface> interfaces) {
    SequencedSet<InetAddress> offered = new LinkedHashSet<>();
    if (advertised.isEmpty()) {
      offered.addAll(AddressSelection.reachable(interfaces));
    } else {
      advertised.forEach(literal -> offered.add(parse(literal)));
    }
    if (includeLoopback || offered.isEmpty()) {
      offered.addAll(AddressSelection.loopback(interfaces));
    }
    addresses = List.copyOf(offered);
  }

  /// The candidates for a worker's UDP port, best first.
  ///
  /// @param port 1 to 65 535
  public List<Candidate> udp(int port) {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port must be 1 to 65535, not " + port);
    }
    List<Candidate> candidates = new ArrayList<>(addresses.size());
    for (InetAddress address : addresses) {
      candidates.add(
          new Candidate(
              foundation(Candidate.Type.HOST, Candidate.Transport.UDP, address),
              Candidate.Transport.UDP,
              hostPriority(candidates.size()),
              address,
              port,
              Candidate.Type.HOST));
    }
    return List.copyOf(candidates);
  }

  /// RFC 8445 §5.1.2.1; every address has a local preference of its own.
  private static long hostPriority(int rank) {
    long localPreference = Math.max(0, HIGHEST_LOCAL_PREFERENCE - rank);
    return HOST_TYPE_PREFERENCE << 24 | localPreference << 8 | (256 - COMPONENT);
  }

  /// The same for candidates of one type, base address and transport, at each start and on each
  /// port (RFC 8445
  /// §5.1.1.3): a checksum of the three.
  private static String foundation(
      Candidate.Type type, Candidate.Transport transport, InetAddress base) {
    CRC32 checksum = new CRC32();
    checksum.update((type + " " + transport + " ").getBytes(StandardCharsets.US_ASCII));
    checksum.update(base.getAddress());
    return Long.toString(checksum.getValue());
  }

  private static InetAddress parse(String literal) {
    InetAddress address;
    try {
      address = InetAddress.ofLiteral(literal);
    } catch (IllegalArgumentException e) {
      throw notAnAddress(literal, e);
    }
    // Forms that other programs read differently: 010.0.0.1, 10.1, [::1], fe80::1%eth0,
    // ::ffff:10.0.0.1.
    boolean plain =
        address instanceof Inet4Address
            ? address.getHostAddress().equals(literal)
            : literal.indexOf('[') < 0 && literal.indexOf('%') < 0;
    if (!plain || address.isAnyLocalAddress() || address.isMulticastAddress()) {
      throw notAnAddress(literal, null);
    }
    return address;
  }

  private static IllegalArgumentException notAnAddress(String literal, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "advertised address must be a literal IPv4 or IPv6 unicast address, not \""
            + literal
            + "\"",
        cause);
  }
}
