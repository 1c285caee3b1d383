package org.plenum.ice.candidate;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.AddressText;

/// Addresses of this machine that are not offered: those of an interface, or those of a network.
///
/// @param interfaceName as the system calls it; one that ends with `*` stands for all that begin
///     so; null: any
/// @param network null: any
/// @param prefixBits how many leading bits of the network count
public record Exclusion(
    @Nullable String interfaceName, @Nullable InetAddress network, int prefixBits) {
  /// What Linux takes for a name of an interface (at most 15 characters) and is no address.
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.@-]{0,14}\\*?");

  private static final Pattern NETWORK = Pattern.compile("([0-9a-fA-F:.]+)(?:/(\\d{1,3}))?");

  /// Reads NAME, NAME*, ADDRESS or ADDRESS/BITS.
  ///
  /// @throws IllegalArgumentException if it is none of these; the message says what it may be
  public static Exclusion parse(String text) {
    Matcher network = NETWORK.matcher(text);
    if (network.matches() && (text.indexOf('.') >= 0 || text.indexOf(':') >= 0)) {
      return ofNetwork(network.group(1), network.group(2), text);
    }
    if (!NAME.matcher(text).matches()) {
      throw refused(text, null);
    }
    return new Exclusion(text, null, 0);
  }

  private static Exclusion ofNetwork(String literal, @Nullable String prefix, String text) {
    try {
      InetAddress network = InetAddress.ofLiteral(literal);
      int most = network.getAddress().length * 8;
      int bits = prefix == null ? most : Integer.parseInt(prefix);
      // Not 10.1 or 010.0.0.1, which other programs read differently.
      boolean plain = network instanceof Inet6Address || AddressText.of(network).equals(literal);
      if (plain && bits <= most) {
        return new Exclusion(null, network, bits);
      }
    } catch (IllegalArgumentException e) {
      throw refused(text, e);
    }
    throw refused(text, null);
  }

  /// Whether this address of this interface is not offered.
  boolean covers(String ofInterface, InetAddress address) {
    if (interfaceName != null) {
      return interfaceName.endsWith("*")
          ? ofInterface.startsWith(interfaceName.substring(0, interfaceName.length() - 1))
          : ofInterface.equals(interfaceName);
    }
    return network == null || isWithin(address.getAddress(), network.getAddress());
  }

  private boolean isWithin(byte[] address, byte[] other) {
    if (address.length != other.length) {
      return false;
    }
    for (int bit = 0; bit < prefixBits; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((address[bit / 8] & mask) != (other[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  private static IllegalArgumentException refused(String text, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "an exclusion must be the name of an interface such as eth1 or wg*, or a network such as"
            + " 10.0.0.0/8, not \""
            + text
            + "\"",
        cause);
  }
}
