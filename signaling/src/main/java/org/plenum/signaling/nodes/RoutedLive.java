package org.plenum.signaling.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.live.Broadcast;
import org.plenum.broadcast.live.Broadcasts;
import org.plenum.broadcast.live.LiveFile;
import org.plenum.broadcast.live.LiveRequest;
import org.plenum.broadcast.live.LiveRequest.Verdict;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.store.LiveSource;

/// Broadcasts, whichever node has the room. What many ask for at the same time is asked for once,
/// also where it waits for the playlist to go on; files that never change are kept for a while. So
/// a node costs the room's node little more than one viewer. Any thread; does not block.
public final class RoutedLive implements LiveSource {
  private static final String SERVICE = "live";

  /// Longer than a playlist is waited for: three target durations (RFC 8216bis §6.2.5.2).
  private static final long PATIENCE_MILLIS = 20_000;

  /// Requests that wait for other nodes at a time, so that there is room for what calls need.
  private static final int MOST_ASKED = 128;

  /// Who waits for one answer: as many as a broadcast lets wait.
  private static final int MOST_WAITING = 5_000;

  /// A file may be longer than a frame between nodes, and change while it comes: then again.
  private static final int MOST_TRIES = 3;

  private static final byte[] NOTHING = {};

  private final Nodes nodes;
  private final Broadcasts broadcasts;
  private final LiveSource own;

  /// Who waits for what. Guarded by itself.
  private final Map<Wanted, List<LiveRequest.Reply>> asked = new HashMap<>();

  private final LiveCopies copies = new LiveCopies();

  private record Wanted(RoomId room, LiveRequest request) {}

  private record Answer(Verdict verdict, @Nullable LiveFile file) {}

  /// @param broadcasts of this node
  public RoutedLive(Nodes nodes, Broadcasts broadcasts) {
    this.nodes = nodes;
    this.broadcasts = broadcasts;
    this.own = LiveSource.of(broadcasts);
    nodes.cluster().links().answer(SERVICE, (_, question) -> answer(Parcel.read(question).words()));
  }

  @Override
  public void ask(RoomId room, LiveRequest request, LiveRequest.Reply reply) {
    Broadcast here = broadcasts.find(room, request.path());
    boolean isFormer = here != null && here != broadcasts.find(room);
    String node = here == null || here.isEnded() && !isFormer ? nodes.owner(room) : null;
    if (node == null) {
      own.ask(room, request, reply);
      return;
    }
    LiveFile copy = copies.find(room, request.path());
    if (copy != null) {
      reply.accept(Verdict.FOUND, copy);
      return;
    }
    LiveRequest.Reply routed =
        (verdict, file) -> {
          if (here != null && file == null) {
            own.ask(room, request, reply); // of what ended here not long ago
          } else {
            reply.accept(verdict, file);
          }
        };
    if (node.isEmpty()) {
      routed.accept(Verdict.AWAY, null);
    } else if (!carry(node, new Wanted(room, request), routed)) {
      reply.accept(Verdict.BUSY, null);
    }
  }

  /// Returns false if there is too much under way.
  private boolean carry(String node, Wanted wanted, LiveRequest.Reply reply) {
    synchronized (asked) {
      List<LiveRequest.Reply> waiting = asked.get(wanted);
      if (waiting != null) {
        return waiting.size() < MOST_WAITING && waiting.add(reply);
      }
      if (asked.size() >= MOST_ASKED) {
        return false;
      }
      asked.put(wanted, new ArrayList<>(List.of(reply)));
    }
    Thread.ofVirtual().name("live-carried").start(() -> answer(node, wanted));
    return true;
  }

  private void answer(String node, Wanted wanted) {
    var answer = new Answer(Verdict.AWAY, null);
    try {
      answer = fetch(node, wanted);
    } finally {
      List<LiveRequest.Reply> waiting;
      synchronized (asked) {
        waiting = Objects.requireNonNull(asked.remove(wanted));
      }
      for (LiveRequest.Reply each : waiting) {
        each.accept(answer.verdict(), answer.file());
      }
    }
  }

