package org.plenum.signaling.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.plenum.signaling.protocol.Problem;
import org.plenum.signaling.recording.StoredFile;
import org.plenum.signaling.store.StoreReply;
import org.plenum.signaling.store.StoreRequest;

/// Brings requests below a path to whoever answers for what is stored there; all others go to the
/// next handler, and so do browsers that go where there is a page of the same address. Blocks.
final class StoreHandler extends Handler.Wrapper {
  private final String path;
  private final Function<StoreRequest, StoreReply> answerer;
  private final OriginPolicy origins;
  private final ClientAddress addresses;
  private final RequestBodies bodies;

  /// @param path with a slash at its end
  StoreHandler(
      String path,
      Function<StoreRequest, StoreReply> answerer,
      OriginPolicy origins,
      ClientAddress addresses,
      RequestBodies bodies,
      Handler next) {
    super(next);
    this.path = path;
    this.answerer = answerer;
    this.origins = origins;
    this.addresses = addresses;
    this.bodies = bodies;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String asked = RawPath.of(request);
    if (!asked.startsWith(path)) {
      return super.handle(request, response, callback);
    }
    if (!origins.allows(request)) {
      String kind = path.substring(1, path.length() - 1);
      PlainReply.send(
          response,
          callback,
          Problem.of(403, "Forbidden", "pages of this origin may not use " + kind));
      return true;
    }
    if (PageHandler.pageOf(asked) != null) {
      if (wantsPage(request)) {
        return super.handle(request, response, callback);
      }
      response.getHeaders().put(HttpHeader.VARY, HttpHeader.ACCEPT.asString());
    }
    write(answerer.apply(read(request, asked)), request, response, callback);
    return true;
  }

  /// Whether somebody goes there in a browser: scripts of pages, and programs, do not ask for HTML.
  private static boolean wantsPage(Request request) {
    boolean reads =
        HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
    List<String> types = request.getHeaders().getQualityCSV(HttpHeader.ACCEPT);
    int html = types.indexOf("text/html");
    int json = types.indexOf("application/json");
    return reads && html >= 0 && (json < 0 || html < json);
  }

  private StoreRequest read(Request request, String asked) {
    Map<String, String> query = new HashMap<>();
    for (Fields.Field field : Request.extractQueryParameters(request)) {
      query.put(field.getName(), String.valueOf(field.getValue()));
    }
    Map<String, String> headers = new HashMap<>();
    for (String name : StoreRequest.HEADERS) {
      String value = request.getHeaders().get(name);
      if (value != null) {
        headers.put(name.toLowerCase(Locale.ROOT), value);
      }
    }
    return new StoreRequest(
        request.getMethod(),
        List.of(asked.substring(path.length()).split("/", -1)),
        query,
        headers,
        addresses.limitedAs(request),
        new Body(request, bodies));
  }

  private record Body(Request request, RequestBodies bodies) implements StoreRequest.Body {
    @Override
    public long length() {
      return request.getLength();
    }

    @Override
    public byte[] read(int most) {
      return bodies.read(request, most);
    }

    @Override
    public InputStream upload() {
      return bodies.upload(request);
    }
  }

  private static void write(StoreReply reply, Request request, Response response, Callback callback)
      throws IOException {
    reply.headers().forEach(response.getHeaders()::put);
    StoredFile file = reply.file();
    if (file != null) {
      try (file) {
        FileReply.send(file, reply.contentType(), request, response, callback);
      }
      return;
    }
    response.setStatus(reply.status());
    if (reply.contentType().isEmpty()) {
      response.write(true, null, callback);
    } else {
      PlainReply.send(response, callback, reply.contentType(), reply.body());
    }
  }
}
