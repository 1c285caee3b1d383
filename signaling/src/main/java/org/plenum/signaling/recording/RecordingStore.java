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
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.ShownText;
import org.plenum.signaling.bucket.Bucket;
import org.plenum.signaling.clock.ClockWatch;
import org.plenum.signaling.data.DurableFiles;
import org.plenum.signaling.data.NotStoredException;
import org.plenum.signaling.recording.RecordingException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// The recordings below one directory, and in a bucket where there is one: what is complete goes
/// there, and from the disk. Any thread; blocks for files and for the bucket. Refusals are
/// [RecordingException]s, and what the disk does not take is a [NotStoredException].
public final class RecordingStore implements AutoCloseable {
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

  /// Null: everything stays on the disk.
  private final @Nullable Bucket bucket;

  private final @Nullable RecordingUploads uploads;
  private @Nullable BucketIndex index;

  private RecordingStore(
      Path directory,
      Limits limits,
      InstantSource clock,
      LongSupplier nanos,
      @Nullable Bucket bucket,
      @Nullable RecordingUploads uploads) {
    this.directory = directory;
    this.limits = limits;
    this.quota = new Quota(limits.bytesOfRoom(), limits.bytes());
    this.clock = clock;
    this.nanos = nanos;
    this.writer = new RecordingWriter(quota, nanos);
    this.rooms = new RoomRecordings(directory, quota, clock, recordings::size, bucket, uploads);
    this.bucket = bucket;
    this.uploads = uploads;
  }

  /// Finds what is there. Throws IllegalStateException with one sentence if the directory cannot be
  /// used.
  ///
  /// @param clock dates recordings, and says which are too old
  /// @param nanos monotonic: says which are abandoned
  public static RecordingStore open(
      Path data, Limits limits, InstantSource clock, LongSupplier nanos) {
    return open(data, limits, clock, nanos, null);
  }

  /// Finds what is there, brings to a bucket what is complete, and looks what there is in it.
  /// Throws IllegalStateException with one sentence if the directory cannot be used; whether the
  /// bucket can be used is found out later.
  ///
  /// @param bucket closed with this; null: there is none
  public static RecordingStore open(
      Path data, Limits limits, InstantSource clock, LongSupplier nanos, @Nullable Bucket bucket) {
    RecordingUploads uploads =
        bucket == null
            ? null
            : new RecordingUploads(
                bucket, RecordingUploads.PIECE_BYTES, RecordingUploads.FIRST_PAUSE, nanos);
    return open(data, limits, clock, nanos, bucket, uploads);
  }

  static RecordingStore open(
      Path data,
      Limits limits,
      InstantSource clock,
      LongSupplier nanos,
      @Nullable Bucket bucket,
      @Nullable RecordingUploads uploads) {
    Path directory = data.resolve("recordings");
    var store = new RecordingStore(directory, limits, clock, nanos, bucket, uploads);
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
    store.start();
    return store;
  }

  private void start() {
    // A large one takes long, and nobody's call is to wait for that.
    Thread.ofPlatform().daemon().name("recording-mending").start(rooms::mend);
    if (uploads != null) {
      uploads.start();
    }
    if (bucket != null) {
      var watch = new ClockWatch(clock);
      index = new BucketIndex(bucket, this, () -> !watch.hasJumped(), nanos);
      index.start();
      LOG.info("recordings that are complete go to {}", bucket);
    }
  }

  @Override
  public void close() {
    rooms.close();
    if (index != null) {
      index.close();
    }
    if (uploads != null) {
      uploads.close();
    }
    if (bucket != null) {
      bucket.close();
    }
  }

  /// On the way to the bucket; null if there is none.
  public @Nullable RecordingUploads uploads() {
    return uploads;
  }

