package org.plenum.signaling.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.Silence;
import org.plenum.sfu.TrackSource;
import org.plenum.signaling.data.DurableFiles;
import org.plenum.signaling.protocol.CodecNames;
import org.plenum.signaling.protocol.RoomRules;
import org.plenum.signaling.protocol.WireNames;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The rooms in `data.dir` that a restart opens again: those that the API made, those that are
/// locked or where two may not, or may, talk directly as they else could, those where a host muted
/// somebody or decided on rules or hosts, and those that are broadcast or recorded. One file each,
/// which goes when the room closes by itself or by the API, not when the server stops. Any thread.
final class KeptRooms implements AutoCloseable {
  /// @param spec what it was made like
  /// @param silences what moderators muted
  /// @param rules null: nobody has decided anything
  /// @param hosts identities that were made hosts
  /// @param quieted whose microphones a rule keeps off
  /// @param egress what leaves it
  record KeptRoom(
      RoomId id,
      RoomSpec spec,
      boolean locked,
      Set<Silence> silences,
      @Nullable RoomRules rules,
      Set<String> hosts,
      Set<String> quieted,
      RoomEgress egress) {
    KeptRoom {
      silences = Set.copyOf(silences);
      hosts = Set.copyOf(hosts);
      quieted = Set.copyOf(quieted);
    }

    /// Where nobody has decided on rules and hosts, and nothing leaves it.
    KeptRoom(RoomId id, RoomSpec spec, boolean locked, Set<Silence> silences) {
      this(id, spec, locked, silences, null, Set.of(), Set.of(), RoomEgress.NONE);
    }
  }

  private static final int PATIENCE_SECONDS = 5;

  static final String DIRECTORY = "rooms";
  private static final String SUFFIX = ".json";

  private static final Logger LOG = LoggerFactory.getLogger(KeptRooms.class);
  private static final JsonMapper MAPPER = new JsonMapper();

  private final @Nullable Path directory;

  /// Which life of each room is kept, by its sid.
  private final Map<RoomId, String> kept = new HashMap<>();

