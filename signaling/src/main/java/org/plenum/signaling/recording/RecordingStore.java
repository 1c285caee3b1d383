package org.plenum.signaling.recording;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.ShownText;
import org.plenum.signaling.data.DurableFiles;
import org.plenum.signaling.data.NotStoredException;
import org.plenum.signaling.recording.RecordingException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// The recordings below one directory. Any thread; blocks for files. Refusals are
/// [RecordingException]s, and what the disk does not take is a [NotStoredException].
public final class RecordingStore {
  /// What may be stored, without parameters: what browsers' MediaRecorders write.
  static final Set<String> CONTENT_TYPES =
      Set.of("video/webm", "audio/webm", "video/mp4", "audio/mp4");

  /// Of what people send each other in the chat: nothing that a browser would show.
  static final String FILE = "application/octet-stream";

  /// In code points.
  static final int MAX_TITLE = 200;

  static final int MAX_RECORDINGS_OF_ROOM = 500;

  /// So that nobody fills a room alone.
  static final int MAX_RECORDINGS_OF_OWNER = 100;

  /// Of one person in all rooms, not complete yet.
  static final int MAX_BEGUN_OF_OWNER = 10;

  /// Of all rooms: each costs two files and an entry in memory.
  static final int MAX_RECORDINGS = 50_000;

  /// An upload that has not grown for this long counts as over: its tab has crashed. The call
  /// would not have outlived it either.
  static final Duration ABANDONED = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(RecordingStore.class);
  private static final SecureRandom RANDOM = new SecureRandom();

  /// What a store keeps at most.
  ///
  /// @param bytesOfRoom of all recordings of a room
  /// @param bytes of all recordings of all rooms
  /// @param retention after which a recording is deleted
  public record Limits(long bytesOfRoom, long bytes, Duration retention) {}

  /// A new recording.
  ///
  /// @param key which its owner shows to add to it and to delete it
  public record Created(Recording recording, String key) {
    /// Without the key: it must never get into a log.
    @Override
    public String toString() {
      return "Created[recording=" + recording + "]";
    }
  }

  private final Path directory;
  private final Limits limits;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Map<RecordingId, StoredRecording> recordings = new ConcurrentHashMap<>();
  private final Quota quota;
  private final RecordingWriter writer;
  private final RoomRecordings rooms;

  private RecordingStore(Path directory, Limits limits, InstantSource clock, LongSupplier nanos) {
    this.directory = directory;
    this.limits = limits;
    this.quota = new Quota(limits.bytesOfRoom(), limits.bytes());
    this.clock = clock;
    this.nanos = nanos;
    this.writer = new RecordingWriter(quota, nanos);
    this.rooms = new RoomRecordings(directory, quota, clock);
  }

  /// Finds what is there. Throws IllegalStateException with one sentence if the directory cannot be
  /// used.
  ///
  /// @param clock dates recordings, and says which are too old
  /// @param nanos monotonic: says which are abandoned
  public static RecordingStore open(
      Path data, Limits limits, InstantSource clock, LongSupplier nanos) {
    Path directory = data.resolve("recordings");
    var store = new RecordingStore(directory, limits, clock, nanos);
    try {
      Files.createDirectories(directory);
      try (Stream<Path> files = Files.list(directory)) {
        files.filter(file -> file.toString().endsWith(StoredRecording.ABOUT)).forEach(store::load);
      }
      store.rooms.load();
    } catch (IOException | UncheckedIOException e) {
      throw new IllegalStateException(
          "recordings cannot be kept in " + directory + ": " + e.getMessage(), e);
    }
    return store;
  }

  /// Those that the server makes itself.
  public RoomRecordings rooms() {
    return rooms;
  }

  /// Begins a recording, which is empty, of nobody in particular.
  public Created create(RoomId room, String title, String contentType) {
    return create(room, title, contentType, "");
  }

  /// Begins a recording, which is empty.
  ///
  /// @param owner who begins it: an identity, or else an address; empty if that is not known
  public Created create(RoomId room, String title, String contentType, String owner) {
    String type = contentType.split(";", 2)[0].strip();
    if (!CONTENT_TYPES.contains(type)) {
      throw new RecordingException(
          Reason.INVALID, "contentType must be one of " + CONTENT_TYPES.stream().sorted().toList());
    }
    return begin(room, shown(title), type, owner);
  }

  /// Begins a file of a room's chat, which is empty.
  ///
  /// @param name as [FileName] leaves it
  public Created createFile(RoomId room, String name, String owner) {
    return begin(room, shown(name), FILE, owner);
  }

