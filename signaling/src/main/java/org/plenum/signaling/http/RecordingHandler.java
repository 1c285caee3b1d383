package org.plenum.signaling.http;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.function.BiPredicate;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.data.NotStoredException;
import org.plenum.signaling.protocol.InvalidMessageException;
import org.plenum.signaling.protocol.JsonFields;
import org.plenum.signaling.protocol.PathSegment;
import org.plenum.signaling.protocol.Problem;
import org.plenum.signaling.protocol.StrictJson;
import org.plenum.signaling.recording.Recording;
import org.plenum.signaling.recording.RecordingException;
import org.plenum.signaling.recording.RecordingId;
import org.plenum.signaling.recording.RecordingStore;
import org.plenum.signaling.recording.RoomRecording;
import org.plenum.signaling.recording.RoomRecordings;
import org.plenum.signaling.recording.StoredBytes;
import org.plenum.signaling.session.SignalingCounter;
import org.plenum.signaling.session.SignalingCounters;
import org.plenum.signaling.token.Access;
import org.plenum.signaling.token.AccessException;
import org.plenum.signaling.token.Token;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Recordings over HTTP (PROTOCOL.md, "Recordings"): requests below `/recordings/`; all others go
/// to the next handler. Blocks.
final class RecordingHandler extends Handler.Wrapper {
  private static final Logger LOG = LoggerFactory.getLogger(RecordingHandler.class);
  private static final String PATH = "/recordings/";
  private static final String KEY = "Recording-Key";
  private static final String OFFSET = "Upload-Offset";
  private static final String COMPLETE = "Upload-Complete";
  private static final int MAX_BODY = 4096;
  private static final StrictJson JSON = new StrictJson(MAX_BODY);
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String JSON_TYPE = "application/json";

  private final @Nullable RecordingStore store;
  private final Access access;

  /// Whether the room's rules let somebody record.
  private final BiPredicate<RoomId, Token> mayRecord;

  private final OriginPolicy origins;
  private final ClientAddress addresses;
  private final RequestBodies bodies;
  private final PlayTickets tickets;
  private final SignalingCounters counters;

  /// @param store null: this server keeps none
  RecordingHandler(
      @Nullable RecordingStore store,
      Access access,
      BiPredicate<RoomId, Token> mayRecord,
      OriginPolicy origins,
      ClientAddress addresses,
      RequestBodies bodies,
      InstantSource clock,
      SignalingCounters counters,
      Handler next) {
    super(next);
    this.store = store;
    this.access = access;
    this.mayRecord = mayRecord;
    this.origins = origins;
    this.addresses = addresses;
    this.bodies = bodies;
    this.tickets = new PlayTickets(clock);
    this.counters = counters;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = RawPath.of(request);
    if (!path.startsWith(PATH)) {
      return super.handle(request, response, callback);
    }
    try {
      if (!origins.allows(request)) {
        throw AccessException.forbidden("pages of this origin may not use recordings");
      }
      answer(path.substring(PATH.length()).split("/", -1), request, response, callback);
    } catch (RecordingException e) {
      if (e.offset() >= 0) {
        response.getHeaders().put(OFFSET, e.offset());
      }
      PlainReply.send(response, callback, StoreRequests.problem(e));
    } catch (AccessException e) {
      PlainReply.send(response, callback, StoreRequests.problem(e));
    } catch (InvalidMessageException e) {
      String message = e.field() == null ? "the body " + e.getMessage() : e.sentence();
      PlainReply.send(response, callback, Problem.of(400, "Bad Request", message).at(e.field()));
    } catch (NotStoredException e) {
      counters.count(SignalingCounter.NOT_STORED);
      LOG.atError()
          .addKeyValue("recording", path.substring(PATH.length()))
          .log("{}: {}", e.getMessage(), String.valueOf(e.getCause()));
      PlainReply.send(
          response,
          callback,
          Problem.of(507, "Insufficient Storage", String.valueOf(e.getMessage())));
    }
    return true;
  }

