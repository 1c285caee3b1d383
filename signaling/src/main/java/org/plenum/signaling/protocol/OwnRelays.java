package org.plenum.signaling.protocol;

import java.util.ArrayList;
import java.util.List;
import org.plenum.ice.AddressText;
import org.plenum.ice.candidate.Candidate;

/// The URLs of our own TURN server (RFC 7065): where a room's media is received.
public final class OwnRelays {
  private OwnRelays() {}

  /// For each transport and address family the best address there is: four at most, for a browser
  /// takes a relay by each from each of its networks.
  ///
  /// @param candidates of the room's worker, best first
  public static List<String> urls(List<Candidate> candidates) {
    List<Candidate> chosen = new ArrayList<>();
    for (Candidate candidate : candidates) {
      if (chosen.stream().noneMatch(other -> isLike(other, candidate))) {
        chosen.add(candidate);
      }
    }
    return chosen.stream().map(OwnRelays::url).toList();
  }

  private static boolean isLike(Candidate a, Candidate b) {
    return a.transport() == b.transport() && a.address().getClass() == b.address().getClass();
  }

  private static String url(Candidate candidate) {
    String transport = candidate.transport() == Candidate.Transport.UDP ? "udp" : "tcp";
    return "turn:"
        + AddressText.host(candidate.address())
        + ":"
        + candidate.port()
        + "?transport="
        + transport;
  }
}
