package org.plenum.broadcast.live;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.broadcast.hls.Availability;
import org.plenum.broadcast.hls.Init;
import org.plenum.broadcast.hls.PlaylistRules;
import org.plenum.broadcast.hls.Playlists;
import org.plenum.broadcast.hls.Rendition;
import org.plenum.broadcast.hls.Segment;
import org.plenum.sfu.RoomId;

class DvrTest {
  private static final int BYTES = 1_000;
  private static final int SECONDS = 2;

  /// What is dropped together.
  private static final int BLOCK = 32;

  /// What is in memory beside what is listed there.
  private static final int IN_MEMORY = 24;

  @TempDir private Path directory;

  private final Rendition picture = new Rendition(0);
  private final Rendition sound = Rendition.sound();
  private final List<Rendition> both = List.of(picture, sound);
  private final Map<Rendition, PlaylistRules> rules =
      new HashMap<>(Map.of(picture, new PlaylistRules(), sound, new PlaylistRules()));
  private final Availability availability = new Availability();
  private DvrStore store;
  private Dvr dvr;
  private int discontinuity;
  private Init init = new Init("avc1.42c01f", 320, 180, new byte[] {1});
  private boolean onDisk = true;

  /// What was promised may have to go.
  private boolean lessPlace;

  @Test
  void viewersCanGoBackAsFarAsTheSettingSays() throws Exception {
    open(Duration.ofMinutes(10), 1L << 30);
    pass(1_000);
    assertTrue(availability.checks() > 500, "" + availability.checks());
    for (Rendition rendition : both) {
      List<PlaylistRules.Item> items = load(rendition);
      assertEquals(999, items.getLast().number());
      assertTrue(items.size() >= 300 && items.size() <= 300 + BLOCK, "listed " + items.size());
      LiveFiles files = files();
      for (PlaylistRules.Item item : items) {
        String folder = "id/" + rendition.folder() + "/";
        LiveFile media = files.find(folder + item.uri());
        assertNotNull(media, item.uri());
        assertTrue(media.immutable());
        assertArrayEquals(content(item.number()), media.bytes());
        assertEquals(rendition.isSound() ? "audio/mp4" : "video/mp4", media.contentType());
        assertNotNull(files.find(folder + item.map().split("\"")[1]), item.map());
      }
      String full = text(files.find("id/" + rendition.folder() + "/index.m3u8"));
      String delta = text(files.delta("id/" + rendition.folder() + "/index.m3u8"));
      assertTrue(delta.length() < full.length() / 10, delta);
      rules.get(rendition).loadDelta(delta);
    }
    // A client with an older playlist finds what it names for a while.
    long first = load(picture).getFirst().number();
    assertNotNull(files().find("id/v0/" + (first - 300) + ".m4s"));
    assertNull(files().find("id/v0/0.m4s"));
    assertTrue(kept() <= 2L * (600 + 4 * BLOCK + IN_MEMORY), "on the disk " + kept());
  }

  @Test
  void theBytesOfTheSettingAreNotExceeded() throws Exception {
    long most = 600L * BYTES;
    open(Duration.ofHours(12), most);
    for (int i = 0; i < 50; i++) {
      pass(20);
      assertTrue(store.bytes() <= most, store.bytes() + " of " + most);
    }
    assertEquals(0, store.failures());
    assertTrue(availability.checks() > 500, "" + availability.checks());
    long apart = load(picture).getFirst().number() - load(sound).getFirst().number();
    assertTrue(Math.abs(apart) <= BLOCK, "they begin " + apart + " segments apart");
    long size = sizeOfMedia();
    // The disk may be about to delete some.
    assertTrue(size <= most + (long) BLOCK * BYTES, size + " on the disk");
  }