  private Created begin(RoomId room, String shown, String type, String owner) {
    String ownerHash = owner.isEmpty() ? "" : StoredRecording.hash(owner);
    requirePlace(room, ownerHash);
    byte[] secret = new byte[24];
    RANDOM.nextBytes(secret);
    String key = HexFormat.of().formatHex(secret);
    var recording = new Recording(RecordingId.next(), room, shown, type, clock.instant(), 0, false);
    var stored = new StoredRecording(directory, recording, StoredRecording.hash(key), ownerHash);
    stored.touchedNanos = nanos.getAsLong();
    try {
      Files.createFile(stored.media());
      stored.save(false);
    } catch (IOException e) {
      deleteUnborn(stored);
      throw notStored("the recording was not begun", e);
    }
    recordings.put(recording.id(), stored);
    return new Created(recording, key);
  }

  private static String shown(String title) {
    try {
      return ShownText.line("title", title, MAX_TITLE);
    } catch (IllegalArgumentException e) {
      throw new RecordingException(Reason.INVALID, String.valueOf(e.getMessage()));
    }
  }

  private void requirePlace(RoomId room, String ownerHash) {
    if (count(stored -> stored.room().equals(room)) >= MAX_RECORDINGS_OF_ROOM) {
      throw new RecordingException(
          Reason.TOO_LARGE,
          "room " + room + " has " + MAX_RECORDINGS_OF_ROOM + " recordings: delete some first");
    }
    if (recordings.size() >= MAX_RECORDINGS) {
      throw new RecordingException(
          Reason.TOO_LARGE, "this server has " + MAX_RECORDINGS + " recordings, the most it keeps");
    }
    if (ownerHash.isEmpty()) {
      return;
    }
    if (count(stored -> stored.isOf(ownerHash) && stored.room().equals(room))
        >= MAX_RECORDINGS_OF_OWNER) {
      throw new RecordingException(
          Reason.TOO_LARGE,
          "of one person a room keeps "
              + MAX_RECORDINGS_OF_OWNER
              + " recordings at most: delete some first");
    }
    if (count(stored -> stored.isOf(ownerHash) && !stored.complete) >= MAX_BEGUN_OF_OWNER) {
      throw new RecordingException(
          Reason.TOO_MANY,
          "one person may have begun " + MAX_BEGUN_OF_OWNER + " recordings at a time");
    }
  }

  private long count(Predicate<StoredRecording> which) {
    return recordings.values().stream().filter(which).count();
  }

  /// Adds to a recording what `in` brings, until it ends or fails: what came before stays. That it
  /// failed is [Reason#BROKEN_OFF] or [Reason#STALLED].
  ///
  /// @param offset where the caller thinks that it goes on
  /// @param last whether nothing more will come; a recording without a byte is deleted then
  /// @return how much is stored
  public Recording append(
      RoomId room, RecordingId id, String key, long offset, InputStream in, boolean last) {
    StoredRecording stored = owned(room, id, key);
    if (!stored.lock.tryLock()) {
      throw new RecordingException(
          Reason.BUSY, "another upload to this recording is at work", stored.bytes);
    }
    try {
      if (stored.complete) {
        throw new RecordingException(
            Reason.COMPLETE, "this recording is complete: begin another", stored.bytes);
      }
      if (offset != stored.bytes) {
        throw new RecordingException(
            Reason.WRONG_OFFSET,
            "Upload-Offset is " + offset + ", but " + stored.bytes + " bytes are stored",
            stored.bytes);
      }
      writer.write(stored, in);
      if (last) {
        complete(stored);
      }
      return stored.recording(); // an empty one that is complete is gone
    } catch (IOException e) {
      throw notStored("what was stored before is kept", e);
    } finally {
      stored.lock.unlock();
    }
  }

  /// The recordings of a room of which there is something, the latest first.
  public List<Recording> list(RoomId room) {
    return recordings.values().stream()
        .filter(stored -> stored.room().equals(room) && stored.bytes > 0)
        .map(StoredRecording::recording)
        .filter(each -> !each.isFile())
        .sorted(Comparator.comparing(Recording::created).reversed())
        .toList();
  }

  public Recording get(RoomId room, RecordingId id) {
    return find(room, id).recording();
  }

  /// Whether this is the key of its owner; false if there is no such recording.
  public boolean isOwner(RoomId room, RecordingId id, String key) {
    StoredRecording stored = recordings.get(id);
    return stored != null && stored.room().equals(room) && stored.isOwnedBy(key);
  }

  /// Where a recording's file is. It may be deleted or made seekable at any time: who has it open
  /// goes on with the file as it was.
  public Path file(RoomId room, RecordingId id) {
    return find(room, id).media();
  }

  /// Deletes a recording of one's own.
  public void delete(RoomId room, RecordingId id, String key) {
    delete(owned(room, id, key));
  }

  /// Deletes anybody's.
  public void delete(RoomId room, RecordingId id) {
    delete(find(room, id));
  }

  /// Deletes what is too old by the wall clock.
  public void deleteOld() {
    Instant now = clock.instant();
    rooms.deleteOld(now.minus(limits.retention()));
    for (StoredRecording stored : recordings.values()) {
      if (!now.isBefore(stored.recording().created().plus(limits.retention()))) {
        deleteOld(stored);
      }
    }
  }