  /// Files of rooms that closed are deleted here: who says so must not wait for the disk.
  private final ExecutorService deleter =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("kept-rooms").factory());

  private volatile boolean stopping;

  /// Throws IllegalStateException with one sentence if the directory cannot be used.
  ///
  /// @param data null: nothing is kept
  KeptRooms(@Nullable Path data) {
    directory = data == null ? null : data.resolve(DIRECTORY);
    if (directory != null) {
      try {
        Files.createDirectories(directory);
      } catch (IOException e) {
        throw cannotBeUsed(e);
      }
    }
  }

  /// What was kept before. A file that is damaged is left alone, and logged.
  ///
  /// @param direct whether two people may talk directly in a room of before there was that choice
  List<KeptRoom> read(boolean direct) {
    List<KeptRoom> rooms = new ArrayList<>();
    if (directory == null) {
      return rooms;
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(each -> each.toString().endsWith(SUFFIX)).sorted().toList()) {
        try {
          rooms.add(room(MAPPER.readTree(Files.readAllBytes(file)), direct));
        } catch (IOException | IllegalArgumentException e) {
          LOG.error("{} is damaged and left alone: {}", file, e.toString());
        }
      }
    } catch (IOException | UncheckedIOException e) {
      throw cannotBeUsed(e);
    }
    return rooms;
  }

  /// This life of a room is kept from when this returns; it replaces what was kept of it before.
  synchronized void keep(KeptRoom room, String sid) throws IOException {
    if (directory != null) {
      DurableFiles.replace(file(directory, room.id()), MAPPER.writeValueAsBytes(json(room)));
      kept.put(room.id(), sid);
    }
  }

  /// This life of a room went on from one that was kept before.
  synchronized void adopt(RoomId id, String sid) {
    kept.put(id, sid);
  }

  /// This life of a room is not kept any more when this returns.
  synchronized void forget(RoomId id, String sid) throws IOException {
    if (kept.remove(id, sid)) {
      try {
        delete(id);
      } catch (IOException e) {
        kept.put(id, sid);
        throw e;
      }
    }
  }

  /// The same at some later time. Takes no lock: workers call it, and whoever holds ours may be
  /// waiting for the disk.
  void forgetLater(RoomId id, String sid) {
    if (stopping) {
      return;
    }
    try {
      deleter.execute(() -> forgetOrWarn(id, sid));
    } catch (RejectedExecutionException e) {
      // the server stops: the room stays kept
    }
  }

  private void forgetOrWarn(RoomId id, String sid) {
    try {
      forget(id, sid);
    } catch (IOException e) {
      LOG.atWarn()
          .addKeyValue("room", id)
          .log("a room that closed will be open after a restart: {}", e.toString());
    }
  }

  private void delete(RoomId id) throws IOException {
    if (directory != null) {
      Files.deleteIfExists(file(directory, id));
      DurableFiles.syncDirectory(directory);
    }
  }

  /// Rooms that close from now on stay kept; waits until those that closed before are forgotten.
  @Override
  public void close() {
    stopping = true;
    deleter.shutdown();
    try {
      if (!deleter.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("rooms that closed may be open after a restart: the disk takes too long");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Path file(Path directory, RoomId id) {
    return directory.resolve(fileName(id) + SUFFIX);
  }

  /// The name itself if it is of ASCII. Others may be longer than file systems take, or have no
  /// form in the locale that the server runs in: their digest stands for them, after a sign that
  /// no name has.
  static String fileName(RoomId id) {
    String name = id.value();
    return name.chars().allMatch(c -> c < 0x80) ? name : "~" + digest(name);
  }

  private static String digest(String name) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(name.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private IllegalStateException cannotBeUsed(Exception cause) {
    return new IllegalStateException("data.dir: " + directory + " cannot be used: " + cause, cause);
  }

  /// A room as the directory of a cluster keeps it.
  static String text(KeptRoom room) {
    return json(room).toString();
  }

  /// Null if there is none, or it cannot be read: then the room is as rooms usually are.
  static @Nullable KeptRoom parse(String text) {
    if (text.isEmpty()) {
      return null;
    }
    try {
      return room(MAPPER.readTree(text), false);
    } catch (IOException | IllegalArgumentException e) {
      LOG.error("the directory's entry of a room is damaged: {}", e.toString());
      return null;
    }
  }

  private static ObjectNode json(KeptRoom room) {
    RoomSettings settings = room.spec().settings();
    ObjectNode json =
        MAPPER
            .createObjectNode()
            .put("room", room.id().value())
            .put("locked", room.locked())
            .put("made", room.spec().made())
            .put("metadata", room.spec().metadata())
            .put("maxParticipants", settings.maxParticipants())
            .put("maxTracks", settings.maxTracks())
            .put("maxSlots", settings.maxSlots())
            .put("emptyNanos", settings.emptyNanos())
            .put("unusedNanos", settings.unusedNanos())
            .put("direct", settings.direct());
    ArrayNode codecs = json.putArray("codecs");
    CodecNames.of(settings.codecs()).forEach(codecs::add);
    ArrayNode silences = json.putArray("silences");
    for (Silence each : room.silences()) {
      silences.addObject().put("person", each.person()).put("source", WireNames.of(each.source()));
    }
    if (room.rules() != null) {
      room.rules().putInto(json.putObject("rules"));
    }
    put(json, "hosts", room.hosts());
    put(json, "quieted", room.quieted());
    RoomEgress egress = room.egress();
    ParticipantId pinned = egress.pinned();
    json.put("broadcast", egress.broadcast())
        .put("pinned", pinned == null ? null : pinned.value())
        .put("recording", egress.recording());
    return json;
  }

  private static void put(ObjectNode json, String field, Set<String> texts) {
    ArrayNode array = json.putArray(field);
    texts.stream().sorted().forEach(array::add);
  }

  private static Set<String> texts(JsonNode array) {
    Set<String> texts = new HashSet<>();
    array.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  /// Throws IllegalArgumentException.
  private static KeptRoom room(JsonNode json, boolean direct) {
    List<String> codecs = new ArrayList<>();
    json.path("codecs").forEach(codec -> codecs.add(codec.asText()));
    var settings =
        new RoomSettings(
            positive(json, "maxParticipants"),
            positive(json, "maxTracks"),
            positive(json, "maxSlots"),
            json.path("emptyNanos").asLong(),
            json.path("unusedNanos").asLong(),
            CodecNames.parse(codecs),
            json.path("direct").asBoolean(direct));
    return new KeptRoom(
        new RoomId(json.path("room").asText()),
        new RoomSpec(settings, json.path("metadata").asText(), json.path("made").asBoolean()),
        json.path("locked").asBoolean(),
        silences(json.path("silences")),
        json.has("rules") ? RoomRules.USUAL.with(json.path("rules")) : null,
        texts(json.path("hosts")),
        texts(json.path("quieted")),
        egress(json));
  }

  private static RoomEgress egress(JsonNode json) {
    JsonNode pinned = json.path("pinned");
    return new RoomEgress(
        json.path("broadcast").asBoolean(),
        pinned.isTextual() ? new ParticipantId(pinned.asText()) : null,
        json.path("recording").asBoolean());
  }

  private static Set<Silence> silences(JsonNode json) {
    Set<Silence> silences = new HashSet<>();
    for (JsonNode each : json) {
      for (TrackSource source : TrackSource.values()) {
        if (WireNames.of(source).equals(each.path("source").asText())) {
          silences.add(new Silence(each.path("person").asText(), source));
        }
      }
    }
    return silences;
  }

  private static int positive(JsonNode json, String field) {
    int value = json.path(field).asInt();
    if (value < 1) {
      throw new IllegalArgumentException(field + " is missing");
    }
    return value;
  }
}
