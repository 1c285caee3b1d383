package org.plenum.signaling.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.live.Broadcasts;
import org.plenum.broadcast.live.LiveFile;
import org.plenum.broadcast.live.LiveRequest;
import org.plenum.broadcast.live.LiveRequest.Verdict;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.protocol.PathSegment;
import org.plenum.signaling.protocol.Problem;
import org.plenum.signaling.store.LiveSource;
import org.plenum.signaling.token.LiveLinks;
import org.plenum.signaling.token.LiveRooms;

/// Broadcasts over HTTP (PROTOCOL.md, "Broadcasts"): requests below `/live/`; all others go to the
/// next handler. What it answers is the same for everybody and says how long it may be kept, so
/// that a CDN can stand before it. It looks up names of files that there are, and opens none.
/// Requests that wait for a playlist to go on (RFC 8216bis §6.2.5.2) hold no thread.
final class LiveHandler extends Handler.Wrapper {
  private static final String PATH = "/live/";

  /// A name that never has other bytes.
  private static final String FOR_EVER = "public, max-age=31536000, immutable";

  /// Playlists change about every two seconds.
  private static final String FOR_A_MOMENT = "public, max-age=1, stale-while-revalidate=2";

  /// A playlist as of a segment or a part that its address names; a CDN may give it out for as long
  /// as anybody may ask for it: six target durations.
  private static final String AS_OF_THEN = "public, max-age=12";

  /// So that a CDN asks once a second for what is not there, and not for each viewer.
  private static final String NOT_YET = "public, max-age=1";

  /// A refusal that another client need not meet.
  private static final String NOT_KEPT = "no-store";

  private static final int RETRY_SECONDS = 1;

  /// Says whether a player can begin. Unlike the playlist it is there before and after too, so that
  /// a page that waits for a broadcast meets no error.
  private static final String LOOK = "live.json";

  /// Where a page says that it watches, and hears how many do.
  private static final String VIEWERS = "viewers.json";

  private static final String VIEWER = "viewer";

  private static final Pattern VIEWER_NAME = Pattern.compile("[\\w-]{8,64}");

  private static final String PLAYLIST = "index.m3u8";

  private static final String UNSIGNED =
      "this is no link that was given out for this room, or it has expired";

  private final Broadcasts broadcasts;
  private final LiveLinks links;
  private final LiveSource source;
  private final LongSupplier nowNanos;
  private final ViewerCounts viewers = new ViewerCounts();

  /// @param nowNanos monotonic
  LiveHandler(LiveRooms live, LiveSource source, LongSupplier nowNanos, Handler next) {
    super(next);
    this.nowNanos = nowNanos;
    this.broadcasts = live.broadcasts();
    this.links = live.links();
    this.source = source;
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
    Found found = find(path.substring(PATH.length()));
    if (found == null) {
      answer(Verdict.MISSING, null, false, request, response, callback);
      return true;
    }
    RoomId room = found.room();
    if (room == null) {
      headers.put(HttpHeader.CACHE_CONTROL, NOT_KEPT);
      refuse(Problem.of(403, "Forbidden", UNSIGNED), response, callback);
      return true;
    }
    if (found.file().equals(LOOK)) {
      look(room, request, response, callback);
      return true;
    }
    if (found.file().equals(VIEWERS)) {
      watch(room, request, response, callback);
      return true;
    }
    LiveRequest asked;
    try {
      asked = DeliveryDirectives.read(found.file(), request.getHttpURI().getQuery());
    } catch (DeliveryDirectives.RefusedException e) {
      headers.put(HttpHeader.CACHE_CONTROL, NOT_KEPT);
      refuse(Problem.of(400, "Bad Request", String.valueOf(e.getMessage())), response, callback);
      return true;
    }
    boolean asOfThen = asked.number() != null;
    source.ask(
        room,
        asked,
        (verdict, file) -> answer(verdict, file, asOfThen, request, response, callback));
    return true;
  }

  private void look(RoomId room, Request request, Response response, Callback callback) {
    ask(
        room,
        request,
        response,
        callback,
        file -> {
          response.getHeaders().put(HttpHeader.CACHE_CONTROL, NOT_YET);
          byte[] json = "{\"live\":%b}\n".formatted(file != null).getBytes(UTF_8);
          PlainReply.send(response, callback, "application/json", json);
        });
  }