  /// Completes what was abandoned, and deletes what is empty of it, whatever the wall clock says.
  public void completeAbandoned() {
    long latest = nanos.getAsLong() - ABANDONED.toNanos();
    for (StoredRecording stored : recordings.values()) {
      if (!stored.complete && latest - stored.touchedNanos >= 0) {
        completeAbandoned(stored);
      }
    }
  }

  private void load(Path about) {
    try {
      StoredRecording stored = StoredRecording.load(about);
      Files.deleteIfExists(stored.scratch());
      stored.touchedNanos = nanos.getAsLong();
      if (stored.complete && stored.bytes == 0) {
        stored.delete(); // an earlier version kept such
        return;
      }
      recordings.put(stored.recording().id(), stored);
      quota.add(stored.room(), stored.bytes);
    } catch (NoSuchFileException e) {
      forget(about);
    } catch (IOException e) {
      LOG.warn("a recording cannot be read and is left alone: {}", e.getMessage());
    }
  }

  /// Its media is gone: it was about to be deleted when the server ended.
  private static void forget(Path about) {
    try {
      Files.deleteIfExists(about);
      LOG.info("of a recording nothing but {} was left: deleted", about.getFileName());
    } catch (IOException e) {
      LOG.warn("what is left of a recording cannot be deleted: {}", e.toString());
    }
  }

  private static void deleteUnborn(StoredRecording stored) {
    try {
      stored.delete();
    } catch (IOException e) {
      at(LOG.atWarn(), stored).log("an empty recording is left behind: {}", e.toString());
    }
  }

  private void completeAbandoned(StoredRecording stored) {
    if (!stored.lock.tryLock()) {
      return;
    }
    try {
      if (!stored.complete) {
        complete(stored);
      }
    } catch (IOException e) {
      at(LOG.atWarn(), stored).setCause(e).log("a recording cannot be completed");
    } finally {
      stored.lock.unlock();
    }
  }

  private void complete(StoredRecording stored) throws IOException {
    if (stored.bytes == 0) {
      stored.delete();
      stored.complete = true;
      recordings.remove(stored.recording().id(), stored);
      return;
    }
    // First: what is seekable has another length, at which nothing can be added.
    stored.save(true);
    if (stored.recording().contentType().endsWith("/webm")) {
      makeSeekable(stored);
    }
    stored.complete = true;
  }

  /// Leaves it as it is if it is not what it should be: it may play all the same.
  private void makeSeekable(StoredRecording stored) {
    long bytes = 0;
    try {
      SeekableWebm.write(stored.media(), stored.scratch());
      bytes = Files.size(stored.scratch());
      DurableFiles.moveInto(stored.scratch(), stored.media());
    } catch (IOException e) {
      at(LOG.atInfo(), stored).log("a recording may stay as it came: {}", e.toString());
    }
    // It may be in its place though the directory was not synced.
    if (bytes > 0 && Files.notExists(stored.scratch())) {
      quota.add(stored.room(), bytes - stored.bytes);
      stored.bytes = bytes;
    } else {
      deleteScratch(stored);
    }
  }

  private static void deleteScratch(StoredRecording stored) {
    try {
      Files.deleteIfExists(stored.scratch());
    } catch (IOException e) {
      at(LOG.atWarn(), stored).log("a part of a recording is left behind: {}", e.toString());
    }
  }

  private void deleteOld(StoredRecording stored) {
    try {
      delete(stored);
    } catch (RecordingException | NotStoredException e) {
      at(LOG.atWarn(), stored).log("a recording cannot be deleted yet: {}", e.getMessage());
    }
  }

  private void delete(StoredRecording stored) {
    if (!stored.lock.tryLock()) {
      throw new RecordingException(
          Reason.BUSY, "an upload to this recording is at work: try again in a second");
    }
    try {
      stored.delete();
      stored.complete = true;
    } catch (IOException e) {
      throw notStored("the recording is not deleted for good", e);
    } finally {
      stored.lock.unlock();
    }
    if (recordings.remove(stored.recording().id(), stored)) {
      quota.add(stored.room(), -stored.bytes);
    }
  }

  private StoredRecording owned(RoomId room, RecordingId id, String key) {
    StoredRecording stored = find(room, id);
    if (!stored.isOwnedBy(key)) {
      throw new RecordingException(Reason.FORBIDDEN, "this recording belongs to somebody else");
    }
    return stored;
  }

  private StoredRecording find(RoomId room, RecordingId id) {
    StoredRecording stored = recordings.get(id);
    if (stored == null || !stored.room().equals(room)) {
      throw new RecordingException(Reason.UNKNOWN, "room " + room + " has no such recording");
    }
    return stored;
  }

  /// @param what holds now
  private static NotStoredException notStored(String what, IOException cause) {
    return new NotStoredException("the server's disk did not take it; " + what, cause);
  }

  private static LoggingEventBuilder at(LoggingEventBuilder line, StoredRecording stored) {
    return line.addKeyValue("room", stored.room())
        .addKeyValue("recording", stored.recording().id());
  }
}
