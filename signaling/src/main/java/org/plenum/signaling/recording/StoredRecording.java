package org.plenum.signaling.recording;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.data.DurableFiles;

/// A recording and its two files: `<id>.media`, and `<id>.json` with what is known of it. In a
/// bucket they are `media` and `about.json` below its id.
final class StoredRecording {
  private static final JsonMapper MAPPER = new JsonMapper();
  static final String ABOUT = ".json";

  /// In a bucket.
  static final String ABOUT_NAME = "about.json";

  /// In a bucket.
  static final String MEDIA_NAME = "media";

  private static final String MEDIA = ".media";

  /// Held while the media file is written.
  final ReentrantLock lock = new ReentrantLock();

  private final Path directory;
  private final RecordingId id;
  private final RoomId room;
  private final String title;
  private final String contentType;
  private final Instant created;
  private final String keyHash;

  /// Of who began it; empty if that was not known.
  private final String ownerHash;

  volatile long bytes;
  volatile boolean complete;
  volatile boolean deleted;

  /// Where it is if it is not on the disk.
  volatile @Nullable RecordingPlace elsewhere;

  /// When it grew last: monotonic.
  volatile long touchedNanos;

  StoredRecording(Path directory, Recording recording, String keyHash, String ownerHash) {
    this.directory = directory;
    this.id = recording.id();
    this.room = recording.room();
    this.title = recording.title();
    this.contentType = recording.contentType();
    this.created = recording.created();
    this.keyHash = keyHash;
    this.ownerHash = ownerHash;
    this.bytes = recording.bytes();
    this.complete = recording.complete();
  }

  /// Throws IOException if it is not what [#save] wrote, NoSuchFileException if all that is left of
  /// a recording is what [#save] wrote.
  static StoredRecording load(Path about) throws IOException {
    JsonNode json = MAPPER.readTree(about.toFile());
    String name = about.getFileName().toString();
    try {
      var id = new RecordingId(name.substring(0, name.length() - ABOUT.length()));
      return of(about.resolveSibling(""), id, json, Files.size(about.resolveSibling(id + MEDIA)));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException(about + " is damaged: " + e.getMessage(), e);
    }
  }

  /// One that lies elsewhere. Throws IOException if that is not what [#save] wrote.
  ///
  /// @param about what is known of it
  static StoredRecording elsewhere(
      Path directory, RecordingId id, byte[] about, long bytes, RecordingPlace place)
      throws IOException {
    try {
      StoredRecording stored = of(directory, id, MAPPER.readTree(about), bytes);
      stored.elsewhere = place;
      return stored;
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException("what is known of it is damaged: " + e.getMessage(), e);
    }
  }

  private static StoredRecording of(Path directory, RecordingId id, JsonNode json, long bytes) {
    var recording =
        new Recording(
            id,
            new RoomId(json.path("room").asText()),
            json.path("title").asText(),
            json.path("contentType").asText(),
            Instant.parse(json.path("created").asText()),
            bytes,
            json.path("complete").asBoolean());
    return new StoredRecording(
        directory, recording, json.path("keyHash").asText(), json.path("ownerHash").asText());
  }

  /// Writes what is known of it: on the disk when this returns.
  ///
  /// @param complete whether nothing more will come
  void save(boolean complete) throws IOException {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("room", room.value()).put("title", title);
    json.put("contentType", contentType).put("created", created.toString());
    json.put("complete", complete).put("keyHash", keyHash);
    json.put("ownerHash", ownerHash);
    DurableFiles.replace(about(), MAPPER.writeValueAsBytes(json));
  }

  /// From where it is.
  void delete() throws IOException {
    RecordingPlace place = elsewhere;
    if (place != null) {
      place.delete(id);
    } else {
      deleteFiles();
    }
  }

  /// From the disk.
  void deleteFiles() throws IOException {
    // The description last: without it nobody would find the media again.
    Files.deleteIfExists(media());
    Files.deleteIfExists(about());
    DurableFiles.syncDirectory(directory);
  }

  Path media() {
    return directory.resolve(id + MEDIA);
  }

  Path about() {
    return directory.resolve(id + ABOUT);
  }

  Path scratch() {
    return directory.resolve(id + ".scratch");
  }

  Recording recording() {
    return new Recording(id, room, title, contentType, created, bytes, complete);
  }

  /// Whether somebody with this hash began it.
  boolean isOf(String hash) {
    return ownerHash.equals(hash);
  }

  RoomId room() {
    return room;
  }

  boolean isOwnedBy(String key) {
    return MessageDigest.isEqual(
        keyHash.getBytes(StandardCharsets.US_ASCII), hash(key).getBytes(StandardCharsets.US_ASCII));
  }

  static String hash(String key) {
    try {
      byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
