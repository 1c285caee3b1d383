package org.plenum.sfu.worker;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.plenum.ice.AddressText;
import org.plenum.ice.candidate.AdvertisedAddress;

/// What is advertised as clients can send to it: names resolved, the port outside behind each
/// address that has none. A load balancer is often known by name only.
public final class AdvertisedNames {
  /// Of one name: a client tries all that it is offered.
  static final int MOST_ADDRESSES = 8;

  private static final Pattern NAME =
      Pattern.compile(
          "((?=.{1,253}(?::|$))(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+"
              + "[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(?::(\\d{1,5}))?");

  private AdvertisedNames() {}

  /// How names become addresses.
  @FunctionalInterface
  public interface Resolver {
    /// The system's; blocks.
    Resolver SYSTEM = InetAddress::getAllByName;

    InetAddress[] resolve(String name) throws UnknownHostException;
  }

  /// Whether this is NAME or NAME:PORT, with a dot in the name.
  public static boolean isName(String text) {
    Matcher name = NAME.matcher(text);
    return name.matches() && (name.group(2) == null || isPort(name.group(2)));
  }

  /// Reads a literal address or a name, each with or without a port.
  ///
  /// @return the port, 0 if there is none
  /// @throws IllegalArgumentException if it is neither
  public static int port(String advertised) {
    if (!isName(advertised)) {
      return AdvertisedAddress.parse(advertised).port();
    }
    int colon = advertised.indexOf(':');
    return colon < 0 ? 0 : Integer.parseInt(advertised.substring(colon + 1));
  }

  /// The literal addresses, best first, as [AdvertisedAddress#parse] reads them. Blocks for names.
  ///
  /// @param port outside, where none is said; 0: as inside
  /// @throws IllegalStateException with one sentence if a name is not known
  public static List<String> resolve(List<String> advertised, int port, Resolver resolver) {
    SequencedSet<String> literals = new LinkedHashSet<>();
    for (String each : advertised) {
      int outside = port(each) == 0 ? port : port(each);
      for (InetAddress address : isName(each) ? lookUp(each, resolver) : literal(each)) {
        literals.add(spelled(address, outside));
      }
    }
    return List.copyOf(literals);
  }

  private static List<InetAddress> literal(String text) {
    return List.of(AdvertisedAddress.parse(text).address());
  }

  private static List<InetAddress> lookUp(String advertised, Resolver resolver) {
    String name = advertised.replaceFirst(":.*", "");
    List<InetAddress> usable = new ArrayList<>();
    try {
      Arrays.stream(resolver.resolve(name))
          .filter(address -> !address.isAnyLocalAddress() && !address.isMulticastAddress())
          .filter(address -> !address.isLinkLocalAddress())
          .limit(MOST_ADDRESSES)
          .forEach(usable::add);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("media.advertised: the name " + name + " is not known", e);
    }
    if (usable.isEmpty()) {
      throw new IllegalStateException(
          "media.advertised: the name " + name + " has no address that clients could send to");
    }
    // DNS servers turn the order; ours must not look like a change.
    usable.sort((a, b) -> Arrays.compareUnsigned(a.getAddress(), b.getAddress()));
    return usable;
  }

  private static String spelled(InetAddress address, int port) {
    return port == 0 ? AddressText.of(address) : AddressText.host(address) + ":" + port;
  }

  private static boolean isPort(String digits) {
    int port = Integer.parseInt(digits);
    return port >= 1 && port <= 65_535;
  }
}
