package org.plenum.signaling.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.live.Broadcast;
import org.plenum.broadcast.live.Broadcasts;
import org.plenum.broadcast.live.LiveFile;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.protocol.PathSegment;
import org.plenum.signaling.protocol.Problem;

/// Broadcasts over HTTP (PROTOCOL.md, "Broadcasts"): requests below `/live/`; all others go to the
/// next handler. What it answers is the same for everybody and says how long it may be kept, so
/// that a CDN can stand before it. It looks up names of files that there are, and opens none.
final class LiveHandler extends Handler.Wrapper {
  private static final String PATH = "/live/";

  /// A name that never has other bytes.
  private static final String FOR_EVER = "public, max-age=31536000, immutable";

  /// Playlists change about every two seconds.
  private static final String FOR_A_MOMENT = "public, max-age=1, stale-while-revalidate=2";

  /// So that a CDN asks once a second for what is not there, and not for each viewer.
  private static final String NOT_YET = "public, max-age=1";

  private final Broadcasts broadcasts;

  LiveHandler(Broadcasts broadcasts, Handler next) {
    super(next);
    this.broadcasts = broadcasts;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = RawPath.of(request);
    if (!path.startsWith(PATH)) {
      return super.handle(request, response, callback);
    }
    HttpFields.Mutable headers = response.getHeaders();
    headers.put(HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    if (!PlainReply.isRead(request, response, callback)) {
      return true;
    }
    LiveFile file = find(path.substring(PATH.length()));
    if (file == null) {
      broadcasts.counters().missed();
      Problem problem = Problem.of(404, "Not Found", "there is no such file of a live room");
      response.setStatus(problem.status());
      headers.put(HttpHeader.CACHE_CONTROL, NOT_YET);
      PlainReply.send(response, callback, Problem.CONTENT_TYPE, problem.toJson().getBytes(UTF_8));
      return true;
    }
    send(file, request, response, callback);
    long length = response.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
    broadcasts.counters().answered(file.immutable(), Math.max(0, length));
    return true;
  }

  /// @param path `{room}/{file}`
  private @Nullable LiveFile find(String path) {
    int slash = path.indexOf('/');
    if (slash < 0) {
      return null;
    }
    try {
      var room = new RoomId(PathSegment.decode(path.substring(0, slash)));
      Broadcast broadcast = broadcasts.find(room);
      return broadcast == null ? null : broadcast.file(path.substring(slash + 1));
    } catch (IllegalArgumentException e) {
      return null; // no room has such a name
    }
  }

  private static void send(LiveFile file, Request request, Response response, Callback callback) {
    HttpFields.Mutable headers = response.getHeaders();
    byte[] gzip = file.gzip();
    boolean compressed = gzip != null && takesGzip(request);
    byte[] bytes = gzip != null && compressed ? gzip : file.bytes();
    String etag = compressed ? compressed(file.etag()) : file.etag();
    if (gzip != null) {
      headers.put(HttpHeader.VARY, HttpHeader.ACCEPT_ENCODING.asString());
    }
    headers.put(HttpHeader.ETAG, etag);
    headers.put(HttpHeader.CACHE_CONTROL, file.immutable() ? FOR_EVER : FOR_A_MOMENT);
    if (isKnown(request.getHeaders().get(HttpHeader.IF_NONE_MATCH), etag)) {
      response.setStatus(304);
      response.write(true, null, callback);
      return;
    }
    ByteRange asked = ByteRange.of(request.getHeaders().get(HttpHeader.RANGE), bytes.length);
    ByteRange range = asked == null ? new ByteRange(0, bytes.length) : asked;
    response.setStatus(asked == null ? 200 : range.length() == 0 ? 416 : 206);
    if (asked != null) {
      headers.put(HttpHeader.CONTENT_RANGE, range.contentRange(bytes.length));
    }
    if (compressed) {
      headers.put(HttpHeader.CONTENT_ENCODING, "gzip");
    }
    headers.put(HttpHeader.ACCEPT_RANGES, "bytes");
    headers.put(HttpHeader.CONTENT_TYPE, file.contentType());
    headers.put(HttpHeader.CONTENT_LENGTH, range.length());
    boolean bodiless = HttpMethod.HEAD.is(request.getMethod()) || range.length() == 0;
    response.write(
        true,
        bodiless ? null : ByteBuffer.wrap(bytes, (int) range.first(), (int) range.length()),
        callback);
  }

  /// Bytes within what is compressed are of use to nobody.
  private static boolean takesGzip(Request request) {
    HttpFields headers = request.getHeaders();
    return headers.contains(HttpHeader.ACCEPT_ENCODING, "gzip")
        && !headers.contains(HttpHeader.RANGE);
  }

  /// Other bytes have another entity-tag (RFC 9110 §8.8.3.3).
  private static String compressed(String etag) {
    return etag.substring(0, etag.length() - 1) + "-gzip\"";
  }

  /// RFC 9110 §13.1.2: weak comparison, of any of a list.
  private static boolean isKnown(@Nullable String header, String etag) {
    if (header == null) {
      return false;
    }
    for (String known : header.split(",", -1)) {
      String tag = known.strip();
      if (tag.equals("*") || tag.equals(etag) || tag.equals("W/" + etag)) {
        return true;
      }
    }
    return false;
  }
}
