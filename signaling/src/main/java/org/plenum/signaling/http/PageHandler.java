package org.plenum.signaling.http;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.protocol.PathSegment;
import org.plenum.signaling.store.RecordingRequests;

/// Serves the page: files of the class path below `/web`, the page itself for `/r/<room>`, that of
/// a broadcast for `/watch/<room>`, and that of a room's recordings for `/recordings/<room>`, if
/// [StoreHandler] lets the request come here.
final class PageHandler extends Handler.Abstract {
  /// Segments of plain names: none that begins with a dot, so none that leads out.
  private static final Pattern FILE = Pattern.compile("/(\\w[\\w.-]*/)*\\w[\\w-]*(\\.[\\w-]+)+");

  private static final String GZIP = "gzip";

  private static final String ROOM = "/r/";

  private static final String WATCH = "/watch/";

  /// What the page must know of the server before it asks for anything.
  private static final String ACCESS = "/access.json";

  private static final String INDEX = "/index.html";

  private static final String WATCH_PAGE = "/watch.html";

  private static final String RECORDINGS_PAGE = "/recordings.html";

  /// In front of the name of a page for the level below: no request begins so.
  private static final String BELOW = "below ";

  /// What pages of any origin may load: the module that speaks to us, and the files it is made of.
  private static final Pattern MODULE =
      Pattern.compile("/(plenum-client\\.(js|d\\.ts)|plenum-frame\\.js|client/.*)");

  /// What browsers ask for where a page names no icon, and beside files that are no pages.
  private static final String FAVICON = "/favicon.ico";

  private static final String ICON = "/icon-192.png";

  /// Only what exists is kept, so it is bounded by the jar.
  private final ConcurrentMap<String, Asset> assets = new ConcurrentHashMap<>();

  private final OriginPolicy origins;
  private final boolean tokens;
  private final boolean recordings;
  private final boolean connectionTest;
  private final long mostBytesOfFile;

  /// @param tokens whether tokens are needed
  /// @param recordings whether recordings are kept
  /// @param connectionTest whether clients can see which ways lead here
  /// @param mostBytesOfFile in the chat; 0: none are taken
  PageHandler(
      OriginPolicy origins,
      boolean tokens,
      boolean recordings,
      boolean connectionTest,
      long mostBytesOfFile) {
    this.mostBytesOfFile = mostBytesOfFile;
    this.connectionTest = connectionTest;
    this.origins = origins;
    this.tokens = tokens;
    this.recordings = recordings;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String path = Request.getPathInContext(request);
    if (path.equals(WebSocketEndpoint.PATH) && !origins.allows(request)) {
      // Browsers hide what a handshake was answered. So that a page can ask why, it may read this.
      response.getHeaders().put(HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
      PlainReply.send(response, callback, WebSocketEndpoint.ORIGIN_REFUSED);
      return true;
    }
    if (!PlainReply.isRead(request, response, callback)) {
      return true;
    }
    if (path.equals(WebSocketEndpoint.PATH) && HttpMethod.HEAD.is(request.getMethod())) {
      // A page that looks for a server that went away. Browsers write refusals to their console.
      response.setStatus(204);
      response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
      response.write(true, null, callback);
      return true;
    }
    if (path.equals(WebSocketEndpoint.PATH)) {
      response.getHeaders().put(HttpHeader.UPGRADE, "websocket");
      PlainReply.send(response, callback, 426, "This is for WebSockets only.");
      return true;
    }
    if (path.equals(ACCESS)) {
      String json =
          "{\"tokens\":%b,\"recordings\":%b,\"connectionTest\":%b,\"fileBytes\":%d}\n"
              .formatted(tokens, recordings, connectionTest, mostBytesOfFile);
      PlainReply.send(response, callback, 200, "application/json", json);
      return true;
    }
    String refusal = pageOf(path) == null ? null : refusal(RawPath.of(request));
    if (refusal != null) {
      PlainReply.send(response, callback, 404, "There is no such room: " + refusal + ".");
      return true;
    }
    Asset asset = find(path);
    if (asset == null) {
      PlainReply.send(response, callback, 404, "There is nothing here.");
    } else {
      if (MODULE.matcher(path).matches()) {
        response.getHeaders().put(HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        response.getHeaders().put("Cross-Origin-Resource-Policy", "cross-origin");
      }
      if (path.startsWith(RecordingRequests.PATH)) {
        response.getHeaders().add(HttpHeader.VARY, HttpHeader.ACCEPT.asString());
      }
      send(asset, request, response, callback);
    }
    return true;
  }

  /// Why a path names no room; null if it does.
  private static @Nullable String refusal(String path) {
    try {
      new RoomId(PathSegment.decode(path.substring(path.indexOf('/', 1) + 1)));
      return null;
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  private @Nullable Asset find(String path) {
    String page = pageOf(path);
    if (page != null) {
      return assets.computeIfAbsent(BELOW + page, _ -> asset(page).below("../"));
    }
    String file =
        switch (path) {
          case "/" -> INDEX;
          case FAVICON -> ICON;
          default -> path;
        };
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

  /// The page for a room that a path names; null if it names none.
  static @Nullable String pageOf(String path) {
    if (path.startsWith(ROOM)) {
      return INDEX;
    }
    if (path.startsWith(RecordingRequests.PATH)) {
      return path.indexOf('/', RecordingRequests.PATH.length()) < 0 ? RECORDINGS_PAGE : null;
    }
    return path.startsWith(WATCH) ? WATCH_PAGE : null;
  }

  private static Asset asset(String page) {
    Asset asset = Asset.load(page.substring(1));
    if (asset == null) {
      throw new IllegalStateException(page + " is missing from the jar");
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
    byte[] zipped = asset.zipped();
    if (zipped != null) {
      response.getHeaders().add(HttpHeader.VARY, HttpHeader.ACCEPT_ENCODING.asString());
    }
    if (zipped != null && takesGzip(request)) {
      response.getHeaders().put(HttpHeader.CONTENT_ENCODING, GZIP);
      PlainReply.send(response, callback, asset.contentType(), zipped);
    } else {
      PlainReply.send(response, callback, asset.contentType(), asset.bytes());
    }
  }

  /// RFC 9110 §12.5.3.
  private static boolean takesGzip(Request request) {
    return request.getHeaders().getQualityCSV(HttpHeader.ACCEPT_ENCODING).contains(GZIP);
  }
}
