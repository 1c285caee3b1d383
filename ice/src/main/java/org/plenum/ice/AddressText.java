package org.plenum.ice;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Writes addresses the one way that programs compare (RFC 5952): candidates, logs and JSON all
/// come here, since `java.net` writes IPv6 addresses with every zero. Allocates: not for every
/// datagram.
public final class AddressText {
  private static final int GROUPS = 8;

  private AddressText() {}

  /// The address alone, without the zone, which names an interface of this machine only.
  public static String of(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == 4 ? ipv4(bytes) : ipv6(bytes);
  }

  /// Address and port: `192.0.2.1:443`, or `[2001:db8::1]:443` (RFC 5952 §6).
  public static String of(InetSocketAddress address) {
    InetAddress resolved = address.getAddress();
    if (resolved == null) {
      return address.getHostString() + ":" + address.getPort();
    }
    return host(resolved) + ":" + address.getPort();
  }

  /// As the host of a URL: an IPv6 address in brackets (RFC 3986 §3.2.2).
  public static String host(InetAddress address) {
    String text = of(address);
    return text.indexOf(':') < 0 ? text : "[" + text + "]";
  }

  private static String ipv4(byte[] bytes) {
    return (bytes[0] & 0xFF)
        + "."
        + (bytes[1] & 0xFF)
        + "."
        + (bytes[2] & 0xFF)
        + "."
        + (bytes[3] & 0xFF);
  }

  /// RFC 5952 §4: lower case, no leading zeros, and `::` for the first of the longest runs of at
  /// least two zero groups.
  private static String ipv6(byte[] bytes) {
    int[] groups = new int[GROUPS];
    for (int i = 0; i < GROUPS; i++) {
      groups[i] = (bytes[2 * i] & 0xFF) << 8 | bytes[2 * i + 1] & 0xFF;
    }
    int start = -1;
    int longest = 1;
    for (int i = 0; i < GROUPS; i++) {
      int length = zeros(groups, i);
      if (length > longest) {
        start = i;
        longest = length;
      }
    }
    var text = new StringBuilder(39);
    for (int i = 0; i < GROUPS; i++) {
      if (i == start) {
        text.append("::");
        i += longest - 1;
        continue;
      }
      if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }

  private static int zeros(int[] groups, int from) {
    int at = from;
    while (at < GROUPS && groups[at] == 0) {
      at++;
    }
    return at - from;
  }
}
