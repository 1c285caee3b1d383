package org.plenum.signaling.recording;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.broadcast.live.Recordings;
import org.plenum.broadcast.recording.RecordedRoom;
import org.plenum.broadcast.recording.RecordingEnd;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.bucket.Bucket;
import org.plenum.signaling.bucket.S3Server;
import org.plenum.signaling.recording.RecordingException.Reason;
import org.plenum.signaling.recording.RecordingStore.Created;
import org.plenum.signaling.recording.RecordingStore.Limits;

/// What is complete goes to a bucket: S3Proxy's.
class RecordingBucketTest {
  private static final RoomId BLUE = new RoomId("blue");
  private static final Limits LIMITS = new Limits(40 << 20, 60 << 20, Duration.ofDays(30));
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path data;
  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private S3Server server;
  private RecordingStore store;

  @BeforeEach
  void start() throws Exception {
    server = new S3Server();
    open();
  }

  @AfterEach
  void stop() throws Exception {
    store.close();
    server.close();
  }

  private void open() {
    Bucket bucket = server.bucket("plenum/");
    var uploads =
        new RecordingUploads(
            bucket, Bucket.LEAST_PART_BYTES, Duration.ofMillis(20), System::nanoTime);
    store = RecordingStore.open(data, LIMITS, () -> now, System::nanoTime, bucket, uploads);
  }

  @Test
  void whatABrowserRecordedMovesThereAndIsReadThere() throws Exception {
    byte[] film = random(100_000);
    Created created = store.create(BLUE, "Ada", "video/mp4", "ada");
    RecordingId id = created.recording().id();
    append(created, film);
    eventually(() -> files().isEmpty());

    assertEquals(
        List.of("plenum/" + id + "/about.json", "plenum/" + id + "/media"), server.names());
    Recording listed = store.list(BLUE).getFirst();
    assertEquals(film.length, listed.bytes());
    assertTrue(listed.complete());
    assertArrayEquals(film, all(store.read(BLUE, id)));
    try (StoredFile bytes = store.read(BLUE, id)) {
      ByteBuffer some = ByteBuffer.allocate(10);
      assertEquals(10, bytes.read(some, 99_990));
      assertArrayEquals(java.util.Arrays.copyOfRange(film, 99_990, 100_000), some.array());
      assertEquals(-1, bytes.read(some.clear(), 100_000));
    }
    assertTrue(store.isOwner(BLUE, id, created.key()));
    assertEquals(Reason.COMPLETE, refused(() -> append(created, film)).reason());

    store.delete(BLUE, id, created.key());
    assertEquals(List.of(), server.names());
    assertEquals(List.of(), store.list(BLUE));
  }

  @Test
  void whatTheServerRecordedGoesInPartsWithItsManifestLast() throws Exception {
    byte[] film = random(2 * Bucket.LEAST_PART_BYTES + 1_000);
    RoomRecording recording = record(film);
    eventually(() -> files().isEmpty());

    String folder = "plenum/" + recording.id() + "/";
    assertEquals(List.of(folder + "0001-camera.webm", folder + "manifest.json"), server.names());
    assertArrayEquals(film, all(store.rooms().read(recording, "0001-camera.webm")));
    assertTrue(
        new String(all(store.rooms().read(recording, "manifest.json")), UTF_8).contains("stopped"));
    assertEquals(
        Reason.UNKNOWN, refused(() -> store.rooms().read(recording, "0002-camera.webm")).reason());
    assertEquals(1, uploads().uploaded());
    assertTrue(uploads().bytes() > film.length);

    store.rooms().delete(recording);
    assertEquals(List.of(), server.names());
  }

  @Test
  void whileTheBucketIsAwayAllStaysAndCallsGoOn() throws Exception {
    server.stop();
    RoomRecording recording = record(random(7 << 20));
    eventually(() -> uploads().failures() > 2);
    assertEquals(1, uploads().waiting());
    assertTrue(store.bucketFailingSeconds() > 0);
    assertEquals(7 << 20, all(store.rooms().read(recording, "0001-camera.webm")).length);
    RoomRecording another = record(random(1_000));

    // as after a restart
    store.close();
    open();
    assertEquals(2, uploads().waiting());
    server.start();
    eventually(() -> files().isEmpty() && uploads().waiting() == 0);
    assertEquals(2, uploads().uploaded());
    assertEquals(4, server.names().size());
    assertEquals(1_000, all(store.rooms().read(found(another.id()), "0001-camera.webm")).length);

    server.stop();
    RoomRecording moved = found(recording.id());
    assertEquals(
        Reason.UNAVAILABLE, refused(() -> store.rooms().read(moved, "0001-camera.webm")).reason());
    assertEquals(Reason.UNAVAILABLE, refused(() -> store.rooms().delete(moved)).reason());
    assertEquals(2, store.rooms().list(BLUE).size());
    server.start();
    store.rooms().delete(moved);
    assertEquals(2, server.names().size());
  }

