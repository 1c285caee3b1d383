package org.plenum.signaling.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.protocol.InvalidMessageException;
import org.plenum.signaling.protocol.Problem;
import org.plenum.signaling.protocol.UnfinishedBodyException;
import org.plenum.signaling.recording.RecordingException;
import org.plenum.signaling.recording.RecordingId;
import org.plenum.signaling.recording.StoredFile;
import org.plenum.signaling.store.StoreAnswerer;
import org.plenum.signaling.store.StoreReply;
import org.plenum.signaling.store.StoreRequest;

/// Recordings, or the files of chats, wherever they are: each belongs to the node that it was sent
/// to, and every node finds it. What is asked of one is carried to the node that has it; its bytes
/// come a piece at a time, when whoever asked has taken the last one. Any thread; blocks.
public final class RoutedStore {
  /// Longer than a disk may take to answer.
  private static final long PATIENCE_MILLIS = 15_000;

  /// Of a file or an upload, in one message between nodes.
  private static final int PIECE = 256 * 1024;

  /// Messages that wait for other nodes at a time, so that there is room for what calls need.
  private static final int MOST_ASKED = 64;

  /// Things of other nodes whose place is remembered.
  private static final int MOST_PLACES = 10_000;

  private static final int AWAY_SECONDS = 5;
  private static final byte[] NOTHING = {};

