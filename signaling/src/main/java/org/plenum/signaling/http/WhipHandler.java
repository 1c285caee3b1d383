package org.plenum.signaling.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.plenum.signaling.protocol.Problem;
import org.plenum.signaling.whip.Whip;
import org.plenum.signaling.whip.WhipReply;
import org.plenum.signaling.whip.WhipRequest;

/// Brings requests for `/whip/…` and `/whep/…` to [Whip], all others to the next handler.
final class WhipHandler extends Handler.Wrapper {
  private final Function<WhipRequest, WhipReply> whip;
  private final RequestBodies bodies;
  private final Predicate<Request> mayJoin;

  /// @param mayJoin whether the client of a request may join one time more now
  WhipHandler(
      Function<WhipRequest, WhipReply> whip,
      RequestBodies bodies,
      Predicate<Request> mayJoin,
      Handler next) {
    super(next);
    this.mayJoin = mayJoin;
    this.whip = whip;
    this.bodies = bodies;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = RawPath.of(request);
    if (!Whip.isPath(path)) {
      return super.handle(request, response, callback);
    }
    if (HttpMethod.POST.is(request.getMethod()) && !mayJoin.test(request)) {
      response.getHeaders().put("Access-Control-Allow-Origin", "*");
      PlainReply.send(
          response,
          callback,
          Problem.of(429, "Too Many Requests", "This address joins too often.").retryAfter(1));
      return true;
    }
    write(whip.apply(read(request, path)), request, response, callback);
    return true;
  }

  private WhipRequest read(Request request, String path) {
    return new WhipRequest(
        request.getMethod(),
        path,
        query(request),
        headers(request),
        bodies.later(request, WhipRequest.MAX_BODY + 1));
  }

  private static Map<String, String> query(Request request) {
    Map<String, String> query = new HashMap<>();
    for (Fields.Field field : Request.extractQueryParameters(request)) {
      query.put(field.getName(), String.valueOf(field.getValue()));
    }
    return query;
  }

  private static Map<String, String> headers(Request request) {
    Map<String, String> headers = new HashMap<>();
    for (HttpField field : request.getHeaders()) {
      headers.merge(
          field.getName().toLowerCase(Locale.ROOT),
          String.valueOf(field.getValue()),
          (first, next) -> first + "," + next);
    }
    return headers;
  }

  private static void write(
      WhipReply reply, Request request, Response response, Callback callback) {
    response.setStatus(reply.status().code());
    for (WhipReply.Header header : reply.headers()) {
      response.getHeaders().add(header.name(), header.value());
    }
    byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
    if (reply.status().code() != 204) {
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    }
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    boolean bodiless = body.length == 0 || HttpMethod.HEAD.is(request.getMethod());
    response.write(true, bodiless ? null : ByteBuffer.wrap(body), callback);
  }
}