  /// A kill in the middle leaves parts that cost their owner money.
  @Test
  void whatAKilledServerHadBegunIsClearedAwayAndBegunAnew() throws Exception {
    server.stop();
    RoomRecording recording = record(random(7 << 20));
    store.close();
    server.start();
    String name = recording.id() + "/0001-camera.webm";
    try (Bucket bucket = server.bucket("plenum/")) {
      bucket.part(name, bucket.begin(name), 1, random(100));
      assertEquals(List.of("plenum/" + name), server.begun());
      open();
      eventually(() -> files().isEmpty());
      assertEquals(List.of(), server.begun());
      assertEquals(7 << 20, bucket.size(name));
    }
  }

  @Test
  void aServerWithoutItsDiskAndOthersFindWhatIsThere() throws Exception {
    RoomRecording recording = record(random(5_000));
    Created created = store.create(BLUE, "Ada", "video/mp4", "ada");
    append(created, random(3_000));
    eventually(() -> files().isEmpty());
    server.bucket("plenum/").put("0123456789abcdef0123/manifest.json", "[]".getBytes(UTF_8));
    server.bucket("plenum/").put("notes.txt", "not ours".getBytes(UTF_8));
    store.close();
    data = data.resolve("new");

    open();
    eventually(() -> store.list(BLUE).size() == 1 && store.rooms().list(BLUE).size() == 1);
    RoomRecording found = found(recording.id());
    assertEquals(recording.created(), found.created());
    assertEquals("stopped", found.end());
    assertEquals(5_000, all(store.rooms().read(found, "0001-camera.webm")).length);
    Recording browsers = store.list(BLUE).getFirst();
    assertEquals(3_000, browsers.bytes());
    assertEquals("Ada", browsers.title());
    assertTrue(store.isOwner(BLUE, browsers.id(), created.key()));

    // Another server deletes it.
    server.bucket("plenum/").delete(browsers.id() + "/media");
    server.bucket("plenum/").delete(browsers.id() + "/about.json");
    index().look();
    assertEquals(List.of(), store.list(BLUE));
    assertEquals(1, store.rooms().list(BLUE).size());
    store.rooms().delete(found);
    assertEquals(
        List.of("plenum/0123456789abcdef0123/manifest.json", "plenum/notes.txt"), server.names());
  }

  @Test
  void quotaAndRetentionCountWhatIsThere() throws Exception {
    record(random(10 << 20));
    eventually(() -> files().isEmpty());
    Recordings.Place place = store.rooms().make(BLUE, who -> "");
    for (int i = 0; i < 6; i++) {
      place.storage().append("0001-camera.webm", new byte[5 << 20]);
    }
    assertTrue(
        assertThrows(
                IOException.class,
                () -> place.storage().append("0001-camera.webm", new byte[5 << 20]))
            .getMessage()
            .contains("delete some first"),
        "what is in the bucket counts");
    server.bucket("plenum/").put("fedcba98765432100123/0001-camera.webm", new byte[1]);

    index().look();
    assertEquals(3, server.names().size());
    now = now.plus(Duration.ofDays(30));
    store.deleteOld();
    assertEquals(3, server.names().size(), "the sweep of the disk does not wait for the bucket");
    index().look();
    assertEquals(List.of("plenum/fedcba98765432100123/0001-camera.webm"), server.names());
    assertEquals(1, store.rooms().list(BLUE).size(), "one goes on");
    now = Instant.now().plus(Duration.ofDays(31));
    index().look();
    assertEquals(List.of(), server.names(), "what was never whole");
  }