  /// Asks for a room's playlist; what is neither there nor missing is answered.
  ///
  /// @param known is told of it; null: there is none
  private void ask(
      RoomId room,
      Request request,
      Response response,
      Callback callback,
      Consumer<@Nullable LiveFile> known) {
    source.ask(
        room,
        new LiveRequest(PLAYLIST, null, null, false),
        (verdict, file) -> {
          if (verdict == Verdict.FOUND || verdict == Verdict.MISSING) {
            known.accept(file);
          } else {
            answer(verdict, null, false, request, response, callback);
          }
        });
  }

  private void watch(RoomId room, Request request, Response response, Callback callback) {
    Fields.Field said = Request.extractQueryParameters(request).get(VIEWER);
    String viewer = said == null ? "" : String.valueOf(said.getValue());
    if (!VIEWER_NAME.matcher(viewer).matches()) {
      response.getHeaders().put(HttpHeader.CACHE_CONTROL, NOT_KEPT);
      String wanted = "viewer must be 8 to 64 letters, digits, _ or -";
      refuse(Problem.of(400, "Bad Request", wanted).at(VIEWER), response, callback);
      return;
    }
    ask(
        room,
        request,
        response,
        callback,
        file -> {
          response.getHeaders().put(HttpHeader.CACHE_CONTROL, NOT_KEPT);
          ViewerCounts.Count count =
              file == null
                  ? ViewerCounts.NOBODY
                  : viewers.watches(room, viewer, nowNanos.getAsLong());
          String json =
              "{\"viewers\":%d,\"seconds\":%d}\n".formatted(count.viewers(), count.seconds());
          PlainReply.send(response, callback, "application/json", json.getBytes(UTF_8));
        });
  }

  /// @param file only if it is found
  private void answer(
      Verdict verdict,
      @Nullable LiveFile file,
      boolean asOfThen,
      Request request,
      Response response,
      Callback callback) {
    HttpFields.Mutable headers = response.getHeaders();
    if (file != null) {
      headers.put(
          HttpHeader.CACHE_CONTROL,
          file.immutable() ? FOR_EVER : asOfThen ? AS_OF_THEN : FOR_A_MOMENT);
      send(file, request, response, callback);
      long length = headers.getLongField(HttpHeader.CONTENT_LENGTH);
      broadcasts.counters().answered(file.immutable(), Math.max(0, length));
      return;
    }
    headers.put(HttpHeader.CACHE_CONTROL, verdict == Verdict.MISSING ? NOT_YET : NOT_KEPT);
    Problem problem =
        switch (verdict) {
          case ABSURD ->
              Problem.of(400, "Bad Request", "_HLS_msn or _HLS_part is too far ahead of what is");
          case LATE ->
              Problem.of(503, "Service Unavailable", "the playlist does not go on")
                  .retryAfter(RETRY_SECONDS);
          case AWAY ->
              Problem.of(503, "Service Unavailable", "the node that has this room does not answer")
                  .retryAfter(RETRY_SECONDS);
          case BUSY ->
              Problem.of(503, "Service Unavailable", "too many requests wait for this playlist")
                  .retryAfter(RETRY_SECONDS);
          case MISSING, FOUND -> {
            broadcasts.counters().missed();
            yield Problem.of(404, "Not Found", "there is no such file of a live room");
          }
        };
    refuse(problem, response, callback);
  }

  private static void refuse(Problem problem, Response response, Callback callback) {
    if (problem.retryAfterSeconds() != null) {
      response.getHeaders().put(HttpHeader.RETRY_AFTER, problem.retryAfterSeconds());
    }
    response.setStatus(problem.status());
    PlainReply.send(response, callback, Problem.CONTENT_TYPE, problem.toJson().getBytes(UTF_8));
  }

  /// @param room null: it may not be watched by this link
  /// @param file its path relative to the room's folder
  private record Found(@Nullable RoomId room, String file) {}

  /// @param path `{room}/{file}`, or `{room}/{signature}/{file}`
  private @Nullable Found find(String path) {
    int slash = path.indexOf('/');
    if (slash < 0) {
      return null;
    }
    try {
      var room = new RoomId(PathSegment.decode(path.substring(0, slash)));
      String file = path.substring(slash + 1);
      if (links.areSigned()) {
        int end = Math.max(0, file.indexOf('/'));
        if (!links.allows(room, file.substring(0, end))) {
          return new Found(null, file);
        }
        file = file.substring(end + 1);
      }
      return new Found(room, file);
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
