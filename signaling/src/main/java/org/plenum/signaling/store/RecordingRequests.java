package org.plenum.signaling.store;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.data.NotStoredException;
import org.plenum.signaling.protocol.InvalidMessageException;
import org.plenum.signaling.protocol.JsonFields;
import org.plenum.signaling.protocol.PathSegment;
import org.plenum.signaling.protocol.Problem;
import org.plenum.signaling.protocol.StrictJson;
import org.plenum.signaling.protocol.UnfinishedBodyException;
import org.plenum.signaling.recording.Recording;
import org.plenum.signaling.recording.RecordingException;
import org.plenum.signaling.recording.RecordingId;
import org.plenum.signaling.recording.RecordingStore;
import org.plenum.signaling.recording.RoomRecording;
import org.plenum.signaling.recording.RoomRecordings;
import org.plenum.signaling.recording.StoredFile;
import org.plenum.signaling.session.SignalingCounter;
import org.plenum.signaling.session.SignalingCounters;
import org.plenum.signaling.token.Access;
import org.plenum.signaling.token.AccessException;
import org.plenum.signaling.token.Token;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The recordings that this server has (PROTOCOL.md, "Recordings"). Any thread; blocks.
public final class RecordingRequests implements StoreAnswerer {
  /// What paths of recordings begin with.
  public static final String PATH = "/recordings/";

  private static final Logger LOG = LoggerFactory.getLogger(RecordingRequests.class);
  private static final int MAX_BODY = 4096;
  private static final StrictJson JSON = new StrictJson(MAX_BODY);
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String JSON_TYPE = "application/json";
  private static final String MANIFEST = "manifest.json";

  private final @Nullable RecordingStore store;
  private final Access access;
  private final RoomRulesNow rules;
  private final PlayTickets tickets;
  private final SignalingCounters counters;

  /// @param store null: this server keeps none
  public RecordingRequests(
      @Nullable RecordingStore store,
      Access access,
      RoomRulesNow rules,
      InstantSource clock,
      SignalingCounters counters) {
    this.store = store;
    this.access = access;
    this.rules = rules;
    this.tickets = new PlayTickets(clock);
    this.counters = counters;
  }

