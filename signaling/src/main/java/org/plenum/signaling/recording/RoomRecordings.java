package org.plenum.signaling.recording;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.live.Recordings;
import org.plenum.broadcast.recording.RecordingEnd;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.bucket.Bucket;
import org.plenum.signaling.data.NotStoredException;
import org.plenum.signaling.recording.RecordingException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The recordings that the server makes, each in a folder of its own beside those of browsers, with
/// the same quota and retention; where there is a bucket they go there when they have ended. Any
/// thread; blocks for files and for the bucket.
public final class RoomRecordings {
  private static final Logger LOG = LoggerFactory.getLogger(RoomRecordings.class);

  private static final String SPEAKERS = "speakers.txt";

  private static final RecordingEnd BROKEN_OFF =
      new RecordingEnd(RecordingEnd.Reason.INTERRUPTED, "the server ended while it recorded");

  private final RecordingFolders folders;
  private final Quota quota;
  private final InstantSource clock;
  private final IntSupplier others;
  private final Map<RecordingId, RoomRecording> recordings = new ConcurrentHashMap<>();

  /// Those that broke off and are not mended yet: until then they are not listed.
  private final Map<RecordingId, RoomRecording> broken = new ConcurrentHashMap<>();

  private volatile boolean closed;

  /// Null: they stay on the disk.
  private final @Nullable Bucket bucket;

  private final @Nullable RecordingUploads uploads;

