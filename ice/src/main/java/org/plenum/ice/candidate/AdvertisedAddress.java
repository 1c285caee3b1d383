package org.plenum.ice.candidate;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.AddressText;

/// An address that clients reach us at, and the port there if a NAT has another than we.
///
/// @param port the one outside that stands for the first worker's, each next worker having the next
/// one; 0: outside as inside
public record AdvertisedAddress(InetAddress address, int port) {
  private static final Pattern WITH_PORT =
      Pattern.compile("(?:\\[([^\\[\\]]*)]|([^:]*)):(\\d{1,5})");

  private static final int MAX_PORT = 65_535;

  static AdvertisedAddress of(InetAddress address) {
    return new AdvertisedAddress(address, 0);
  }

  /// Reads ADDRESS, ADDRESS:PORT (IPv4) or [ADDRESS]:PORT (IPv6).
  ///
  /// @throws IllegalArgumentException if it is not a literal unicast address that clients can send
  /// to; the message says what it may be
  public static AdvertisedAddress parse(String text) {
    Matcher withPort = WITH_PORT.matcher(text);
    if (!withPort.matches()) {
      return new AdvertisedAddress(literal(text, text), 0);
    }
    boolean bracketed = withPort.group(1) != null;
    InetAddress address = literal(bracketed ? withPort.group(1) : withPort.group(2), text);
    int port = Integer.parseInt(withPort.group(3));
    if (port < 1 || port > MAX_PORT || bracketed == address instanceof Inet4Address) {
      throw refused(text, null);
    }
    return new AdvertisedAddress(address, port);
  }

  /// The port that a client sends to.
  ///
  /// @param worker number of the worker, from 0
  /// @param inside the port we listen on, 1 to 65 535
  int outsidePort(int worker, int inside) {
    if (inside < 1 || inside > MAX_PORT) {
      throw new IllegalArgumentException("port must be 1 to 65535, not " + inside);
    }
    int outside = port == 0 ? inside : port + worker;
    if (outside > MAX_PORT) {
      throw new IllegalArgumentException(
          "advertised port " + port + " must be so small that worker " + worker + " has one too");
    }
    return outside;
  }

  private static InetAddress literal(String literal, String text) {
    InetAddress address;
    try {
      address = InetAddress.ofLiteral(literal);
    } catch (IllegalArgumentException e) {
      throw refused(text, e);
    }
    // Forms that other programs read differently: 010.0.0.1, 10.1, [::1], fe80::1%eth0,
    // ::ffff:10.0.0.1.
    boolean plain =
        address instanceof Inet4Address
            ? AddressText.of(address).equals(literal)
            : literal.indexOf('[') < 0 && literal.indexOf('%') < 0;
    if (!plain || address.isAnyLocalAddress() || address.isMulticastAddress()) {
      throw refused(text, null);
    }
    return address;
  }

  private static IllegalArgumentException refused(String text, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "advertised address must be a literal IPv4 or IPv6 unicast address, or with the port"
            + " outside ADDRESS:PORT or [ADDRESS]:PORT, not \""
            + text
            + "\"",
        cause);
  }
}
