package org.plenum.signaling.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.plenum.signaling.config.PathPrefixes;

/// The path below which a proxy shows this server, as `/meet`: taken off requests that still have
/// it, and put before the `Location` of answers. Which it is says the configuration, or else a
/// trusted proxy by `X-Forwarded-Prefix`.
final class PathPrefix extends Handler.Wrapper {
  private static final String HEADER = "X-Forwarded-Prefix";

  private final String configured;
  private final ClientAddress addresses;

  /// @param configured empty for none
  PathPrefix(String configured, ClientAddress addresses, Handler next) {
    super(next);
    this.configured = configured;
    this.addresses = addresses;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String prefix = prefix(request);
    if (prefix.isEmpty()) {
      return super.handle(request, response, callback);
    }
    HttpURI uri = request.getHttpURI();
    String path = String.valueOf(uri.getPath());
    if (path.equals(prefix)) {
      // Else what the page names beside itself would be sought beside the prefix.
      String query = uri.getQuery() == null ? "" : "?" + uri.getQuery();
      response.getHeaders().put(HttpHeader.LOCATION, prefix + "/" + query);
      PlainReply.send(response, callback, 307, "This is a directory.");
      return true;
    }
    Request inner =
        path.startsWith(prefix + "/")
            ? Request.serveAs(request, HttpURI.build(uri).path(path.substring(prefix.length())))
            : request;
    return super.handle(inner, new Prefixed(inner, response, prefix), callback);
  }

  private String prefix(Request request) {
    if (!configured.isEmpty()) {
      return configured;
    }
    String said = request.getHeaders().get(HEADER);
    String prefix =
        said == null || !addresses.isFromProxy(request) ? null : PathPrefixes.parse(said);
    return prefix == null ? "" : prefix;
  }

  /// Puts the prefix before the path in `Location`.
  private static final class Prefixed extends Response.Wrapper {
    private final String prefix;

    Prefixed(Request request, Response response, String prefix) {
      super(request, response);
      this.prefix = prefix;
    }

    @Override
    public void write(boolean last, ByteBuffer content, Callback callback) {
      HttpFields.Mutable headers = getHeaders();
      String location = headers.get(HttpHeader.LOCATION);
      boolean ours = location != null && location.startsWith("/") && !location.startsWith("//");
      if (ours && !isCommitted()) {
        headers.put(HttpHeader.LOCATION, prefix + location);
      }
      super.write(last, content, callback);
    }
  }
}