  @Override
  public StoreReply answer(StoreRequest request) {
    try {
      return answerOrThrow(request);
    } catch (RecordingException e) {
      StoreReply reply = StoreReply.of(StoreProblems.of(e));
      return e.offset() < 0 ? reply : reply.with(StoreRequest.OFFSET, e.offset() + "");
    } catch (AccessException e) {
      return StoreReply.of(StoreProblems.of(e));
    } catch (UnfinishedBodyException e) {
      return StoreReply.of(e.problem());
    } catch (InvalidMessageException e) {
      String message = e.field() == null ? "the body " + e.getMessage() : e.sentence();
      return StoreReply.of(Problem.of(400, "Bad Request", message).at(e.field()));
    } catch (NotStoredException e) {
      counters.count(SignalingCounter.NOT_STORED);
      LOG.atError()
          .addKeyValue("recording", String.join("/", request.segments()))
          .log("{}: {}", e.getMessage(), String.valueOf(e.getCause()));
      return StoreReply.of(Problem.of(507, "Insufficient Storage", String.valueOf(e.getMessage())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean has(RoomId room, String id) {
    if (store == null) {
      return false;
    }
    try {
      var recording = new RecordingId(id);
      return store.rooms().find(room, recording) != null || !store.get(room, recording).isFile();
    } catch (IllegalArgumentException | RecordingException e) {
      return false;
    }
  }

  @Override
  public StoredFile open(RoomId room, List<String> names) throws IOException {
    if (store == null) {
      throw unknown(room);
    }
    RecordingId id = recording(room, names.getFirst());
    RoomRecording ours = store.rooms().find(room, id);
    if (ours != null) {
      return store.rooms().read(ours, names.size() > 1 ? names.get(1) : MANIFEST);
    }
    return store.read(room, id);
  }

  private StoreReply answerOrThrow(StoreRequest request) throws IOException {
    if (store == null) {
      return StoreReply.of(
          Problem.of(404, "Not Found", "this server keeps no recordings: data.dir is not set"));
    }
    RoomId room = request.room();
    List<String> segments = request.segments();
    RecordingId id = segments.size() > 1 ? recording(room, segments.get(1)) : null;
    RoomRecording ours = id == null ? null : store.rooms().find(room, id);
    if (ours != null && segments.size() <= 3) {
      return ours(store.rooms(), ours, request);
    }
    if (segments.size() > 2) {
      throw unknown(room);
    }
    String method = request.method();
    if (id == null) {
      return switch (method) {
        case "GET" -> list(store, room, request);
        case "POST" -> create(store, room, request);
        default -> StoreReply.notAllowed("GET, POST");
      };
    }
    return switch (method) {
      case "GET", "HEAD" -> play(store, room, id, request);
      case "PATCH" -> append(store, room, id, request);
      case "DELETE" -> delete(store, room, id, request);
      default -> StoreReply.notAllowed("GET, HEAD, PATCH, DELETE");
    };
  }

  private StoreReply list(RecordingStore store, RoomId room, StoreRequest request) {
    admitViewer(room, request);
    ArrayNode list = MAPPER.createArrayNode();
    for (Recording recording : store.list(room)) {
      list.add(json(recording).put("ticket", tickets.issue(room, recording.id())));
    }
    for (RoomRecording recording : store.rooms().list(room)) {
      list.add(json(recording).put("ticket", tickets.issue(room, recording.id())));
    }
    return StoreReply.json(200, MAPPER.createObjectNode().set("recordings", list) + "\n");
  }

  /// One that the server makes: its manifest, or one of its files.
  private StoreReply ours(RoomRecordings rooms, RoomRecording recording, StoreRequest request)
      throws IOException {
    RoomId room = recording.room();
    switch (request.method()) {
      case "GET", "HEAD" -> {
        if (!tickets.admits(request.query().get("ticket"), room, recording.id())) {
          admitViewer(room, request);
        }
        String name = request.segments().size() == 3 ? request.segments().get(2) : MANIFEST;
        return StoreReply.file(typeOf(name), rooms.read(recording, name));
      }
      case "DELETE" -> {
        requireAdmin(room, request);
        rooms.delete(recording);
        return StoreReply.empty(204);
      }
      default -> {
        return StoreReply.notAllowed("GET, HEAD, DELETE");
      }
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

  private StoreReply create(RecordingStore store, RoomId room, StoreRequest request) {
    Token maker = admitMaker(room, request);
    if (!String.valueOf(request.header("Content-Type")).startsWith(JSON_TYPE)) {
      return StoreReply.of(
          Problem.of(415, "Unsupported Media Type", "Content-Type must be " + JSON_TYPE));
    }
    byte[] body = request.body().read(MAX_BODY + 1);
    JsonFields fields =
        JSON.object(new String(body, StandardCharsets.UTF_8)).only("title", "contentType");
    RecordingStore.Created created =
        store.create(room, fields.text("title"), fields.text("contentType"), request.owner(maker));
    String location = PATH + PathSegment.encode(room) + "/" + created.recording().id();
    ObjectNode answer = json(created.recording()).put("key", created.key());
    return StoreReply.json(201, answer + "\n").with("Location", location);
  }

  private StoreReply append(RecordingStore store, RoomId room, RecordingId id, StoreRequest request)
      throws IOException {
    long offset = offset(request.header(StoreRequest.OFFSET));
    boolean last = "?1".equals(request.header(StoreRequest.COMPLETE));
    try (InputStream in = request.body().upload()) {
      return withState(
          StoreReply.empty(204), store.append(room, id, key(request), offset, in, last));
    }
  }

  private static StoreReply withState(StoreReply reply, Recording stored) {
    return reply
        .with(StoreRequest.OFFSET, stored.bytes() + "")
        .with(StoreRequest.COMPLETE, stored.complete() ? "?1" : "?0");
  }

  private StoreReply delete(
      RecordingStore store, RoomId room, RecordingId id, StoreRequest request) {
    if (request.header(StoreRequest.KEY) != null) {
      store.delete(room, id, key(request));
    } else {
      requireAdmin(room, request);
      store.delete(room, id);
    }
    return StoreReply.empty(204);
  }

  private void requireAdmin(RoomId room, StoreRequest request) {
    Token token = access.admit(request.token(), room);
    if (!access.requiresTokens() || !token.grants().roomAdmin()) {
      throw AccessException.forbidden("it takes the recording's key, or a token with roomAdmin");
    }
  }

  private StoreReply play(RecordingStore store, RoomId room, RecordingId id, StoreRequest request)
      throws IOException {
    if (!tickets.admits(request.query().get("ticket"), room, id)
        && !isOwner(store, room, id, request)) {
      admitViewer(room, request);
    }
    Recording recording = store.get(room, id);
    if (recording.isFile()) {
      throw unknown(room);
    }
    return withState(StoreReply.file(recording.contentType(), store.read(room, id)), recording);
  }

  /// Who may not receive in a call may not see and hear of it later either.
  private void admitViewer(RoomId room, StoreRequest request) {
    if (!access.admit(request.token(), room).grants().canSubscribe()) {
      throw AccessException.forbidden("the token does not grant canSubscribe");
    }
  }

  /// Whoever records stores something for others to see, and is seen to record.
  private Token admitMaker(RoomId room, StoreRequest request) {
    Token token = access.admit(request.token(), room);
    if (token.grants().permissions().publish().isEmpty()) {
      throw AccessException.forbidden("the token does not grant canPublish");
    }
    if (token.grants().hidden()) {
      throw AccessException.forbidden("who is hidden may not record: the others must see who does");
    }
    if (!rules.allow(RoomRulesNow.Wish.RECORD, room, token, request.token())) {
      throw AccessException.forbidden("recording is for hosts only in room " + room);
    }
    return token;
  }

  /// The owner looks where an upload goes on; a wrong key is no reason to say more.
  private static boolean isOwner(
      RecordingStore store, RoomId room, RecordingId id, StoreRequest request) {
    String key = request.header(StoreRequest.KEY);
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

  private static String key(StoreRequest request) {
    String key = request.header(StoreRequest.KEY);
    if (key == null) {
      throw new RecordingException(
          RecordingException.Reason.FORBIDDEN, StoreRequest.KEY + " is missing");
    }
    return key;
  }

  private static long offset(@Nullable String header) {
    try {
      return Long.parseUnsignedLong(String.valueOf(header));
    } catch (NumberFormatException e) {
      throw new InvalidMessageException(
          StoreRequest.OFFSET, "must be the number of bytes stored so far");
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