  /// For how long the bucket has taken nothing, or not said what is in it, in seconds; 0 while all
  /// is well.
  public double bucketFailingSeconds() {
    return Math.max(
        uploads == null ? 0 : uploads.failingSeconds(), index == null ? 0 : index.failingSeconds());
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
    if (recordings.size() + rooms.count() >= MAX_RECORDINGS) {
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

  /// Opens a recording's file for reading; it may be deleted, moved or made seekable meanwhile: who
  /// has it open goes on with the file as it was.
  public StoredFile read(RoomId room, RecordingId id) throws IOException {
    StoredRecording stored = find(room, id);
    RecordingPlace place = stored.elsewhere;
    try {
      return place == null
          ? StoredFile.open(stored.media())
          : place.open(id, StoredRecording.MEDIA_NAME);
    } catch (NoSuchFileException e) {
      if (place != stored.elsewhere) {
        return read(room, id); // it has just moved
      }
      throw new RecordingException(Reason.UNKNOWN, "the file of this recording is gone");
    } catch (IOException e) {
      if (place != null) {
        throw RoomRecordings.unavailable(e);
      }
      throw e;
    }
  }

  /// Deletes a recording of one's own.
  public void delete(RoomId room, RecordingId id, String key) {
    delete(owned(room, id, key));
  }

  /// Deletes anybody's.
  public void delete(RoomId room, RecordingId id) {
    delete(find(room, id));
  }

  /// Deletes what is on the disk and too old by the wall clock.
  public void deleteOld() {
    deleteOld(false);
  }

  /// Deletes what is in the bucket and too old by the wall clock.
  void deleteOldInBucket() {
    deleteOld(true);
  }

  private void deleteOld(boolean inBucket) {
    Instant oldest = oldest();
    rooms.deleteOld(oldest, inBucket);
    for (StoredRecording stored : recordings.values()) {
      if (!stored.recording().created().isAfter(oldest) && (stored.elsewhere != null) == inBucket) {
        deleteOld(stored);
      }
    }
  }

  /// What was begun earlier is too old by the wall clock.
  Instant oldest() {
    return clock.instant().minus(limits.retention());
  }

  /// Whether there is one of this name, wherever it is.
  boolean knows(RecordingId id) {
    return recordings.containsKey(id) || rooms.knows(id);
  }

  /// Those that are in the bucket.
  Set<RecordingId> inBucket() {
    Set<RecordingId> there =
        recordings.values().stream()
            .filter(stored -> stored.elsewhere != null)
            .map(stored -> stored.recording().id())
            .collect(Collectors.toCollection(HashSet::new));
    rooms.inBucket().forEach(there::add);
    return there;
  }

  /// Takes one that lies elsewhere into the lists.
  ///
  /// @param saying the name of what says what it is
  /// @param content of that
  /// @param bytes of all its files
  /// @throws IOException if it is not what this server wrote
  /// @throws RuntimeException if it is damaged
  void adopt(RecordingId id, String saying, byte[] content, long bytes, RecordingPlace place)
      throws IOException {
    if (recordings.size() + rooms.count() >= MAX_RECORDINGS) {
      throw new IOException("this server has " + MAX_RECORDINGS + " recordings");
    }
    if (saying.equals(RecordingFolder.MANIFEST)) {
      rooms.adopt(id, content, bytes, place);
      return;
    }
    StoredRecording stored =
        StoredRecording.elsewhere(directory, id, content, bytes - content.length, place);
    if (recordings.putIfAbsent(id, stored) == null) {
      quota.add(stored.room(), stored.bytes);
    }
  }

  /// It has gone from the bucket.
  void forget(RecordingId id) {
    StoredRecording stored = recordings.remove(id);
    if (stored != null) {
      quota.add(stored.room(), -stored.bytes);
    }
    rooms.forget(id);
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
      if (stored.complete) {
        upload(stored);
      }
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
    upload(stored);
  }

  private void upload(StoredRecording stored) {
    if (bucket != null && uploads != null) {
      uploads.add(new Media(stored, new RecordingBucket(bucket)));
    }
  }

  /// On its way to the bucket.
  private record Media(StoredRecording stored, RecordingBucket place) implements Parcel {
    @Override
    public RecordingId recording() {
      return stored.recording().id();
    }

    @Override
    public List<Content> contents() {
      return List.of(
          new Content(StoredRecording.MEDIA_NAME, stored.media()),
          new Content(StoredRecording.ABOUT_NAME, stored.about()));
    }

    @Override
    public boolean isGone() {
      return stored.deleted;
    }

    @Override
    public boolean arrived() {
      stored.lock.lock();
      try {
        if (stored.deleted) {
          return false;
        }
        stored.elsewhere = place;
        stored.deleteFiles();
      } catch (IOException e) {
        at(LOG.atWarn(), stored)
            .log("a recording is in the bucket, and cannot be deleted here: {}", e.toString());
      } finally {
        stored.lock.unlock();
      }
      return true;
    }
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
    RecordingPlace place = stored.elsewhere;
    try {
      stored.delete();
      stored.complete = true;
      stored.deleted = true;
    } catch (IOException e) {
      throw place == null
          ? notStored("the recording is not deleted for good", e)
          : RoomRecordings.unavailable(e);
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
