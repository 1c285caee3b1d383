package org.plenum.signaling.store;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
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
import org.plenum.signaling.recording.StoredFile;
import org.plenum.signaling.session.SignalingCounter;
import org.plenum.signaling.session.SignalingCounters;
import org.plenum.signaling.token.Access;
import org.plenum.signaling.token.AccessException;
import org.plenum.signaling.token.Token;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The files of the chat that this server has (PROTOCOL.md, "Files"). They are only ever
/// downloaded: no browser is to show or run one from here. Any thread; blocks.
public final class FileRequests implements StoreAnswerer {
  /// What paths of files begin with.
  public static final String PATH = "/files/";

  private static final Logger LOG = LoggerFactory.getLogger(FileRequests.class);
  private static final JsonMapper MAPPER = new JsonMapper();

  private final @Nullable RecordingStore store;
  private final long mostBytes;
  private final Access access;
  private final RoomRulesNow rules;
  private final SignalingCounters counters;

  /// @param store null: this server keeps none
  /// @param mostBytes of one file; 0: none are taken
  public FileRequests(
      @Nullable RecordingStore store,
      long mostBytes,
      Access access,
      RoomRulesNow rules,
      SignalingCounters counters) {
    this.store = store;
    this.mostBytes = mostBytes;
    this.access = access;
    this.rules = rules;
    this.counters = counters;
  }

  @Override
  public StoreReply answer(StoreRequest request) {
    try {
      return answerOrThrow(request);
    } catch (RecordingException e) {
      return StoreReply.of(StoreProblems.of(e));
    } catch (AccessException e) {
      return StoreReply.of(StoreProblems.of(e));
    } catch (UnfinishedBodyException e) {
      return StoreReply.of(e.problem());
    } catch (InvalidMessageException e) {
      return StoreReply.of(Problem.of(400, "Bad Request", e.sentence()).at(e.field()));
    } catch (NotStoredException e) {
      counters.count(SignalingCounter.NOT_STORED);
      LOG.error("a file of a chat: {}: {}", e.getMessage(), String.valueOf(e.getCause()));
      return StoreReply.of(Problem.of(507, "Insufficient Storage", String.valueOf(e.getMessage())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean has(RoomId room, String id) {
    try {
      return store != null && mostBytes > 0 && store.get(room, new RecordingId(id)).isFile();
    } catch (IllegalArgumentException | RecordingException e) {
      return false;
    }
  }

  @Override
  public StoredFile open(RoomId room, List<String> names) throws IOException {
    if (store == null) {
      throw unknown(room);
    }
    RecordingId id = id(room, names.getFirst());
    file(store, room, id);
    return store.read(room, id);
  }

  private StoreReply answerOrThrow(StoreRequest request) throws IOException {
    if (store == null || mostBytes == 0) {
      return StoreReply.of(
          Problem.of(
              404,
              "Not Found",
              "this server takes no files: chat.file-size or data.dir is not set"));
    }
    RoomId room = request.room();
    String method = request.method();
    if (request.segments().size() == 1) {
      return method.equals("POST") ? take(store, room, request) : StoreReply.notAllowed("POST");
    }
    if (request.segments().size() > 2) {
      throw unknown(room);
    }
    RecordingId id = id(room, request.segments().get(1));
    return switch (method) {
      case "GET", "HEAD" -> give(store, room, id, request);
      case "DELETE" -> delete(store, room, id, request);
      default -> StoreReply.notAllowed("GET, HEAD, DELETE");
    };
  }

  /// The whole of it in one request, or nothing.
  private StoreReply take(RecordingStore store, RoomId room, StoreRequest request)
      throws IOException {
    Token sender = admitSender(room, request);
    String name = request.query().get("name");
    if (name == null) {
      throw new InvalidMessageException("name", "is missing");
    }
    long length = request.body().length();
    if (length < 0) {
      return StoreReply.of(
          Problem.of(411, "Length Required", "Content-Length must say how long the file is"));
    }
    if (length > mostBytes) {
      throw new RecordingException(
          RecordingException.Reason.TOO_LARGE,
          "a file may have " + mostBytes + " bytes, this one has " + length);
    }
    if (length == 0) {
      throw new InvalidMessageException("the body", "is empty");
    }
    RecordingStore.Created made = store.createFile(room, FileName.of(name), request.owner(sender));
    RecordingId id = made.recording().id();
    Recording stored;
    try (InputStream in = request.body().upload()) {
      stored = store.append(room, id, made.key(), 0, in, true);
    } catch (RuntimeException | IOException e) {
      forget(store, room, id);
      throw e;
    }
    String json =
        MAPPER
                .createObjectNode()
                .put("file", id.value())
                .put("name", stored.title())
                .put("bytes", stored.bytes())
                .put("key", made.key())
            + "\n";
    return StoreReply.json(201, json).with("Location", PATH + PathSegment.encode(room) + "/" + id);
  }

  private static void forget(RecordingStore store, RoomId room, RecordingId id) {
    try {
      store.delete(room, id);
    } catch (RecordingException | NotStoredException e) {
      LOG.atWarn().addKeyValue("room", room).log("a part of a file is left: {}", e.getMessage());
    }
  }

  private StoreReply give(RecordingStore store, RoomId room, RecordingId id, StoreRequest request)
      throws IOException {
    if (!access.admit(request.token(), room).grants().canSubscribe()) {
      throw AccessException.forbidden("the token does not grant canSubscribe");
    }
    Recording file = file(store, room, id);
    return StoreReply.file(file.contentType(), store.read(room, id))
        .with(
            "Content-Disposition", "attachment; filename*=UTF-8''" + FileName.encode(file.title()))
        .with("Content-Security-Policy", "sandbox; default-src 'none'");
  }

  private StoreReply delete(
      RecordingStore store, RoomId room, RecordingId id, StoreRequest request) {
    file(store, room, id);
    String key = request.header(StoreRequest.KEY);
    if (key != null) {
      store.delete(room, id, key);
    } else {
      Token token = access.admit(request.token(), room);
      if (!access.requiresTokens() || !token.grants().roomAdmin()) {
        throw AccessException.forbidden("it takes the file's key, or a token with roomAdmin");
      }
      store.delete(room, id);
    }
    return StoreReply.empty(204);
  }

  private Token admitSender(RoomId room, StoreRequest request) {
    Token token = access.admit(request.token(), room);
    if (!token.grants().canPublishData()) {
      throw AccessException.forbidden("the token does not grant canPublishData");
    }
    if (token.grants().hidden()) {
      throw AccessException.forbidden("who is hidden may not send files");
    }
    if (!rules.allow(RoomRulesNow.Wish.SEND_FILES, room, token, request.token())) {
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
