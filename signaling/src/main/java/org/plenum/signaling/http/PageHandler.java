package org.plenum.signaling.http;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.protocol.PathSegment;

/// Serves the page: files of the class path below `/web`, and the page itself for `/r/<room>`.
final class PageHandler extends Handler.Abstract {
  /// Segments of plain names: none that begins with a dot, so none that leads out.
  private static final Pattern FILE = Pattern.compile("/(\\w[\\w.-]*/)*\\w[\\w-]*(\\.[\\w-]+)+");

  private static final String ROOM = "/r/";

  /// What the page must know of the server before it asks for anything.
  private static final String ACCESS = "/access.json";

  private static final String INDEX = "/index.html";

  /// Only what exists is kept, so it is bounded by the jar.
  private final ConcurrentMap<String, Asset> assets = new ConcurrentHashMap<>();

  private final boolean tokens;
  private final boolean recordings;

  /// @param tokens whether tokens are needed
  /// @param recordings whether recordings are kept
  PageHandler(boolean tokens, boolean recordings) {
    this.tokens = tokens;
    this.recordings = recordings;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (!PlainReply.isRead(request, response, callback)) {
      return true;
    }
    String path = Request.getPathInContext(request);
    if (path.equals(WebSocketEndpoint.PATH)) {
      response.getHeaders().put(HttpHeader.UPGRADE, "websocket");
      PlainReply.send(response, callback, 426, "This is for WebSockets only.");
      return true;
    }
    if (path.equals(ACCESS)) {
      String json = "{\"tokens\":" + tokens + ",\"recordings\":" + recordings + "}\n";
      PlainReply.send(response, callback, 200, "application/json", json);
      return true;
    }
    String refusal = path.startsWith(ROOM) ? refusal(RawPath.of(request)) : null;
    if (refusal != null) {
      PlainReply.send(response, callback, 404, "There is no such room: " + refusal + ".");
      return true;
    }
    Asset asset = find(path);
    if (asset == null) {
      PlainReply.send(response, callback, 404, "There is nothing here.");
    } else {
      send(asset, request, response, callback);
    }
    return true;
  }

  /// Why a path names no room; null if it does.
  private static @Nullable String refusal(String path) {
    try {
      new RoomId(PathSegment.decode(path.substring(ROOM.length())));
      return null;
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  private @Nullable Asset find(String path) {
    String file = path.equals("/") || path.startsWith(ROOM) ? INDEX : path;
    Asset known = assets.get(file);
    if (known != null || !FILE.matcher(file).matches()) {
      return known;
    }
    Asset asset = Asset.load(file.substring(1));
    if (asset != null) {
      assets.put(file, asset);
    }
    return asset;
  }

  private static void send(Asset asset, Request request, Response response, Callback callback) {
    response.getHeaders().put(HttpHeader.ETAG, asset.etag());
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
    if (asset.etag().equals(request.getHeaders().get(HttpHeader.IF_NONE_MATCH))) {
      response.setStatus(304);
      response.write(true, null, callback);
      return;
    }
    PlainReply.send(response, callback, asset.contentType(), asset.bytes());
  }
}
