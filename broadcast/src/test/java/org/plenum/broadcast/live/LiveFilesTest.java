package org.plenum.broadcast.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.plenum.broadcast.hls.Init;
import org.plenum.broadcast.hls.Rendition;
import org.plenum.broadcast.hls.Segment;

class LiveFilesTest {
  private static final Init PICTURE = new Init("avc1.42c01f", 320, 180, new byte[] {1});
  private static final Init OPUS = new Init("opus", 0, 0, new byte[] {2});

  private final Rendition small = new Rendition(0);
  private final Rendition large = new Rendition(1);
  private final Rendition sound = Rendition.sound();

  @Test
  void everyFileThatAPlaylistNamesIsThere() {
    add(small, PICTURE, 30);
    add(sound, OPUS, 30);
    LiveFiles files = LiveFiles.of("id", List.of(small), sound, Instant.EPOCH, false);
    assertEquals(Set.of("id/v0/index.m3u8", "id/sound/index.m3u8"), named(files, "index.m3u8", ""));
    for (String folder : List.of("id/v0/", "id/sound/")) {
      Set<String> names = named(files, folder + "index.m3u8", folder);
      assertEquals(9, names.size(), "eight segments and what comes before them");
      for (String name : names) {
        LiveFile file = Objects.requireNonNull(files.find(name), name);
        assertTrue(file.immutable());
        assertEquals(folder.contains("sound") ? "audio/mp4" : "video/mp4", file.contentType());
      }
    }
    assertEquals(24 + 1, files.paths().stream().filter(name -> name.contains("v0/")).count() - 1);
  }

  @Test
  void playlistsThatChangedHaveAnotherEntityTag() {
    add(small, PICTURE, 3);
    LiveFile before = playlist();
    assertEquals(before.etag(), playlist().etag());
    add(small, PICTURE, 1);
    assertFalse(before.etag().equals(playlist().etag()));
    assertFalse(before.immutable());
  }

  /// Players load the multivariant playlist once.
  @Test
  void aPlayerIsNotLetInBeforeThereIsAllThatItWillEverHearOf() {
    assertFalse(LiveFiles.suffice(List.of(), sound));
    add(small, PICTURE, 2);
    assertFalse(LiveFiles.suffice(List.of(small), sound), "two segments");
    add(small, PICTURE, 1);
    assertFalse(LiveFiles.suffice(List.of(small), sound), "no sound yet");
    add(sound, OPUS, 2);
    assertTrue(LiveFiles.suffice(List.of(small), sound));
    assertFalse(LiveFiles.suffice(List.of(small, large), sound), "an empty variant");
  }

  private LiveFile playlist() {
    return Objects.requireNonNull(
        LiveFiles.of("id", List.of(small), sound, Instant.EPOCH, false).find("id/v0/index.m3u8"));
  }

  private static Set<String> named(LiveFiles files, String playlist, String folder) {
    LiveFile file = Objects.requireNonNull(files.find(playlist));
    String text = new String(file.bytes(), StandardCharsets.UTF_8);
    return text.lines()
        .filter(line -> !line.startsWith("#") || line.matches("#EXT-X-(MAP|MEDIA|PART):.*URI=.*"))
        .map(line -> folder + line.replaceAll(".*URI=\"(.*)\".*", "$1"))
        .collect(java.util.stream.Collectors.toSet());
  }

  private static void add(Rendition rendition, Init init, int count) {
    for (int i = 0; i < count; i++) {
      long start = Math.max(0, rendition.endTicks());
      rendition.add(new Segment(new byte[10], init, start, 180_000, true, 0));
    }
  }
}
