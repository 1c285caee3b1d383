package org.plenum.signaling.http;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
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
import org.plenum.signaling.protocol.PathSegment;
import org.plenum.signaling.protocol.Problem;
import org.plenum.signaling.protocol.UnfinishedBodyException;
import org.plenum.signaling.recording.FileName;
import org.plenum.signaling.recording.Recording;
import org.plenum.signaling.recording.RecordingException;
import org.plenum.signaling.recording.RecordingId;
import org.plenum.signaling.recording.RecordingStore;
import org.plenum.signaling.recording.StoredBytes;
import org.plenum.signaling.session.SignalingCounter;
import org.plenum.signaling.session.SignalingCounters;
import org.plenum.signaling.token.Access;
import org.plenum.signaling.token.AccessException;
import org.plenum.signaling.token.Token;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Files of the chat over HTTP (PROTOCOL.md, "Files"): requests below `/files/`; all others go to
/// the next handler. They are only ever downloaded: no browser is to show or run one from here.
/// Blocks.
final class FileHandler extends Handler.Wrapper {
  private static final Logger LOG = LoggerFactory.getLogger(FileHandler.class);
  private static final String PATH = "/files/";
  private static final String KEY = "Recording-Key";
  private static final JsonMapper MAPPER = new JsonMapper();

  private final @Nullable RecordingStore store;
  private final long mostBytes;
  private final Access access;

  /// Whether the room's rules let somebody send files.
  private final BiPredicate<RoomId, Token> maySend;

  private final OriginPolicy origins;
  private final ClientAddress addresses;
  private final RequestBodies bodies;
  private final SignalingCounters counters;