  private void answer(String[] segments, Request request, Response response, Callback callback)
      throws IOException {
    if (store == null) {
      PlainReply.send(
          response,
          callback,
          Problem.of(404, "Not Found", "this server keeps no recordings: data.dir is not set"));
      return;
    }
    RoomId room = StoreRequests.room(PathSegment.decode(segments[0]));
    RecordingId id = segments.length > 1 ? recording(room, segments[1]) : null;
    RoomRecording ours = id == null ? null : store.rooms().find(room, id);
    if (ours != null && segments.length <= 3) {
      ours(store.rooms(), ours, segments, request, response, callback);
      return;
    }
    if (segments.length > 2) {
      throw unknown(room);
    }
    String method = request.getMethod();
    if (id == null) {
      switch (method) {
        case "GET" -> list(store, room, request, response, callback);
        case "POST" -> create(store, room, request, response, callback);
        default -> StoreRequests.notAllowed("GET, POST", response, callback);
      }
      return;
    }
    switch (method) {
      case "GET", "HEAD" -> play(store, room, id, request, response, callback);
      case "PATCH" -> append(store, room, id, request, response, callback);
      case "DELETE" -> delete(store, room, id, request, response, callback);
      default -> StoreRequests.notAllowed("GET, HEAD, PATCH, DELETE", response, callback);
    }
  }

  private void list(
      RecordingStore store, RoomId room, Request request, Response response, Callback callback) {
    admitViewer(room, request);
    ArrayNode list = MAPPER.createArrayNode();
    for (Recording recording : store.list(room)) {
      list.add(json(recording).put("ticket", tickets.issue(room, recording.id())));
    }
    for (RoomRecording recording : store.rooms().list(room)) {
      list.add(json(recording).put("ticket", tickets.issue(room, recording.id())));
    }
    ObjectNode answer = MAPPER.createObjectNode().set("recordings", list);
    PlainReply.send(response, callback, 200, JSON_TYPE, answer + "\n");
  }

  /// One that the server makes: its manifest, or one of its files.
  private void ours(
      RoomRecordings rooms,
      RoomRecording recording,
      String[] segments,
      Request request,
      Response response,
      Callback callback)
      throws IOException {
    RoomId room = recording.room();
    switch (request.getMethod()) {
      case "GET", "HEAD" -> {
        String ticket = Request.extractQueryParameters(request).getValue("ticket");
        if (!tickets.admits(ticket, room, recording.id())) {
          admitViewer(room, request);
        }
        String name = segments.length == 3 ? segments[2] : "manifest.json";
        try (StoredBytes file = rooms.read(recording, name)) {
          response.getHeaders().put(HttpHeader.CACHE_CONTROL, "private, no-cache");
          FileReply.send(file, typeOf(name), request, response, callback);
        }
      }
      case "DELETE" -> {
        requireAdmin(room, request);
        rooms.delete(recording);
        response.setStatus(204);
        response.write(true, null, callback);
      }
      default -> StoreRequests.notAllowed("GET, HEAD, DELETE", response, callback);
    }
  }

  private static String typeOf(String name) {
    if (name.endsWith(".webm")) {
      return "video/webm";
    }
    if (name.endsWith(".mp4")) {
      boolean isSound = name.endsWith("-microphone.mp4") || name.endsWith("-screen-audio.mp4");
      return isSound ? "audio/mp4" : "video/mp4";
    }
    return name.endsWith(".json") ? JSON_TYPE : "text/plain; charset=utf-8";
  }

  private void create(
      RecordingStore store, RoomId room, Request request, Response response, Callback callback)
      throws IOException {
    Token maker = admitMaker(room, request);
    String type = String.valueOf(request.getHeaders().get(HttpHeader.CONTENT_TYPE));
    if (!type.startsWith(JSON_TYPE)) {
      PlainReply.send(
          response,
          callback,
          Problem.of(415, "Unsupported Media Type", "Content-Type must be " + JSON_TYPE));
      return;
    }
    byte[] body = bodies.read(request, MAX_BODY + 1);
    JsonFields fields =
        JSON.object(new String(body, StandardCharsets.UTF_8)).only("title", "contentType");
    RecordingStore.Created created =
        store.create(
            room,
            fields.text("title"),
            fields.text("contentType"),
            StoreRequests.owner(maker, request, addresses));
    response
        .getHeaders()
        .put(HttpHeader.LOCATION, PATH + PathSegment.encode(room) + "/" + created.recording().id());
    ObjectNode answer = json(created.recording()).put("key", created.key());
    PlainReply.send(response, callback, 201, JSON_TYPE, answer + "\n");
  }

  private void append(
      RecordingStore store,
      RoomId room,
      RecordingId id,
      Request request,
      Response response,
      Callback callback)
      throws IOException {
    long offset = offset(request.getHeaders().get(OFFSET));
    boolean last = "?1".equals(request.getHeaders().get(COMPLETE));
    try (InputStream in = bodies.upload(request)) {
      Recording stored = store.append(room, id, key(request), offset, in, last);
      response.getHeaders().put(OFFSET, stored.bytes());
      response.getHeaders().put(COMPLETE, stored.complete() ? "?1" : "?0");
    }
    response.setStatus(204);
    response.write(true, null, callback);
  }