  private Answer fetch(String node, Wanted wanted) {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      Parcel first = question(node, wanted, 0, "");
      if (first == null) {
        return new Answer(Verdict.AWAY, null);
      }
      Verdict verdict = verdict(first.words());
      if (verdict != Verdict.FOUND) {
        return new Answer(verdict, null);
      }
      byte[] bytes = rest(node, wanted, first);
      if (bytes != null) {
        JsonNode words = first.words();
        LiveFile file =
            LiveFile.copy(
                words.path("contentType").asText(),
                words.path("immutable").asBoolean(),
                words.path("etag").asText(),
                bytes);
        copies.keep(wanted.room(), wanted.request().path(), file);
        return new Answer(Verdict.FOUND, file);
      }
    }
    return new Answer(Verdict.BUSY, null);
  }

  /// All its bytes; null if it is another file by now.
  private byte @Nullable [] rest(String node, Wanted wanted, Parcel first) {
    int size = first.words().path("size").asInt();
    if (first.bytes().length >= size) {
      return first.bytes();
    }
    String etag = first.words().path("etag").asText();
    var all = new ByteArrayOutputStream(size);
    all.writeBytes(first.bytes());
    while (all.size() < size) {
      Parcel next = question(node, wanted, all.size(), etag);
      if (next == null
          || next.bytes().length == 0
          || !next.words().path("etag").asText().equals(etag)) {
        return null;
      }
      all.writeBytes(next.bytes());
    }
    return all.toByteArray();
  }

  private @Nullable Parcel question(String node, Wanted wanted, int at, String etag) {
    LiveRequest request = wanted.request();
    ObjectNode words =
        Parcel.words("room", wanted.room().value())
            .put("path", request.path())
            .put("number", request.number())
            .put("part", request.part())
            .put("delta", request.delta())
            .put("at", at)
            .put("etag", etag);
    try {
      return Parcel.read(nodes.ask(node, SERVICE, Parcel.of(words), PATIENCE_MILLIS));
    } catch (RefusedException e) {
      return null;
    }
  }

  private static Verdict verdict(JsonNode words) {
    String name = words.path("verdict").asText();
    return Arrays.stream(Verdict.values())
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElse(Verdict.MISSING);
  }

  /// Another node asks.
  private byte[] answer(JsonNode words) {
    JsonNode number = words.path("number");
    JsonNode part = words.path("part");
    var request =
        new LiveRequest(
            words.path("path").asText(),
            number.isNumber() ? number.asLong() : null,
            part.isNumber() ? part.asInt() : null,
            words.path("delta").asBoolean());
    var answered = new CompletableFuture<Answer>();
    own.ask(
        new RoomId(words.path("room").asText()),
        request,
        (verdict, file) -> answered.complete(new Answer(verdict, file)));
    Answer answer =
        answered
            .completeOnTimeout(
                new Answer(Verdict.LATE, null), PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
            .join();
    ObjectNode said = JsonNodeFactory.instance.objectNode().put("verdict", answer.verdict().name());
    LiveFile file = answer.file();
    if (file == null) {
      return Parcel.of(said);
    }
    byte[] bytes = file.bytes();
    said.put("contentType", file.contentType())
        .put("immutable", file.immutable())
        .put("etag", file.etag())
        .put("size", bytes.length);
    int at = Math.clamp(words.path("at").asInt(), 0, bytes.length);
    boolean isOther = at > 0 && !file.etag().equals(words.path("etag").asText());
    int end = Math.min(bytes.length, at + Parcel.MOST_BYTES);
    return Parcel.of(said, isOther ? NOTHING : Arrays.copyOfRange(bytes, at, end));
  }

  /// Files of broadcasts of other nodes that never change, as many as there is room for. Any
  /// thread.
  private static final class LiveCopies {
    private static final long MOST_BYTES = 32L * 1024 * 1024;

    private final Map<String, LiveFile> byPath = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    synchronized @Nullable LiveFile find(RoomId room, String path) {
      return byPath.get(room.value() + "/" + path);
    }

    synchronized void keep(RoomId room, String path, LiveFile file) {
      if (!file.immutable() || file.bytes().length > MOST_BYTES / 4) {
        return;
      }
      LiveFile before = byPath.put(room.value() + "/" + path, file);
      bytes += file.bytes().length - (before == null ? 0 : before.bytes().length);
      var oldest = byPath.values().iterator();
      while (bytes > MOST_BYTES && oldest.hasNext()) {
        bytes -= oldest.next().bytes().length;
        oldest.remove();
      }
    }
  }
}
