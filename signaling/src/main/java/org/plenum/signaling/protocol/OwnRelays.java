package org.plenum.signaling.protocol;

import java.util.ArrayList;
import java.util.List;
import org.plenum.ice.AddressText;
import org.plenum.ice.candidate.Candidate;

/// The URLs of our own TURN server (RFC 7065): where a room's media is received over TCP. It
/// listens over UDP too, but must not be named so: Chromium has one socket for its own candidate
/// and for a relay, and gives whatever comes from a TURN server's address to the relay. As media
/// comes from there, nobody who knows of it would have a direct path over UDP any more; and whoever
/// reaches it over UDP needs no relay.
public final class OwnRelays {
  private OwnRelays() {}

  /// For each address family the best address there is: two at most, for a browser takes a relay by
  /// each from each of its networks. None without ICE-TCP.
  ///
  /// @param candidates of the room's worker, best first
  public static List<String> urls(List<Candidate> candidates) {
    List<Candidate> chosen = new ArrayList<>();
    for (Candidate candidate : candidates) {
      if (candidate.transport() == Candidate.Transport.TCP_PASSIVE
          && chosen.stream().noneMatch(other -> isOfSameFamily(other, candidate))) {
        chosen.add(candidate);
      }
    }
    return chosen.stream().map(OwnRelays::url).toList();
  }

  private static boolean isOfSameFamily(Candidate a, Candidate b) {
    return a.address().getClass() == b.address().getClass();
  }

  private static String url(Candidate candidate) {
    return "turn:"
        + AddressText.host(candidate.address())
        + ":"
        + candidate.port()
        + "?transport=tcp";
  }
}
