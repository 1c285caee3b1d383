package org.plenum.signaling.http;

import org.eclipse.jetty.server.Request;

/// The path of a request as its sender wrote it: percent-encoded, with parameters (`;…`), within
/// the context. Jetty's canonical one has dropped what an id must be refused for.
final class RawPath {
  private RawPath() {}

  static String of(Request request) {
    String path = request.getHttpURI().getPath();
    if (path == null) {
      return Request.getPathInContext(request);
    }
    String context = Request.getContextPath(request);
    boolean within = context != null && context.length() > 1 && path.startsWith(context);
    return within ? path.substring(context.length()) : path;
  }
}
