package org.plenum.signaling.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.plenum.signaling.admin.Api;
import org.plenum.signaling.admin.ApiReply;
import org.plenum.signaling.admin.ApiRequest;
import org.plenum.signaling.protocol.PathSegment;
import org.plenum.signaling.protocol.Problem;

/// Brings requests below `/api/v1` to [Api], all others to the next handler; CORS for the pages of
/// allowed origins.
final class ApiHandler extends Handler.Wrapper {
  private final Function<ApiRequest, ApiReply> api;
  private final OriginPolicy origins;
  private final RequestBodies bodies;

  ApiHandler(
      Function<ApiRequest, ApiReply> api,
      OriginPolicy origins,
      RequestBodies bodies,
      Handler next) {
    super(next);
    this.api = api;
    this.origins = origins;
    this.bodies = bodies;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = RawPath.of(request);
    if (!path.startsWith(Api.PATH + "/")) {
      return super.handle(request, response, callback);
    }
    if (!origins.allows(request)) {
      PlainReply.send(
          response,
          callback,
          Problem.of(403, "Forbidden", "Pages of this origin may not use this API."));
      return true;
    }
    if (origins.isForeignAndAllowed(request)) {
      allowCrossOrigin(request, response.getHeaders());
    }
    if (HttpMethod.OPTIONS.is(request.getMethod())) {
      response.setStatus(204);
      response.write(true, null, callback);
      return true;
    }
    write(api.apply(read(request, path)), request, response, callback);
    return true;
  }

  private static void allowCrossOrigin(Request request, HttpFields.Mutable headers) {
    headers.put(
        HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN, request.getHeaders().get(HttpHeader.ORIGIN));
    headers.add(HttpHeader.VARY, "Origin");
    headers.put(HttpHeader.ACCESS_CONTROL_ALLOW_METHODS, "GET, PUT, POST, PATCH, DELETE");
    headers.put(HttpHeader.ACCESS_CONTROL_ALLOW_HEADERS, "Authorization, Content-Type");
  }

  private ApiRequest read(Request request, String path) {
    return new ApiRequest(
        request.getMethod(),
        segments(path),
        query(request),
        request.getHeaders().get(HttpHeader.AUTHORIZATION),
        request.getHeaders().get(HttpHeader.CONTENT_TYPE),
        bodies.later(request, ApiRequest.MAX_BODY + 1),
        ClientAddress.isLocal(request) && isOwnName(request));
  }

  /// Not a name that somebody else's DNS points at this host (DNS rebinding).
  private static boolean isOwnName(Request request) {
    String host = Request.getServerName(request);
    return host.equals("localhost") || ClientAddress.parse(host) != null;
  }

  private static List<String> segments(String path) {
    List<String> segments = new ArrayList<>();
    for (String segment : path.substring(Api.PATH.length() + 1).split("/", -1)) {
      segments.add(PathSegment.decode(segment));
    }
    return segments;
  }

  private static Map<String, String> query(Request request) {
    Map<String, String> query = new HashMap<>();
    for (Fields.Field field : Request.extractQueryParameters(request)) {
      query.put(field.getName(), String.valueOf(field.getValue()));
    }
    return query;
  }

  private static void write(ApiReply reply, Request request, Response response, Callback callback) {
    response.setStatus(reply.status());
    HttpFields.Mutable headers = response.getHeaders();
    reply.headers().forEach(headers::put);
    headers.put(HttpHeader.CACHE_CONTROL, "no-store");
    byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
    if (reply.status() != 204) {
      headers.put(HttpHeader.CONTENT_LENGTH, body.length);
    }
    if (body.length > 0) {
      headers.put(HttpHeader.CONTENT_TYPE, reply.contentType());
    }
    boolean bodiless = body.length == 0 || HttpMethod.HEAD.is(request.getMethod());
    response.write(true, bodiless ? null : ByteBuffer.wrap(body), callback);
  }
}
