package org.plenum.signaling.http;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.plenum.signaling.protocol.Problem;

/// For who speaks plain HTTP to the port of HTTPS: sends whoever only reads to the same address
/// with https, and refuses all else, which would have shown a token to the whole way already.
final class SecureOnly extends Handler.Wrapper {
  SecureOnly(Handler next) {
    super(next);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (request.isSecure()) {
      return super.handle(request, response, callback);
    }
    String host = request.getHeaders().get(HttpHeader.HOST);
    String method = request.getMethod();
    if (host == null || !HttpMethod.GET.is(method) && !HttpMethod.HEAD.is(method)) {
      PlainReply.send(
          response, callback, Problem.of(400, "Bad Request", "This port speaks HTTPS only."));
      return true;
    }
    // Not for good: the server may speak plain HTTP here another day.
    response
        .getHeaders()
        .put(HttpHeader.LOCATION, "https://" + host + request.getHttpURI().getPathQuery());
    PlainReply.send(response, callback, 307, "This port speaks HTTPS only.");
    return true;
  }
}