  private final Nodes nodes;
  private final String service;
  private final StoreAnswerer own;
  private final Semaphore asking = new Semaphore(MOST_ASKED);
  private final Map<String, String> places =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MOST_PLACES;
        }
      };

  /// @param service the same name at all nodes
  /// @param own answers for this node alone
  public RoutedStore(Nodes nodes, String service, StoreAnswerer own) {
    this.nodes = nodes;
    this.service = service;
    this.own = own;
    nodes.cluster().links().answer(service, (_, asked) -> answer(Parcel.read(asked)));
  }

  /// Never throws but for this node's own disk.
  public StoreReply answer(StoreRequest request) {
    RoomId room;
    try {
      room = request.room();
    } catch (InvalidMessageException e) {
      return own.answer(request); // which says so
    }
    if (request.segments().size() < 2) {
      return request.method().equals("GET") ? list(request) : own.answer(request);
    }
    String id = request.segments().get(1);
    if (!isId(id) || own.has(room, id)) {
      return own.answer(request);
    }
    List<String> silent = new ArrayList<>();
    String node = place(room, id, silent);
    if (node == null) {
      return silent.isEmpty() ? own.answer(request) : away(room, silent);
    }
    try {
      return request.method().equals("PATCH")
          ? carryUpload(node, request)
          : carry(node, request, NOTHING);
    } catch (RefusedException e) {
      return away(room, List.of(nodes.nameOf(node)));
    }
  }

  /// Other nodes are not asked for what no node can have.
  private static boolean isId(String id) {
    try {
      return !new RecordingId(id).value().isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static StoreReply away(RoomId room, List<String> names) {
    return StoreReply.of(
        Problem.of(
                503,
                "Service Unavailable",
                "no node that answers has this of room "
                    + room
                    + "; away: "
                    + String.join(", ", names))
            .retryAfter(AWAY_SECONDS));
  }

  /// What all nodes have of a room, the latest first.
  private StoreReply list(StoreRequest request) {
    StoreReply first = own.answer(request);
    if (first.status() != 200 && first.status() != 404) {
      return first;
    }
    Map<String, JsonNode> byId = new LinkedHashMap<>();
    boolean found = collect(first, byId);
    List<String> silent = new ArrayList<>(nodes.away());
    for (String node : nodes.others()) {
      try {
        found |= collect(carry(node, request, NOTHING), byId);
      } catch (RefusedException e) {
        silent.add(nodes.nameOf(node));
      }
    }
    if (!found) {
      return first;
    }
    List<JsonNode> all = new ArrayList<>(byId.values());
    all.sort(Comparator.comparing((JsonNode each) -> each.path("created").asText()).reversed());
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.putArray("recordings").addAll(all);
    if (!silent.isEmpty()) {
      ArrayNode names = json.putArray("away");
      silent.stream().distinct().sorted().forEach(names::add);
    }
    return StoreReply.json(200, json + "\n");
  }

  /// Returns whether there is a list. What lies in a bucket is listed by all of them.
  private static boolean collect(StoreReply reply, Map<String, JsonNode> byId) {
    if (reply.status() != 200) {
      return false;
    }
    JsonNode listed = Parcel.json(reply.body()).path("recordings");
    listed.forEach(each -> byId.putIfAbsent(each.path("recording").asText(), each));
    return listed.isArray();
  }

  /// The other node that has it; null if none is known to.
  ///
  /// @param silent takes the names of those who may have it, and do not answer
  private @Nullable String place(RoomId room, String id, List<String> silent) {
    String key = room.value() + "/" + id;
    String known;
    synchronized (places) {
      known = places.get(key);
    }
    List<String> others = nodes.others();
    if (known != null && others.contains(known)) {
      return known;
    }
    ObjectNode question = Parcel.words("op", "has").put("room", room.value()).put("id", id);
    for (String node : others) {
      try {
        if (ask(node, Parcel.of(question)).words().path("has").asBoolean()) {
          synchronized (places) {
            places.put(key, node);
          }
          return node;
        }
      } catch (RefusedException e) {
        silent.add(nodes.nameOf(node));
      }
    }
    silent.addAll(nodes.away());
    return null;
  }

  private StoreReply carry(String node, StoreRequest request, byte[] body) {
    Parcel answer = ask(node, Parcel.of(write(request), body));
    JsonNode words = answer.words();
    JsonNode file = words.path("file");
    RoomId room = request.room();
    if (words.path("status").asInt() == 404 && request.segments().size() > 1) {
      synchronized (places) {
        places.remove(room.value() + "/" + request.segments().get(1));
      }
    }
    return new StoreReply(
        words.path("status").asInt(),
        texts(words.path("headers")),
        words.path("contentType").asText(),
        answer.bytes(),
        file.isObject()
            ? new RemoteFile(
                node,
                room,
                request.segments().subList(1, request.segments().size()),
                file.path("size").asLong(),
                file.path("version").asText())
            : null);
  }

  /// An upload goes on there piece by piece, as if each were one of its own.
  private StoreReply carryUpload(String node, StoreRequest request) {
    Map<String, String> headers = new HashMap<>(request.headers());
    String complete = StoreRequest.COMPLETE.toLowerCase(Locale.ROOT);
    String offset = StoreRequest.OFFSET.toLowerCase(Locale.ROOT);
    try (InputStream in = request.body().upload()) {
      byte[] piece = new byte[PIECE];
      while (true) {
        var read = Piece.read(in, piece);
        boolean goesOn = read.failure == null && read.length == PIECE;
        if (goesOn || read.failure != null) {
          headers.remove(complete);
        } else if (request.headers().containsKey(complete)) {
          headers.put(complete, request.headers().get(complete));
        }
        StoreReply reply = carry(node, with(request, headers), Arrays.copyOf(piece, read.length));
        if (reply.status() != 204) {
          return reply;
        }
        String stored = reply.headers().getOrDefault(StoreRequest.OFFSET, "");
        if (read.failure != null) {
          return broken(read.failure).with(StoreRequest.OFFSET, stored);
        }
        if (!goesOn) {
          return reply;
        }
        headers.put(offset, stored);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // closing a body never fails
    }
  }

  private static StoreReply broken(UnfinishedBodyException failure) {
    return StoreReply.of(failure.problem());
  }

  /// @param failure why no more came; null if it came to its end, or the piece is full
  private record Piece(int length, @Nullable UnfinishedBodyException failure) {
    static Piece read(InputStream in, byte[] into) throws IOException {
      int length = 0;
      try {
        while (length < into.length) {
          int more = in.read(into, length, into.length - length);
          if (more < 0) {
            break;
          }
          length += more;
        }
        return new Piece(length, null);
      } catch (UnfinishedBodyException e) {
        return new Piece(length, e);
      }
    }
  }

  private static StoreRequest with(StoreRequest request, Map<String, String> headers) {
    return new StoreRequest(
        request.method(),
        request.segments(),
        request.query(),
        headers,
        request.limitedAs(),
        request.body());
  }

  private static ObjectNode write(StoreRequest request) {
    ObjectNode words = Parcel.words("op", "answer").put("method", request.method());
    request.segments().forEach(words.putArray("segments")::add);
    request.query().forEach(words.putObject("query")::put);
    request.headers().forEach(words.putObject("headers")::put);
    return words;
  }

  private Parcel ask(String node, byte[] parcel) {
    try {
      if (!asking.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new RefusedException(
            RefusedException.Reason.OVERLOADED, "too many requests wait for other nodes");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefusedException(RefusedException.Reason.RESTARTING, "interrupted");
    }
    try {
      return Parcel.read(nodes.ask(node, service, parcel, PATIENCE_MILLIS));
    } finally {
      asking.release();
    }
  }

  // What other nodes ask of this one.

  private byte[] answer(Parcel asked) {
    JsonNode words = asked.words();
    return switch (words.path("op").asText()) {
      case "has" -> Parcel.of(has(words));
      case "read" -> read(words);
      case "answer" -> reply(own.answer(request(words, asked.bytes())));
      default -> throw new IllegalArgumentException("a question of another version");
    };
  }

  private ObjectNode has(JsonNode words) {
    boolean has = own.has(new RoomId(words.path("room").asText()), words.path("id").asText());
    return JsonNodeFactory.instance.objectNode().put("has", has);
  }

  private static byte[] reply(StoreReply reply) {
    ObjectNode words = JsonNodeFactory.instance.objectNode().put("status", reply.status());
    reply.headers().forEach(words.putObject("headers")::put);
    words.put("contentType", reply.contentType());
    try (StoredFile file = reply.file()) {
      if (file != null) {
        words.putObject("file").put("size", file.size()).put("version", file.version());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Parcel.of(words, reply.body());
  }

  /// A piece of a file that was answered with before: its reader has been let in.
  private byte[] read(JsonNode words) {
    List<String> names = new ArrayList<>();
    words.path("names").forEach(name -> names.add(name.asText()));
    long at = words.path("at").asLong();
    int most = Math.clamp(words.path("most").asInt(), 1, PIECE);
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    try (StoredFile file = own.open(new RoomId(words.path("room").asText()), names)) {
      if (!file.version().equals(words.path("version").asText())) {
        return Parcel.of(answer.put("gone", true));
      }
      ByteBuffer piece = ByteBuffer.allocate(most);
      int read = file.read(piece, at);
      return Parcel.of(answer, read <= 0 ? NOTHING : Arrays.copyOf(piece.array(), read));
    } catch (RecordingException e) {
      return Parcel.of(answer.put("gone", true));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static StoreRequest request(JsonNode words, byte[] body) {
    List<String> segments = new ArrayList<>();
    words.path("segments").forEach(segment -> segments.add(segment.asText()));
    return new StoreRequest(
        words.path("method").asText(),
        segments,
        texts(words.path("query")),
        texts(words.path("headers")),
        "",
        new Carried(body));
  }

  private static Map<String, String> texts(JsonNode json) {
    Map<String, String> texts = new LinkedHashMap<>();
    json.properties().forEach(each -> texts.put(each.getKey(), each.getValue().asText()));
    return texts;
  }

  private record Carried(byte[] bytes) implements StoreRequest.Body {
    @Override
    public long length() {
      return bytes.length;
    }

    @Override
    public byte[] read(int most) {
      return Arrays.copyOf(bytes, Math.min(bytes.length, most));
    }

    @Override
    public InputStream upload() {
      return new ByteArrayInputStream(bytes);
    }
  }

  /// A file of another node.
  private final class RemoteFile implements StoredFile {
    private final String node;
    private final ObjectNode question;
    private final long size;
    private final String version;

    RemoteFile(String node, RoomId room, List<String> names, long size, String version) {
      this.node = node;
      this.size = size;
      this.version = version;
      question = Parcel.words("op", "read").put("room", room.value()).put("version", version);
      names.forEach(question.putArray("names")::add);
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public int chunkBytes() {
      return PIECE;
    }

    @Override
    public String version() {
      return version;
    }

    @Override
    public int read(ByteBuffer into, long at) throws IOException {
      Parcel piece;
      try {
        piece = ask(node, Parcel.of(question.put("at", at).put("most", into.remaining())));
      } catch (RefusedException e) {
        throw new IOException(e.getMessage(), e);
      }
      if (piece.words().path("gone").asBoolean() || piece.bytes().length > into.remaining()) {
        throw new IOException("the file has been deleted or replaced at the node that had it");
      }
      into.put(piece.bytes());
      return piece.bytes().length == 0 ? -1 : piece.bytes().length;
    }

    @Override
    public void close() {}
  }
}