  /// @param others how many there are of browsers'
  /// @param bucket to which they go when they have ended, by `uploads`; both null: they stay
  RoomRecordings(
      Path directory,
      Quota quota,
      InstantSource clock,
      IntSupplier others,
      @Nullable Bucket bucket,
      @Nullable RecordingUploads uploads) {
    this.folders = new RecordingFolders(directory);
    this.quota = quota;
    this.clock = clock;
    this.others = others;
    this.bucket = bucket;
    this.uploads = uploads;
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
    if (count() + others.getAsInt() >= RecordingStore.MAX_RECORDINGS) {
      throw new RefusedException(
          RefusedException.Reason.OVERLOADED,
          "this server has "
              + RecordingStore.MAX_RECORDINGS
              + " recordings, the most it keeps: delete some first");
    }
    var fresh = new RoomRecording(RecordingId.next(), room, clock.instant(), folders);
    // It counts from the first byte on, so that one that never began leaves nothing.
    Runnable onBegun = () -> recordings.putIfAbsent(fresh.id(), fresh);
    var storage =
        new RecordingFolder(
            fresh, folders.folder(fresh.id()), quota, names, onBegun, () -> upload(fresh));
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

  /// Opens one of its files, or its manifest, for reading.
  ///
  /// @param name as its manifest has it
  public StoredFile read(RoomRecording recording, String name) throws IOException {
    if (!isKept(name)) {
      throw new RecordingException(Reason.UNKNOWN, "this recording has no such file");
    }
    RecordingPlace place = recording.place();
    try {
      return place.open(recording.id(), name);
    } catch (NoSuchFileException e) {
      if (place != recording.place()) {
        return read(recording, name); // it has just moved
      }
      throw new RecordingException(Reason.UNKNOWN, "this recording has no such file");
    } catch (IOException e) {
      if (place != folders) {
        throw unavailable(e);
      }
      throw e;
    }
  }

  /// Deletes one that is complete.
  public void delete(RoomRecording recording) {
    if (recording.end() == null) {
      throw new RecordingException(Reason.BUSY, "this recording goes on: stop it first");
    }
    RecordingPlace place = recording.leave();
    try {
      place.delete(recording.id());
    } catch (IOException | UncheckedIOException e) {
      recording.stay();
      if (place != folders) {
        throw unavailable(new IOException(e));
      }
      upload(recording);
      throw new NotStoredException("the recording is not deleted for good", new IOException(e));
    }
    if (recordings.remove(recording.id(), recording)) {
      quota.add(recording.room(), -recording.bytes());
    }
  }

  /// @param before those that were begun earlier are deleted
  /// @param inBucket those there; else those on the disk
  void deleteOld(Instant before, boolean inBucket) {
    for (RoomRecording recording : recordings.values()) {
      if (recording.end() != null
          && !recording.created().isAfter(before)
          && (recording.place() != folders) == inBucket) {
        try {
          delete(recording);
        } catch (NotStoredException | RecordingException e) {
          LOG.atWarn()
              .addKeyValue("room", recording.room())
              .addKeyValue("recording", recording.id())
              .log("a recording cannot be deleted yet: {}", e.getMessage());
        }
      }
    }
  }

  /// Finds what is there. What broke off is mended by [#mend].
  void load() throws IOException {
    try (Stream<Path> there = Files.list(folders.directory())) {
      there.filter(Files::isDirectory).forEach(this::load);
    }
  }

  /// Mends what broke off, one after another. Blocks for as long as it takes to write that anew;
  /// what was not mended when [#close] was called is mended after the next start.
  void mend() {
    for (RoomRecording recording : List.copyOf(broken.values())) {
      if (!closed) {
        mend(recording);
      }
    }
  }

  /// Nothing more is mended.
  void close() {
    closed = true;
  }

  private void load(Path folder) {
    try {
      ObjectNode manifest = RecordingFolder.manifest(folder);
      var recording =
          new RoomRecording(
              new RecordingId(folder.getFileName().toString()),
              new RoomId(manifest.path("room").asText()),
              Instant.parse(manifest.path("started").asText()),
              folders);
      if (manifest.path("complete").asBoolean()) {
        known(recording, manifest, size(folder));
        upload(recording);
      } else {
        broken.put(recording.id(), recording);
      }
    } catch (IOException | RuntimeException e) {
      leave(folder, e);
    }
  }

  private void mend(RoomRecording recording) {
    Path folder = folders.folder(recording.id());
    try {
      ObjectNode manifest = RecordingFolder.manifest(folder);
      RecordingMending.mend(folder, manifest, BROKEN_OFF);
      LOG.info("a recording that broke off was mended: {}", folder.getFileName());
      known(recording, manifest, size(folder));
      upload(recording);
    } catch (IOException | RuntimeException e) {
      leave(folder, e);
    }
    broken.remove(recording.id());
  }

  private static void leave(Path folder, Exception why) {
    LOG.warn("the recording in {} cannot be read and is left alone: {}", folder, why.toString());
  }

  private void known(RoomRecording recording, ObjectNode manifest, long bytes) {
    recording.update(
        manifest.path("seconds").asDouble(),
        manifest.path("tracks").size(),
        manifest.path("end").path("reason").asText());
    recording.add(bytes);
    if (recordings.putIfAbsent(recording.id(), recording) == null) {
      quota.add(recording.room(), recording.bytes());
    }
  }

  boolean knows(RecordingId id) {
    return recordings.containsKey(id) || broken.containsKey(id);
  }

  /// How many there are.
  int count() {
    return recordings.size() + broken.size();
  }

  /// Those that are not on the disk.
  Stream<RecordingId> inBucket() {
    return recordings.values().stream()
        .filter(recording -> recording.place() != folders)
        .map(RoomRecording::id);
  }

  /// Takes one that lies elsewhere into the list.
  ///
  /// @param manifest as it was written
  /// @param bytes of all its files
  /// @throws IOException if it is no manifest
  /// @throws RuntimeException if it is damaged
  void adopt(RecordingId id, byte[] manifest, long bytes, RecordingPlace place) throws IOException {
    ObjectNode json = RecordingManifest.read(manifest);
    var recording =
        new RoomRecording(
            id,
            new RoomId(json.path("room").asText()),
            Instant.parse(json.path("started").asText()),
            place);
    known(recording, json, bytes);
  }

  /// It has gone from where it was.
  void forget(RecordingId id) {
    RoomRecording recording = recordings.remove(id);
    if (recording != null) {
      quota.add(recording.room(), -recording.bytes());
    }
  }

  /// Takes it to the bucket, if there is one.
  private void upload(RoomRecording recording) {
    if (bucket != null && uploads != null) {
      uploads.add(new Folder(recording, folders, new RecordingBucket(bucket)));
    }
  }

  /// On its way to the bucket.
  private record Folder(RoomRecording about, RecordingFolders folders, RecordingBucket place)
      implements Parcel {
    @Override
    public RecordingId recording() {
      return about.id();
    }

    @Override
    public List<Content> contents() throws IOException {
      try (Stream<Path> files = Files.list(folders.folder(about.id()))) {
        return files
            .map(file -> new Content(file.getFileName().toString(), file))
            .filter(file -> isKept(file.name()))
            .sorted(
                Comparator.<Content, Boolean>comparing(
                        file -> file.name().equals(RecordingFolder.MANIFEST))
                    .thenComparing(Content::name))
            .toList();
      }
    }

    @Override
    public boolean isGone() {
      return about.isGone();
    }

    @Override
    public boolean arrived() {
      if (!about.moveTo(place)) {
        return false;
      }
      try {
        folders.delete(about.id());
      } catch (IOException | UncheckedIOException e) {
        LOG.atWarn()
            .addKeyValue("room", about.room())
            .addKeyValue("recording", about.id())
            .log("a recording is in the bucket, and cannot be deleted here: {}", e.toString());
      }
      return true;
    }
  }

  private static boolean isKept(String name) {
    return name.equals(RecordingFolder.MANIFEST)
        || name.equals(SPEAKERS)
        || RecordingFolder.FILE.matcher(name).matches();
  }

  static RecordingException unavailable(IOException cause) {
    LOG.warn("the bucket with recordings does not serve: {}", cause.toString());
    return new RecordingException(
        Reason.UNAVAILABLE, "the storage in which this recording is does not answer");
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
}
