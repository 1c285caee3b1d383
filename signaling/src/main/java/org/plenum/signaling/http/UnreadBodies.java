package org.plenum.signaling.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Says that the connection closes where a request is answered before its body has come, as one
/// whose token does not count is: Jetty closes it then, and a client that did not know would send
/// the next request into it (RFC 9112 §9.6).
final class UnreadBodies extends Handler.Wrapper {
  UnreadBodies(Handler next) {
    super(next);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    boolean hasBody =
        request.getHeaders().contains(HttpHeader.CONTENT_LENGTH)
            || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    boolean isHttp1 = request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1;
    return super.handle(
        request, hasBody && isHttp1 ? new Announcing(request, response) : response, callback);
  }

  private static final class Announcing extends Response.Wrapper {
    Announcing(Request request, Response response) {
      super(request, response);
    }

    @Override
    public void write(boolean last, ByteBuffer content, Callback callback) {
      if (!isCommitted() && !getRequest().consumeAvailable()) {
        getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
      }
      super.write(last, content, callback);
    }
  }
}
