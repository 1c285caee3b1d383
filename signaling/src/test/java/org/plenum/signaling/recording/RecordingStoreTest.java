package org.plenum.signaling.recording;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.data.NotStoredException;
import org.plenum.signaling.recording.RecordingException.Reason;
import org.plenum.signaling.recording.RecordingStore.Created;
import org.plenum.signaling.recording.RecordingStore.Limits;

class RecordingStoreTest {
  private static final RoomId BLUE = new RoomId("blue");
  private static final RoomId RED = new RoomId("red");
  private static final Limits LIMITS = new Limits(150_000, 250_000, Duration.ofDays(30));

  private static final String LARGE = "x".repeat(90_000);

  @TempDir Path data;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private long nanos = Long.MAX_VALUE - 10; // about to wrap
  private RecordingStore store;

  @BeforeEach
  void open() {
    store = RecordingStore.open(data, LIMITS, () -> now, () -> nanos);
  }

  @Test
  void anUploadGoesOnWhereItStoodAlsoAfterARestart() throws IOException {
    Created created = store.create(BLUE, "Ada", "video/mp4; codecs=avc1");
    append(created, 0, "abc", false);
    open();
    assertEquals(3, store.get(BLUE, created.recording().id()).bytes());

    Recording whole = append(created, 3, "def", true);

    assertTrue(whole.complete());
    assertEquals("video/mp4", whole.contentType());
    assertEquals("abcdef", read(created));
    assertEquals(List.of(whole), store.list(BLUE));
    assertEquals(List.of(), store.list(RED));
    open();
    assertEquals(List.of(whole), store.list(BLUE));
  }

  @Test
  void aWrongOffsetIsRefusedAndTheRightOneNamed() throws IOException {
    Created created = store.create(BLUE, "Ada", "video/mp4");
    append(created, 0, "abc", false);
    for (long offset : new long[] {0, 2, 4, Long.MAX_VALUE, -1}) {
      RecordingException refusal = refused(() -> append(created, offset, "x", false));
      assertEquals(Reason.WRONG_OFFSET, refusal.reason());
      assertEquals(3, refusal.offset());
    }
    append(created, 3, "", true);
    assertEquals(Reason.COMPLETE, refused(() -> append(created, 3, "x", false)).reason());
    assertEquals("abc", read(created));
  }

  @Test
  void whatCameBeforeAConnectionBrokeIsKept() throws IOException {
    Created created = store.create(BLUE, "Ada", "video/mp4");
    InputStream breaking =
        new InputStream() {
          private int left = 5;

          @Override
          public int read() throws IOException {
            if (left-- == 0) {
              throw new IOException("gone");
            }
            return 'x';
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            bytes[offset] = (byte) read();
            return 1;
          }
        };
    RecordingId id = created.recording().id();
    RecordingException broken =
        refused(() -> store.append(BLUE, id, created.key(), 0, breaking, false));
    assertEquals(Reason.BROKEN_OFF, broken.reason());
    assertEquals(5, broken.offset());
    assertEquals(5, store.get(BLUE, id).bytes());
    append(created, 5, "y", true);
    assertEquals("xxxxxy", read(created));
  }