  private void delete(
      RecordingStore store,
      RoomId room,
      RecordingId id,
      Request request,
      Response response,
      Callback callback) {
    if (request.getHeaders().get(KEY) != null) {
      store.delete(room, id, key(request));
    } else {
      requireAdmin(room, request);
      store.delete(room, id);
    }
    response.setStatus(204);
    response.write(true, null, callback);
  }

  private void requireAdmin(RoomId room, Request request) {
    Token token = access.admit(StoreRequests.token(request), room);
    if (!access.requiresTokens() || !token.grants().roomAdmin()) {
      throw AccessException.forbidden("it takes the recording's key, or a token with roomAdmin");
    }
  }

  private void play(
      RecordingStore store,
      RoomId room,
      RecordingId id,
      Request request,
      Response response,
      Callback callback)
      throws IOException {
    String ticket = Request.extractQueryParameters(request).getValue("ticket");
    if (!tickets.admits(ticket, room, id) && !isOwner(store, room, id, request)) {
      admitViewer(room, request);
    }
    Recording recording = store.get(room, id);
    if (recording.isFile()) {
      throw unknown(room);
    }
    try (StoredBytes file = store.read(room, id)) {
      response.getHeaders().put(OFFSET, recording.bytes());
      response.getHeaders().put(COMPLETE, recording.complete() ? "?1" : "?0");
      response.getHeaders().put(HttpHeader.CACHE_CONTROL, "private, no-cache");
      FileReply.send(file, recording.contentType(), request, response, callback);
    }
  }

  /// Who may not receive in a call may not see and hear of it later either.
  private void admitViewer(RoomId room, Request request) {
    if (!access.admit(StoreRequests.token(request), room).grants().canSubscribe()) {
      throw AccessException.forbidden("the token does not grant canSubscribe");
    }
  }

  /// Whoever records stores something for others to see, and is seen to record.
  private Token admitMaker(RoomId room, Request request) {
    Token token = access.admit(StoreRequests.token(request), room);
    if (token.grants().permissions().publish().isEmpty()) {
      throw AccessException.forbidden("the token does not grant canPublish");
    }
    if (token.grants().hidden()) {
      throw AccessException.forbidden("who is hidden may not record: the others must see who does");
    }
    if (!mayRecord.test(room, token)) {
      throw AccessException.forbidden("recording is for hosts only in room " + room);
    }
    return token;
  }

  /// The owner looks where an upload goes on; a wrong key is no reason to say more.
  private static boolean isOwner(
      RecordingStore store, RoomId room, RecordingId id, Request request) {
    String key = request.getHeaders().get(KEY);
    return key != null && store.isOwner(room, id, key);
  }

  private static ObjectNode json(Recording recording) {
    return MAPPER
        .createObjectNode()
        .put("recording", recording.id().value())
        .put("title", recording.title())
        .put("contentType", recording.contentType())
        .put("created", recording.created().toString())
        .put("bytes", recording.bytes())
        .put("complete", recording.complete());
  }

  private static ObjectNode json(RoomRecording recording) {
    return MAPPER
        .createObjectNode()
        .put("recording", recording.id().value())
        .put("by", "server")
        .put("created", recording.created().toString())
        .put("bytes", recording.bytes())
        .put("complete", recording.end() != null)
        .put("end", recording.end())
        .put("seconds", recording.seconds())
        .put("tracks", recording.tracks());
  }

  private static String key(Request request) {
    String key = request.getHeaders().get(KEY);
    if (key == null) {
      throw new RecordingException(RecordingException.Reason.FORBIDDEN, KEY + " is missing");
    }
    return key;
  }

  private static long offset(@Nullable String header) {
    try {
      return Long.parseUnsignedLong(String.valueOf(header));
    } catch (NumberFormatException e) {
      throw new InvalidMessageException(OFFSET, "must be the number of bytes stored so far");
    }
  }

  private static RecordingId recording(RoomId room, String segment) {
    try {
      return new RecordingId(segment);
    } catch (IllegalArgumentException e) {
      throw unknown(room);
    }
  }

  private static RecordingException unknown(RoomId room) {
    return new RecordingException(
        RecordingException.Reason.UNKNOWN, "room " + room + " has no such recording");
  }
}
