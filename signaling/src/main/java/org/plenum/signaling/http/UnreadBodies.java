package org.plenum.signaling.http;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.plenum.signaling.session.Timers;

/// Says that the connection closes where a request is answered before its body has come, as one
/// whose token does not count is: Jetty closes it then, and a client that did not know would send
/// the next request into it. What still comes of the body is thrown away for a while before that:
/// if it met a closed socket, the client would be told of a broken connection in place of the
/// answer (RFC 9112 §9.6).
final class UnreadBodies extends Handler.Wrapper {
  /// What is thrown away of one body at most.
  static final long MOST_BYTES = 64L << 20;

  /// For how long.
  static final long LINGER_NANOS = 5_000_000_000L;

  /// Before the answer is written.
  private static final int MOST_READS = 16;

  private final Timers timers;

  UnreadBodies(Timers timers, Handler next) {
    super(next);
    this.timers = timers;
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

  private final class Announcing extends Response.Wrapper {
    private boolean closes;

    Announcing(Request request, Response response) {
      super(request, response);
    }

    @Override
    public void write(boolean last, ByteBuffer content, Callback callback) {
      if (!isCommitted() && !isReadToItsEnd(getRequest())) {
        closes = true;
        getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
      }
      // Whoever waits for leave to send the body has not sent it.
      boolean comes = !getRequest().getHeaders().contains(HttpHeader.EXPECT);
      boolean lingers = last && closes && comes;
      super.write(last, content, lingers ? new Lingering(getRequest(), callback) : callback);
    }
  }

  /// Reads what is there already. [Request#consumeAvailable] would let nothing be read after it.
  private static boolean isReadToItsEnd(Request request) {
    for (int i = 0; i < MOST_READS; i++) {
      Content.Chunk chunk = request.read();
      if (chunk == null || Content.Chunk.isFailure(chunk)) {
        return false;
      }
      chunk.release();
      if (chunk.isLast()) {
        return true;
      }
    }
    return false;
  }

  /// Once the answer is written, the rest of the body is read into nothing.
  private final class Lingering extends Callback.Nested {
    private final Request request;
    private final Timers.Timer timer;
    private long bytes;

    Lingering(Request request, Callback callback) {
      super(callback);
      this.request = request;
      this.timer =
          timers.after(
              LINGER_NANOS,
              () -> request.fail(new TimeoutException("the rest of a refused body is not read")));
    }

    @Override
    public void succeeded() {
      read();
    }

    @Override
    public void failed(Throwable cause) {
      timer.cancel();
      super.failed(cause);
    }

    private void read() {
      while (bytes < MOST_BYTES) {
        Content.Chunk chunk = request.read();
        if (chunk == null) {
          request.demand(this::read);
          return;
        }
        bytes += chunk.remaining();
        boolean isEnd = chunk.isLast() || Content.Chunk.isFailure(chunk);
        chunk.release();
        if (isEnd) {
          break;
        }
      }
      timer.cancel();
      super.succeeded();
    }
  }
}
