package org.plenum.signaling.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.plenum.signaling.protocol.Problem;

/// Short replies that a person can read.
final class PlainReply {
  static final String TEXT = "text/plain; charset=utf-8";

  private PlainReply() {}

  /// Returns whether the request reads only; answers 405 if not.
  static boolean isRead(Request request, Response response, Callback callback) {
    String method = request.getMethod();
    if (HttpMethod.GET.is(method) || HttpMethod.HEAD.is(method)) {
      return true;
    }
    response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
    send(response, callback, 405, "Only GET and HEAD are allowed here.");
    return false;
  }

  static void send(Response response, Callback callback, int status, String text) {
    send(response, callback, status, TEXT, text + "\n");
  }

  /// A refusal that a program can read too.
  static void send(Response response, Callback callback, Problem problem) {
    if (problem.retryAfterSeconds() != null) {
      response.getHeaders().put(HttpHeader.RETRY_AFTER, problem.retryAfterSeconds());
    }
    send(response, callback, problem.status(), Problem.CONTENT_TYPE, problem.toJson());
  }

  static void send(
      Response response, Callback callback, int status, String contentType, String body) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
    send(response, callback, contentType, body.getBytes(StandardCharsets.UTF_8));
  }

  static void send(Response response, Callback callback, String contentType, byte[] body) {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    boolean bodiless = HttpMethod.HEAD.is(response.getRequest().getMethod());
    response.write(true, bodiless ? null : ByteBuffer.wrap(body), callback);
  }
}
