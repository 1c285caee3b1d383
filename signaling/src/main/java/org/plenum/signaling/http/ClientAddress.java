package org.plenum.signaling.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.AddressText;
import org.plenum.ice.NetworkPath;
import org.plenum.signaling.config.AddressRange;
import org.plenum.signaling.limit.AddressLimits;

/// Finds the client behind trusted proxies: the last address in `Forwarded` (RFC 7239) or
/// `X-Forwarded-For` that is none of theirs. What an untrusted peer says there is ignored.
public final class ClientAddress {
  /// Proxies in a row; a client may write more into the header, which are not read.
  private static final int MOST_HOPS = 16;

  private static final int MOST_CHARACTERS = 2048;

  private final List<AddressRange> trusted;

  public ClientAddress(List<AddressRange> trusted) {
    this.trusted = List.copyOf(trusted);
  }

  /// The client's address; the peer's own if it is no trusted proxy.
  public InetAddress of(Request request) {
    return of(
        peer(request),
        joined(request, HttpHeader.FORWARDED.asString()),
        joined(request, HttpHeader.X_FORWARDED_FOR.asString()));
  }

  /// @param forwarded `Forwarded`, empty if there is none
  /// @param plain `X-Forwarded-For`, empty if there is none; counts only without the other
  InetAddress of(InetAddress peer, String forwarded, String plain) {
    if (!isTrusted(peer)) {
      return peer;
    }
    List<String> hops = hops(forwarded, plain);
    InetAddress nearest = peer;
    for (int i = hops.size() - 1; i >= 0 && hops.size() - i <= MOST_HOPS; i--) {
      InetAddress hop = parse(hops.get(i));
      if (hop == null) {
        return nearest;
      }
      nearest = hop;
      if (!isTrusted(hop)) {
        return hop;
      }
    }
    return nearest;
  }

  /// The key under which a client is limited: its group, unless it is on this host or is a
  /// proxy for others.
  String limitedAs(InetAddress address) {
    return address.isLoopbackAddress() || isTrusted(address)
        ? AddressLimits.EXEMPT
        : group(address);
  }

  String limitedAs(Request request) {
    return limitedAs(of(request));
  }

  /// Whether what the peer says of the request it passes on is believed.
  boolean isFromProxy(Request request) {
    return isTrusted(peer(request));
  }

  /// Whether the peer itself is on this host and speaks for nobody else.
  static boolean isLocal(Request request) {
    return peer(request).isLoopbackAddress()
        && !request.getHeaders().contains("Forwarded")
        && !request.getHeaders().contains("X-Forwarded-For");
  }

  private static InetAddress peer(Request request) {
    return request.getConnectionMetaData().getRemoteSocketAddress()
            instanceof InetSocketAddress address
        ? address.getAddress()
        : InetAddress.getLoopbackAddress();
  }

  private boolean isTrusted(InetAddress address) {
    for (AddressRange range : trusted) {
      if (range.contains(address)) {
        return true;
      }
    }
    return false;
  }

  private static List<String> hops(String forwarded, String plain) {
    List<String> hops = new ArrayList<>();
    if (!forwarded.isEmpty()) {
      for (String element : forwarded.split(",", -1)) {
        hops.add(forParameter(element));
      }
      return hops;
    }
    if (!plain.isEmpty()) {
      hops.addAll(List.of(plain.split(",", -1)));
    }
    return hops;
  }

  /// The end of it, if it is too long: that is what the proxies added.
  private static String joined(Request request, String header) {
    StringBuilder joined = new StringBuilder();
    for (HttpField field : request.getHeaders().getFields(header)) {
      joined.append(joined.isEmpty() ? "" : ",").append(field.getValue());
    }
    int surplus = joined.length() - MOST_CHARACTERS;
    return surplus > 0 ? joined.substring(surplus) : joined.toString();
  }

  private static String forParameter(String element) {
    for (String pair : element.split(";", -1)) {
      String stripped = pair.strip();
      if (stripped.toLowerCase(Locale.ROOT).startsWith("for=")) {
        return stripped.substring(4);
      }
    }
    return "";
  }

  /// With or without quotes, brackets and port; null for a name, `unknown` and the like.
  static @Nullable InetAddress parse(String hop) {
    String text = hop.strip().replace("\"", "");
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      text = end < 0 ? "" : text.substring(1, end);
    } else if (text.indexOf(':') == text.lastIndexOf(':') && text.indexOf(':') > 0) {
      text = text.substring(0, text.indexOf(':'));
    }
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /// The addresses that share one limit: an IPv4 address, or the /64 that an IPv6 host can
  /// choose from.
  public static String group(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return AddressText.of(address);
    }
    return AddressText.of(NetworkPath.address(NetworkPath.high(address), 0)) + "/64";
  }
}
