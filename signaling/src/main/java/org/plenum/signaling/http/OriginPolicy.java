package org.plenum.signaling.http;

import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// Which web pages may talk to us (RFC 6455 §10.2): our own and the configured ones. A client
/// that is not a browser sends no Origin and is judged by its token alone.
public final class OriginPolicy {
  private final List<String> allowed;

  public OriginPolicy(List<String> allowed) {
    this.allowed = List.copyOf(allowed);
  }

  public boolean allows(Request request) {
    String origin = origin(request);
    return origin == null || isOwn(request, origin) || isListed(origin);
  }

  /// Whether answers may be shown to the page of another origin.
  boolean isForeignAndAllowed(Request request) {
    String origin = origin(request);
    return origin != null && !isOwn(request, origin) && isListed(origin);
  }

  static @Nullable String origin(Request request) {
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    return origin == null ? null : origin.toLowerCase(Locale.ROOT);
  }

  private boolean isListed(String origin) {
    return allowed.contains("*") || allowed.contains(origin);
  }

  /// Whether the page came from the host and port that are asked now.
  private static boolean isOwn(Request request, String origin) {
    String host = request.getHeaders().get(HttpHeader.HOST);
    if (host == null && request.getHttpURI().getAuthority() != null) {
      host = request.getHttpURI().getAuthority(); // HTTP/2
    }
    if (host == null) {
      return false;
    }
    String own = host.toLowerCase(Locale.ROOT);
    return origin.equals("http://" + own) || origin.equals("https://" + own);
  }
}