  @Test
  void severalShareTheBytesAndNothingIsLeftOfThem() throws Exception {
    open(Duration.ofHours(12), 400L * BYTES);
    pass(300);
    lessPlace = true;
    long alone = store.bytes();
    Dvr other = new Dvr(new RoomId("red"), "other", Instant.EPOCH, store);
    pass(2);
    assertTrue(store.bytes() <= 200L * BYTES, "half of " + alone);
    other.close();
    dvr.close();
    assertEquals(0, store.bytes());
    try (Stream<Path> left = Files.list(directory.resolve("live"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void whatEndedStaysForAsLongAsViewersCouldGoBackUnlessOthersNeedThePlace() throws Exception {
    long minute = Broadcast.KEPT_NANOS;
    assertTrue(Broadcast.isKept(minute - 1, null));
    assertFalse(Broadcast.isKept(minute, null));
    open(Duration.ofMinutes(10), 1_600L * BYTES);
    pass(1_000);
    assertTrue(Broadcast.isKept(9 * minute, dvr));
    assertFalse(Broadcast.isKept(12 * minute, dvr));
    Dvr other = new Dvr(new RoomId("red"), "other", Instant.EPOCH, store);
    assertTrue(Broadcast.isKept(minute - 1, dvr), "at the live edge somebody plays it");
    assertFalse(Broadcast.isKept(minute, dvr));
    other.close();
    dvr.close();
  }

  @Test
  void aDiskThatTakesNothingEndsGoingBackAndNotTheBroadcast() throws Exception {
    open(Duration.ofMinutes(10), 1L << 30);
    pass(100);
    assertEquals(100, load(picture).size());
    Path folder = directory.resolve("live/id/v0");
    deleteAll(folder);
    Files.createFile(folder);
    onDisk = false;
    pass(100);
    assertEquals(8, load(picture).size(), "what is in memory");
    assertEquals(1, store.failures());
    assertNull(files().find("id/v0/3.m4s"));
    awaitNoBytes();
  }

  @Test
  void whatAKilledServerLeftIsDeleted() throws Exception {
    Path old = directory.resolve("live/other/v0");
    Files.createDirectories(old);
    Files.write(old.resolve("1.m4s"), new byte[BYTES]);
    open(Duration.ofMinutes(10), 1L << 30);
    assertTrue(Files.notExists(old));
  }

  @Test
  void namesThatArePathsAreNone() throws Exception {
    Files.write(directory.resolve("1.m4s"), new byte[1]);
    open(Duration.ofMinutes(10), 1L << 30);
    pass(100);
    assertNotNull(files().find("id/v0/1.m4s"));
    for (String name :
        List.of(
            "id/v0/01.m4s",
            "id/v0/-1.m4s",
            "id/v0/+1.m4s",
            "id/v0/1.m4s/",
            "id/v0/../../../1.m4s",
            "id/../1.m4s",
            "other/v0/1.m4s",
            "id/v9/1.m4s",
            "id/v0/99999999999999999999.m4s",
            "id/v0/999999999999999999.m4s",
            "id/v0/1.0.m4s",
            "id/v0/١.m4s")) {
      assertNull(files().find(name), name);
    }
  }

  private void open(Duration most, long bytes) {
    store = DvrStore.open(directory.resolve("live"), most, bytes);
    dvr = new Dvr(new RoomId("blue"), "id", Instant.EPOCH, store);
  }

  /// So many segments come, of a new format now and then, and clients load each playlist.
  private void pass(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      long number = picture.added();
      if (number % 70 == 69) {
        discontinuity++;
        init = new Init("avc1.42c01f", 320, 180, new byte[] {2});
      }
      for (Rendition rendition : both) {
        long start = Math.max(0, rendition.endTicks());
        long ticks = (long) SECONDS * Segment.TICKS;
        rendition.add(new Segment(content(number), init, start, ticks, true, discontinuity));
      }
      dvr.update(both, System.nanoTime());
      await(number);
      List<PlaylistRules.Item> items = load(picture);
      load(sound);
      if (onDisk && !lessPlace) {
        LiveFiles files = files();
        availability.check(
            items,
            each -> files.find("id/v0/" + each + ".m4s") != null,
            picture.endTicks() * 1_000_000_000L / Segment.TICKS);
      }
    }
  }

  /// A disk has two seconds for it, this one some milliseconds.
  private void await(long number) throws Exception {
    long until = System.nanoTime() + 20_000_000_000L;
    Path last = directory.resolve("live/id/sound/" + number + ".m4s");
    while (onDisk && Files.notExists(last)) {
      assertTrue(System.nanoTime() - until < 0, number + " is not written");
      Thread.sleep(1);
    }
  }

  private void awaitNoBytes() throws Exception {
    long until = System.nanoTime() + 20_000_000_000L;
    while (store.bytes() > 0 || Files.exists(directory.resolve("live/id"))) {
      assertTrue(System.nanoTime() - until < 0, store.bytes() + " bytes are kept");
      Thread.sleep(10);
    }
  }

  private List<PlaylistRules.Item> load(Rendition rendition) {
    String text = Playlists.media(dvr.listing(rendition), Instant.EPOCH, List.of(), false, false);
    return rules.get(rendition).load(text);
  }

  private LiveFiles files() {
    return LiveFiles.of("id", List.of(picture), sound, Instant.EPOCH, false, dvr);
  }

  private static String text(LiveFile file) {
    return new String(file.bytes(), StandardCharsets.UTF_8);
  }

  private static byte[] content(long number) {
    return ByteBuffer.allocate(BYTES).putLong(number).array();
  }

  private long kept() throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("live"))) {
      return files.filter(file -> file.toString().endsWith(".m4s")).count();
    }
  }

  private long sizeOfMedia() throws IOException {
    return kept() * BYTES;
  }

  private static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
