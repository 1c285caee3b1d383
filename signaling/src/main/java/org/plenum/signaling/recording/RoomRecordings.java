package org.plenum.signaling.recording;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.live.Recordings;
import org.plenum.broadcast.recording.RecordingEnd;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.data.DurableFiles;
import org.plenum.signaling.data.NotStoredException;
import org.plenum.signaling.recording.RecordingException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The recordings that the server makes, each in a folder of its own beside those of browsers, with
/// the same quota and retention. Any thread; blocks for files.
public final class RoomRecordings {
  private static final Logger LOG = LoggerFactory.getLogger(RoomRecordings.class);

  private static final String SPEAKERS = "speakers.txt";

  private static final RecordingEnd BROKEN_OFF =
      new RecordingEnd(RecordingEnd.Reason.INTERRUPTED, "the server ended while it recorded");

  private final Path directory;
  private final Quota quota;
  private final InstantSource clock;
  private final Map<RecordingId, RoomRecording> recordings = new ConcurrentHashMap<>();

  RoomRecordings(Path directory, Quota quota, InstantSource clock) {
    this.directory = directory;
    this.quota = quota;
    this.clock = clock;
  }

  /// Makes a place for another recording.
  ///
  /// @param names of the room's participants; empty if one is not known. May block and refuse
  public Recordings.Place make(RoomId room, Function<ParticipantId, String> names) {
    if (list(room).size() >= RecordingStore.MAX_RECORDINGS_OF_ROOM) {
      throw new RefusedException(
          RefusedException.Reason.FORBIDDEN,
          "room "
              + room
              + " has "
              + RecordingStore.MAX_RECORDINGS_OF_ROOM
              + " recordings: delete some first");
    }
    var fresh = new RoomRecording(RecordingId.next(), room, clock.instant());
    // It counts from the first byte on, so that one that never began leaves nothing.
    Runnable onBegun = () -> recordings.putIfAbsent(fresh.id(), fresh);
    var storage = new RecordingFolder(fresh, folder(fresh.id()), quota, names, onBegun);
    return new Recordings.Place(fresh.id().value(), storage);
  }

  /// The recordings of a room, the latest first.
  public List<RoomRecording> list(RoomId room) {
    return recordings.values().stream()
        .filter(recording -> recording.room().equals(room))
        .sorted(Comparator.comparing(RoomRecording::created).reversed())
        .toList();
  }

  /// Null if there is none.
  public @Nullable RoomRecording find(RoomId room, RecordingId id) {
    RoomRecording found = recordings.get(id);
    return found != null && found.room().equals(room) ? found : null;
  }

  /// Where one of its files is, or its manifest; it need not be there.
  ///
  /// @param name as its manifest has it
  public Path file(RoomRecording recording, String name) {
    if (!name.equals(RecordingFolder.MANIFEST)
        && !name.equals(SPEAKERS)
        && !RecordingFolder.FILE.matcher(name).matches()) {
      throw new RecordingException(Reason.UNKNOWN, "this recording has no such file");
    }
    return folder(recording.id()).resolve(name);
  }

  /// Deletes one that is complete.
  public void delete(RoomRecording recording) {
    if (recording.end() == null) {
      throw new RecordingException(Reason.BUSY, "this recording goes on: stop it first");
    }
    try {
      deleteFolder(folder(recording.id()));
    } catch (IOException | UncheckedIOException e) {
      throw new NotStoredException("the recording is not deleted for good", new IOException(e));
    }
    if (recordings.remove(recording.id(), recording)) {
      quota.add(recording.room(), -recording.bytes());
    }
  }

  /// @param before those that were begun earlier are deleted
  void deleteOld(Instant before) {
    for (RoomRecording recording : recordings.values()) {
      if (recording.end() != null && !recording.created().isAfter(before)) {
        try {
          delete(recording);
        } catch (NotStoredException e) {
          LOG.atWarn()
              .addKeyValue("room", recording.room())
              .addKeyValue("recording", recording.id())
              .log("a recording cannot be deleted yet: {}", e.getMessage());
        }
      }
    }
  }

  /// Finds what is there, and mends what broke off.
  void load() throws IOException {
    try (Stream<Path> folders = Files.list(directory)) {
      folders.filter(Files::isDirectory).forEach(this::load);
    }
  }

  private void load(Path folder) {
    try {
      ObjectNode manifest = RecordingFolder.manifest(folder);
      var recording =
          new RoomRecording(
              new RecordingId(folder.getFileName().toString()),
              new RoomId(manifest.path("room").asText()),
              Instant.parse(manifest.path("started").asText()));
      if (!manifest.path("complete").asBoolean()) {
        RecordingMending.mend(folder, manifest, BROKEN_OFF);
        LOG.info("a recording that broke off was mended: {}", folder.getFileName());
      }
      recording.update(
          manifest.path("seconds").asDouble(),
          manifest.path("tracks").size(),
          manifest.path("end").path("reason").asText());
      recording.add(size(folder));
      recordings.put(recording.id(), recording);
      quota.add(recording.room(), recording.bytes());
    } catch (IOException | RuntimeException e) {
      LOG.warn("the recording in {} cannot be read and is left alone: {}", folder, e.toString());
    }
  }

  private Path folder(RecordingId id) {
    return directory.resolve(id.value());
  }

  private static long size(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      long sum = 0;
      for (Path file : files.toList()) {
        sum += Files.size(file);
      }
      return sum;
    }
  }

  private static void deleteFolder(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return;
    }
    // The manifest last: without it nobody would find the rest again.
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        if (!file.endsWith(RecordingFolder.MANIFEST)) {
          Files.deleteIfExists(file);
        }
      }
    }
    Files.deleteIfExists(folder.resolve(RecordingFolder.MANIFEST));
    Files.delete(folder);
    DurableFiles.syncDirectory(folder.toAbsolutePath().resolveSibling(""));
  }
}