  @Test
  void whatBrokeOffIsListedWhenItIsMended() throws Exception {
    Recordings.Place place = store.rooms().make(BLUE, who -> "");
    var known = new RecordedRoom(place.id(), BLUE, now, 5_000_000_000L, null, List.of());
    place.storage().keep(known);
    place.storage().append("0001-camera.webm", random(1_000));
    store.close();
    var rooms =
        new RoomRecordings(
            data.resolve("recordings"),
            new Quota(1 << 20, 1 << 20),
            () -> now,
            () -> 0,
            null,
            null);
    rooms.load();
    var id = new RecordingId(place.id());
    assertEquals(List.of(), rooms.list(BLUE));
    assertTrue(rooms.knows(id), "so that nothing of that name is taken from a bucket");
    assertEquals(1, rooms.count());
    rooms.mend();
    assertEquals("interrupted", rooms.list(BLUE).getFirst().end());
    assertEquals(1, rooms.count());
  }

  @Test
  void theBoundOfAllRoomsHoldsForTheServersOwnToo() {
    var quota = new Quota(1 << 20, 1 << 20);
    Path directory = data.resolve("recordings");
    var full =
        new RoomRecordings(
            directory, quota, () -> now, () -> RecordingStore.MAX_RECORDINGS, null, null);
    assertThrows(RefusedException.class, () -> full.make(BLUE, who -> ""));
    int most = RecordingStore.MAX_RECORDINGS - 1;
    new RoomRecordings(directory, quota, () -> now, () -> most, null, null).make(BLUE, who -> "");
  }

  @Test
  void whatIsDeletedWhileItWaitsLeavesNothing() throws Exception {
    server.stop();
    RoomRecording recording = record(random(7 << 20));
    Created created = store.create(BLUE, "Ada", "video/mp4", "ada");
    append(created, random(3_000));
    eventually(() -> uploads().failures() > 1);
    store.rooms().delete(recording);
    store.delete(BLUE, created.recording().id());
    assertEquals(List.of(), files());
    server.start();
    eventually(() -> uploads().waiting() == 0);
    assertEquals(List.of(), server.names());
    assertEquals(0, uploads().uploaded());
    assertNull(store.rooms().find(BLUE, recording.id()));
  }

  /// As the recorder makes one.
  private RoomRecording record(byte[] film) throws IOException {
    Recordings.Place place = store.rooms().make(BLUE, who -> "");
    var known = new RecordedRoom(place.id(), BLUE, now, 5_000_000_000L, null, List.of());
    place.storage().keep(known);
    place.storage().append("0001-camera.webm", film);
    var end = new RecordingEnd(RecordingEnd.Reason.STOPPED, "");
    place.storage().keep(new RecordedRoom(place.id(), BLUE, now, 5_000_000_000L, end, List.of()));
    RoomRecording recording = found(new RecordingId(place.id()));
    assertEquals(
        RecordingException.Reason.BUSY, refused(() -> store.rooms().delete(recording)).reason());
    assertFalse(files().isEmpty(), "it may have to be mended");
    place.storage().done();
    return recording;
  }

  private RoomRecording found(RecordingId id) {
    RoomRecording found = store.rooms().find(BLUE, id);
    assertTrue(found != null, "it is known");
    return found;
  }

  private void append(Created created, byte[] bytes) {
    InputStream in = new ByteArrayInputStream(bytes);
    store.append(BLUE, created.recording().id(), created.key(), 0, in, true);
  }

  private RecordingUploads uploads() {
    RecordingUploads uploads = store.uploads();
    assertTrue(uploads != null);
    return uploads;
  }

  private BucketIndex index() {
    return new BucketIndex(server.bucket("plenum/"), store, () -> true, System::nanoTime);
  }

  /// What recordings have on the disk.
  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(data.resolve("recordings"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static byte[] all(StoredFile bytes) throws IOException {
    try (bytes) {
      ByteBuffer all = ByteBuffer.allocate((int) bytes.size());
      while (all.hasRemaining()) {
        assertTrue(bytes.read(all, all.position()) > 0);
      }
      return all.array();
    }
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static RecordingException refused(org.junit.jupiter.api.function.Executable act) {
    return assertThrows(RecordingException.class, act);
  }

  private static void eventually(Callable<Boolean> what) throws Exception {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!what.call()) {
      assertTrue(System.nanoTime() - until < 0, "it did not happen");
      Thread.sleep(20);
    }
  }
}