  /// @param store null: this server keeps none
  /// @param mostBytes of one file; 0: none are taken
  FileHandler(
      @Nullable RecordingStore store,
      long mostBytes,
      Access access,
      BiPredicate<RoomId, Token> maySend,
      OriginPolicy origins,
      ClientAddress addresses,
      RequestBodies bodies,
      SignalingCounters counters,
      Handler next) {
    super(next);
    this.store = store;
    this.mostBytes = mostBytes;
    this.access = access;
    this.maySend = maySend;
    this.origins = origins;
    this.addresses = addresses;
    this.bodies = bodies;
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
        throw AccessException.forbidden("pages of this origin may not use files");
      }
      answer(path.substring(PATH.length()).split("/", -1), request, response, callback);
    } catch (RecordingException e) {
      PlainReply.send(response, callback, StoreRequests.problem(e));
    } catch (AccessException e) {
      PlainReply.send(response, callback, StoreRequests.problem(e));
    } catch (UnfinishedBodyException e) {
      PlainReply.send(response, callback, e.problem());
    } catch (InvalidMessageException e) {
      PlainReply.send(
          response, callback, Problem.of(400, "Bad Request", e.sentence()).at(e.field()));
    } catch (NotStoredException e) {
      counters.count(SignalingCounter.NOT_STORED);
      LOG.error("a file of a chat: {}: {}", e.getMessage(), String.valueOf(e.getCause()));
      PlainReply.send(
          response,
          callback,
          Problem.of(507, "Insufficient Storage", String.valueOf(e.getMessage())));
    }
    return true;
  }

  private void answer(String[] segments, Request request, Response response, Callback callback)
      throws IOException {
    if (store == null || mostBytes == 0) {
      PlainReply.send(
          response,
          callback,
          Problem.of(
              404,
              "Not Found",
              "this server takes no files: chat.file-size or data.dir is not set"));
      return;
    }
    RoomId room = StoreRequests.room(PathSegment.decode(segments[0]));
    String method = request.getMethod();
    if (segments.length == 1) {
      if (!method.equals("POST")) {
        StoreRequests.notAllowed("POST", response, callback);
        return;
      }
      take(store, room, request, response, callback);
      return;
    }
    if (segments.length > 2) {
      throw unknown(room);
    }
    RecordingId id = id(room, segments[1]);
    switch (method) {
      case "GET", "HEAD" -> give(store, room, id, request, response, callback);
      case "DELETE" -> delete(store, room, id, request, response, callback);
      default -> StoreRequests.notAllowed("GET, HEAD, DELETE", response, callback);
    }
  }

  /// The whole of it in one request, or nothing.
  private void take(
      RecordingStore store, RoomId room, Request request, Response response, Callback callback)
      throws IOException {
    Token sender = admitSender(room, request);
    String name = Request.extractQueryParameters(request).getValue("name");
    if (name == null) {
      throw new InvalidMessageException("name", "is missing");
    }
    long length = request.getLength();
    if (length < 0) {
      PlainReply.send(
          response,
          callback,
          Problem.of(411, "Length Required", "Content-Length must say how long the file is"));
      return;
    }
    if (length > mostBytes) {
      throw new RecordingException(
          RecordingException.Reason.TOO_LARGE,
          "a file may have " + mostBytes + " bytes, this one has " + length);
    }
    if (length == 0) {
      throw new InvalidMessageException("the body", "is empty");
    }
    RecordingStore.Created made =
        store.createFile(room, FileName.of(name), StoreRequests.owner(sender, request, addresses));
    RecordingId id = made.recording().id();
    Recording stored;
    try (InputStream in = bodies.upload(request)) {
      stored = store.append(room, id, made.key(), 0, in, true);
    } catch (RuntimeException | IOException e) {
      forget(store, room, id);
      throw e;
    }
    response.getHeaders().put(HttpHeader.LOCATION, PATH + PathSegment.encode(room) + "/" + id);
    String json =
        MAPPER
                .createObjectNode()
                .put("file", id.value())
                .put("name", stored.title())
                .put("bytes", stored.bytes())
                .put("key", made.key())
            + "\n";
    PlainReply.send(response, callback, 201, "application/json", json);
  }

  private static void forget(RecordingStore store, RoomId room, RecordingId id) {
    try {
      store.delete(room, id);
    } catch (RecordingException | NotStoredException e) {
      LOG.atWarn().addKeyValue("room", room).log("a part of a file is left: {}", e.getMessage());
    }
  }

  private void give(
      RecordingStore store,
      RoomId room,
      RecordingId id,
      Request request,
      Response response,
      Callback callback)
      throws IOException {
    if (!access.admit(StoreRequests.token(request), room).grants().canSubscribe()) {
      throw AccessException.forbidden("the token does not grant canSubscribe");
    }
    Recording file = file(store, room, id);
    try (StoredBytes bytes = store.read(room, id)) {
      response.getHeaders().put(HttpHeader.CACHE_CONTROL, "private, no-cache");
      response
          .getHeaders()
          .put(
              "Content-Disposition",
              "attachment; filename*=UTF-8''" + FileName.encode(file.title()));
      response.getHeaders().put("Content-Security-Policy", "sandbox; default-src 'none'");
      FileReply.send(bytes, file.contentType(), request, response, callback);
    }
  }

  private void delete(
      RecordingStore store,
      RoomId room,
      RecordingId id,
      Request request,
      Response response,
      Callback callback) {
    file(store, room, id);
    String key = request.getHeaders().get(KEY);
    if (key != null) {
      store.delete(room, id, key);
    } else {
      Token token = access.admit(StoreRequests.token(request), room);
      if (!access.requiresTokens() || !token.grants().roomAdmin()) {
        throw AccessException.forbidden("it takes the file's key, or a token with roomAdmin");
      }
      store.delete(room, id);
    }
    response.setStatus(204);
    response.write(true, null, callback);
  }

  private Token admitSender(RoomId room, Request request) {
    Token token = access.admit(StoreRequests.token(request), room);
    if (!token.grants().canPublishData()) {
      throw AccessException.forbidden("the token does not grant canPublishData");
    }
    if (token.grants().hidden()) {
      throw AccessException.forbidden("who is hidden may not send files");
    }
    if (!maySend.test(room, token)) {
      throw AccessException.forbidden("files are for hosts only in the chat of room " + room);
    }
    return token;
  }

  private static Recording file(RecordingStore store, RoomId room, RecordingId id) {
    Recording found = store.get(room, id);
    if (!found.isFile()) {
      throw unknown(room);
    }
    return found;
  }

  private static RecordingId id(RoomId room, String segment) {
    try {
      return new RecordingId(segment);
    } catch (IllegalArgumentException e) {
      throw unknown(room);
    }
  }

  private static RecordingException unknown(RoomId room) {
    return new RecordingException(
        RecordingException.Reason.UNKNOWN, "room " + room + " has no such file");
  }
}