  @Test
  void otherPeoplesRecordingsAreLeftAlone() throws IOException {
    Created ada = store.create(BLUE, "Ada", "video/mp4");
    Created eve = store.create(BLUE, "Eve", "video/mp4");
    append(ada, 0, "abc", false);
    RecordingId id = ada.recording().id();
    InputStream evil = new ByteArrayInputStream("x".getBytes(UTF_8));
    assertEquals(
        Reason.FORBIDDEN, refused(() -> store.append(BLUE, id, eve.key(), 3, evil, true)).reason());
    assertEquals(Reason.FORBIDDEN, refused(() -> store.delete(BLUE, id, eve.key())).reason());
    assertEquals(Reason.UNKNOWN, refused(() -> store.delete(RED, id, ada.key())).reason());
    assertEquals(Reason.UNKNOWN, refused(() -> store.get(RED, id)).reason());
    assertFalse(store.isOwner(BLUE, id, eve.key()));
    assertEquals("abc", read(ada));

    store.delete(BLUE, id, ada.key());
    assertEquals(Reason.UNKNOWN, refused(() -> store.get(BLUE, id)).reason());
    store.delete(BLUE, eve.recording().id());
    try (Stream<Path> left = Files.list(data.resolve("recordings"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void theQuotaOfARoomHoldsAndDeletingGivesPlace() throws IOException {
    Created first = store.create(BLUE, "Ada", "video/mp4");
    append(first, 0, LARGE, false);
    Created second = store.create(BLUE, "Bob", "video/mp4");

    RecordingException refusal = refused(() -> append(second, 0, LARGE, false));

    assertEquals(Reason.TOO_LARGE, refusal.reason());
    assertTrue(refusal.getMessage().contains("of a room have at most 150000"));
    long kept = store.get(BLUE, second.recording().id()).bytes();
    assertTrue(kept <= 60_000, kept + " bytes");
    assertEquals(kept, refusal.offset());
    append(store.create(RED, "Bob", "video/mp4"), 0, LARGE, false);
    store.delete(BLUE, first.recording().id(), first.key());
    append(second, kept, "more", true);
  }

  @Test
  void theBoundOfAllRoomsHoldsAlsoAfterARestart() throws IOException {
    append(store.create(BLUE, "Ada", "video/mp4"), 0, LARGE, true);
    Created red = store.create(RED, "Bob", "video/mp4");
    append(red, 0, LARGE, true);
    Created third = store.create(new RoomId("green"), "Eve", "video/mp4");

    RecordingException refusal = refused(() -> append(third, 0, LARGE, false));

    assertEquals(Reason.TOO_LARGE, refusal.reason());
    assertTrue(refusal.getMessage().contains("server keeps at most 250000"), refusal.getMessage());
    long kept = refusal.offset();
    assertTrue(kept > 0 && kept <= 70_000, kept + " bytes");
    open();
    assertEquals(Reason.TOO_LARGE, refused(() -> append(third, kept, LARGE, false)).reason());
    store.delete(RED, red.recording().id(), red.key());
    long now = store.get(third.recording().room(), third.recording().id()).bytes();
    append(third, now, LARGE.substring(20_000), true);
  }

  @Test
  void whatIsAbandonedIsMadeSeekableAndWhatIsOldIsDeleted() throws IOException {
    Created created = store.create(BLUE, "Ada", "video/webm");
    RecordingId id = created.recording().id();
    byte[] live = SeekableWebmTest.fixture();
    store.append(BLUE, id, created.key(), 0, new ByteArrayInputStream(live), false);
    now = now.plusSeconds(3600); // a clock that was set
    nanos += Duration.ofSeconds(59).toNanos();
    store.completeAbandoned();
    assertFalse(store.get(BLUE, id).complete());

    now = now.minusSeconds(7200);
    nanos += Duration.ofSeconds(2).toNanos();
    store.completeAbandoned();

    Recording whole = store.get(BLUE, id);
    assertTrue(whole.complete());
    try (FileChannel file = FileChannel.open(mediaOf(whole))) {
      assertEquals(file.size(), whole.bytes());
      assertTrue(WebmClusters.read(new EbmlFile(file)).clusters().size() >= 3);
    }
    now = now.plus(Duration.ofDays(30));
    store.deleteOld();
    assertEquals(List.of(whole), store.list(BLUE));
    now = now.plusSeconds(3600);
    store.deleteOld();
    assertEquals(List.of(), store.list(BLUE));
  }

  /// It may play all the same; the server does not judge.
  @Test
  void whatIsNotWhatItSaysStaysAsItCame() throws IOException {
    Created created = store.create(BLUE, "Ada", "video/webm");
    append(created, 0, "no video at all", true);
    assertEquals("no video at all", read(created));
  }

  @Test
  void wishesThatCannotBeAreRefused() {
    for (String type : List.of("text/html", "", "video/webm/../..", "VIDEO")) {
      assertEquals(Reason.INVALID, refused(() -> store.create(BLUE, "Ada", type)).reason(), type);
    }
    for (String title : List.of("", " ", "x".repeat(201))) {
      assertEquals(Reason.INVALID, refused(() -> store.create(BLUE, title, "video/webm")).reason());
    }
    for (String id : List.of("..", "../../etc/passwd", "ABCDEF0123456789ABCD", "")) {
      assertThrows(IllegalArgumentException.class, () -> new RecordingId(id));
    }
  }

  @Test
  void damagedFilesAreLeftAlone() throws IOException {
    Created created = store.create(BLUE, "Ada", "video/mp4");
    Recording begun = append(created, 0, "x", false);
    Path folder = data.resolve("recordings");
    Files.writeString(folder.resolve("0123456789abcdef0123.json"), "{");
    Files.writeString(folder.resolve("x.json"), "{}");
    open();
    assertEquals(List.of(begun), store.list(BLUE));
    assertTrue(Files.exists(folder.resolve("x.json")));
  }

  @Test
  void whatIsLeftOfARecordingThatWasBeingDeletedGoes() throws IOException {
    Created created = store.create(BLUE, "Ada", "video/mp4");
    Files.delete(mediaOf(created.recording()));
    assertEquals(Reason.UNKNOWN, refused(() -> read(created)).reason());
    open();
    assertEquals(List.of(), store.list(BLUE));
    try (Stream<Path> left = Files.list(data.resolve("recordings"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void whatTheDiskDoesNotTakeIsRefused() throws IOException {
    Created created = store.create(BLUE, "Ada", "video/mp4");
    append(created, 0, "abc", false);
    Files.move(data.resolve("recordings"), data.resolve("away"));
    assertThrows(NotStoredException.class, () -> store.create(BLUE, "Ada", "video/mp4"));
    assertThrows(NotStoredException.class, () -> append(created, 3, "def", true));
    assertThrows(NotStoredException.class, () -> store.delete(BLUE, created.recording().id()));
    Files.move(data.resolve("away"), data.resolve("recordings"));
    append(created, 3, "def", true);
    assertEquals("abcdef", read(created));
  }

  @Test
  void withoutAByteItIsNoRecording() throws IOException {
    Created ended = store.create(BLUE, "Ada", "video/webm");
    Created abandoned = store.create(BLUE, "Ada", "video/webm");
    Created full = store.create(BLUE, "Ada", "video/webm");
    append(full, 0, "x", false);
    assertEquals(1, store.list(BLUE).size());

    append(ended, 0, "", true);
    RecordingId gone = ended.recording().id();
    assertEquals(Reason.UNKNOWN, refused(() -> store.get(BLUE, gone)).reason());
    nanos += RecordingStore.ABANDONED.toNanos();
    store.completeAbandoned();
    RecordingId lost = abandoned.recording().id();
    assertEquals(Reason.UNKNOWN, refused(() -> store.get(BLUE, lost)).reason());
    assertTrue(store.get(BLUE, full.recording().id()).complete());
    try (Stream<Path> left = Files.list(data.resolve("recordings"))) {
      assertEquals(2, left.count());
    }
  }

  @Test
  void nobodyFillsARoomAlone() throws IOException {
    for (int i = 0; i < RecordingStore.MAX_BEGUN_OF_OWNER; i++) {
      store.create(i % 2 == 0 ? BLUE : RED, "Ada", "video/mp4", "ada");
    }
    Executable another = () -> store.create(BLUE, "Ada", "video/mp4", "ada");
    assertEquals(Reason.TOO_MANY, refused(another).reason());
    open();
    assertEquals(Reason.TOO_MANY, refused(another).reason());
    store.create(BLUE, "Bob", "video/mp4", "bob");
    nanos += RecordingStore.ABANDONED.toNanos();
    store.completeAbandoned();
    for (int i = 0; i < RecordingStore.MAX_RECORDINGS_OF_OWNER; i++) {
      append(store.create(BLUE, "Ada", "video/mp4", "ada"), 0, "x", true);
    }
    assertEquals(Reason.TOO_LARGE, refused(another).reason());
    store.create(RED, "Ada", "video/mp4", "ada");
    store.create(BLUE, "Bob", "video/mp4", "bob");
  }

  private Recording append(Created created, long offset, String text, boolean last) {
    InputStream in = new ByteArrayInputStream(text.getBytes(UTF_8));
    RecordingId id = created.recording().id();
    return store.append(created.recording().room(), id, created.key(), offset, in, last);
  }

  private String read(Created created) throws IOException {
    Recording recording = created.recording();
    try (StoredFile file = store.read(recording.room(), recording.id())) {
      ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
      file.read(bytes, 0);
      assertArrayEquals(bytes.array(), Files.readAllBytes(mediaOf(recording)));
      return new String(bytes.array(), UTF_8);
    }
  }

  private Path mediaOf(Recording recording) {
    return data.resolve("recordings").resolve(recording.id() + ".media");
  }

  private static RecordingException refused(org.junit.jupiter.api.function.Executable act) {
    return assertThrows(RecordingException.class, act);
  }
}
