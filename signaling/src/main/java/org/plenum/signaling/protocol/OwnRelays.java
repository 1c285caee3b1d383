package org.plenum.signaling.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.AddressText;
import org.plenum.ice.candidate.Candidate;

/// The URLs of our own TURN server (RFC 7065): where a room's media is received over TCP, and where
/// it is over TLS. It listens over UDP too, but must not be named so: Chromium has one socket for
/// its own candidate and for a relay, and gives whatever comes from a TURN server's address to the
/// relay. As media comes from there, nobody who knows of it would have a direct path over UDP any
/// more; and whoever reaches it over UDP needs no relay.
public final class OwnRelays {
  private OwnRelays() {}

  /// Where it is over TLS.
  ///
  /// @param host a name that is in the certificate; empty: the addresses where media is
  /// @param port 0: that of ICE-TCP
  public record Secure(String host, int port) {}

  /// For each address family the best address there is: two at most, for a browser takes a relay by
  /// each from each of its networks. None without ICE-TCP.
  ///
  /// @param candidates of the room's worker, best first
  /// @param secure null: not over TLS
  public static List<String> urls(List<Candidate> candidates, @Nullable Secure secure) {
    List<Candidate> tcp = best(candidates, Candidate.Transport.TCP_PASSIVE);
    List<String> urls = new ArrayList<>();
    for (Candidate each : tcp) {
      urls.add(url("turn", AddressText.host(each.address()), each.port()));
    }
    if (secure == null) {
      return List.copyOf(urls);
    }
    List<Candidate> places = tcp.isEmpty() ? best(candidates, Candidate.Transport.UDP) : tcp;
    for (Candidate each : places) {
      String host = secure.host().isEmpty() ? AddressText.host(each.address()) : secure.host();
      String url = url("turns", host, secure.port() == 0 ? each.port() : secure.port());
      if (!urls.contains(url)) {
        urls.add(url);
      }
    }
    return List.copyOf(urls);
  }

  /// Those of a direct call: over UDP too, the best way, for nothing else comes from there to its
  /// PeerConnection.
  ///
  /// @param candidates as for [#urls]
  public static List<String> directUrls(List<Candidate> candidates, @Nullable Secure secure) {
    return ways(candidates, secure).values().stream().flatMap(List::stream).toList();
  }

  /// Where somebody behind a NAT learns the address that others see (STUN, RFC 7064).
  ///
  /// @param candidates as for [#urls]
  public static List<String> stunUrls(List<Candidate> candidates) {
    return best(candidates, Candidate.Transport.UDP).stream()
        .map(each -> "stun:" + AddressText.host(each.address()) + ":" + each.port())
        .toList();
  }

  /// Each way to it that there is, for somebody who has no media: `udp`, `tcp`, `tls`.
  ///
  /// @param candidates as for [#urls]
  public static Map<String, List<String>> ways(
      List<Candidate> candidates, @Nullable Secure secure) {
    Map<String, List<String>> ways = new LinkedHashMap<>();
    ways.put(
        "udp",
        best(candidates, Candidate.Transport.UDP).stream()
            .map(each -> "turn:" + AddressText.host(each.address()) + ":" + each.port())
            .map(url -> url + "?transport=udp")
            .toList());
    List<String> others = urls(candidates, secure);
    ways.put("tcp", others.stream().filter(url -> url.startsWith("turn:")).toList());
    ways.put("tls", others.stream().filter(url -> url.startsWith("turns:")).toList());
    ways.values().removeIf(List::isEmpty);
    return ways;
  }

  private static List<Candidate> best(List<Candidate> candidates, Candidate.Transport transport) {
    List<Candidate> chosen = new ArrayList<>();
    for (Candidate candidate : candidates) {
      if (candidate.transport() == transport
          && chosen.stream().noneMatch(other -> isOfSameFamily(other, candidate))) {
        chosen.add(candidate);
      }
    }
    return chosen;
  }

  private static boolean isOfSameFamily(Candidate a, Candidate b) {
    return a.address().getClass() == b.address().getClass();
  }

  private static String url(String scheme, String host, int port) {
    return scheme + ":" + host + ":" + port + "?transport=tcp";
  }
}
