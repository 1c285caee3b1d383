package org.plenum.signaling.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.signaling.recording.EbmlFile.Element;
import org.plenum.signaling.recording.WebmClusters.Cluster;

class SeekableWebmTest {
  private static final long CUES = 0x1C53BB6BL;

  @TempDir Path folder;
  private Path live;
  private Path seekable;

  @BeforeEach
  void copy() throws IOException {
    live = folder.resolve("live.webm");
    seekable = folder.resolve("seekable.webm");
    Files.write(live, fixture());
  }

  @Test
  void theFileGetsItsDurationAndAnIndexOfKeyFrames() throws IOException {
    SeekableWebm.write(live, seekable);
    try (FileChannel before = FileChannel.open(live);
        FileChannel after = FileChannel.open(seekable)) {
      var file = new EbmlFile(after);
      WebmClusters was = WebmClusters.read(new EbmlFile(before));
      WebmClusters is = WebmClusters.read(file);
      assertEquals(was.clusters().size(), is.clusters().size());
      assertEquals(
          was.clusters().stream().map(Cluster::timestamp).toList(),
          is.clusters().stream().map(Cluster::timestamp).toList());
      assertTrue(was.units() > 3000 && was.units() < 5000, was.units() + " ms");
      assertEquals(was.units(), duration(file, is), 0.0);

      Element segment = file.at(is.header().end(), file.length());
      assertEquals(file.length(), segment.end(), "the segment's size is that of the file");
      List<Cluster> begins = is.clusters().stream().filter(Cluster::seekable).toList();
      assertTrue(begins.size() >= 3, begins.size() + " key frames");
      assertEquals(begins.size(), checkCues(file, segment, begins));
    }
  }

  /// A tab may crash anywhere: whatever came before the block that is cut off is kept.
  @Test
  void wholeBlocksOfAFileThatIsCutOffAnywhereAreKept() throws IOException {
    byte[] whole = fixture();
    int played = 0;
    for (int length = 0; length < whole.length; length += 101) {
      Files.write(live, Arrays.copyOf(whole, length));
      try {
        SeekableWebm.write(live, seekable);
      } catch (IOException e) {
        assertTrue(length < 600, "nothing to play in " + length + " bytes: " + e.getMessage());
        continue;
      }
      played++;
      try (FileChannel after = FileChannel.open(seekable)) {
        var file = new EbmlFile(after);
        WebmClusters is = WebmClusters.read(file);
        assertEquals(file.length(), is.clusters().getLast().end());
        assertTrue(length - file.length() < 1500, "of " + length + " kept " + file.length());
      }
    }
    assertTrue(played > 100, played + " lengths");
  }

  @Test
  void whatIsSeekableStaysSo() throws IOException {
    SeekableWebm.write(live, seekable);
    SeekableWebm.write(seekable, live);
    assertEquals(-1, Files.mismatch(live, seekable));
  }

  @Test
  void whatIsNoWebmIsRefused() throws IOException {
    for (String text : List.of("", "<html>", "\u001a")) {
      Files.writeString(live, text);
      assertThrows(IOException.class, () -> SeekableWebm.write(live, seekable), text);
    }
  }

  static byte[] fixture() throws IOException {
    try (InputStream in = SeekableWebmTest.class.getResourceAsStream("chromium-live.webm")) {
      return in.readAllBytes();
    }
  }

  private static double duration(EbmlFile file, WebmClusters webm) throws IOException {
    Element child = find(file, webm.info(), 0x4489);
    return Double.longBitsToDouble(file.number(child.body(), child.size()));
  }

  /// Each points at a cluster that begins with a key frame; returns how many there are.
  private static int checkCues(EbmlFile file, Element segment, List<Cluster> begins)
      throws IOException {
    Element cues = find(file, segment, CUES);
    int count = 0;
    for (long at = cues.body(); at < cues.end(); ) {
      Element cue = file.at(at, cues.end());
      Element time = find(file, cue, 0xB3);
      Element positions = find(file, cue, 0xB7);
      Element track = find(file, positions, 0xF7);
      Element position = find(file, positions, 0xF1);
      long clusterAt = segment.body() + file.number(position.body(), 8);
      Element cluster = file.at(clusterAt, segment.end());
      assertEquals(WebmClusters.CLUSTER, cluster.id());
      assertEquals(begins.get(count).body(), cluster.body());
      assertEquals(begins.get(count).timestamp(), file.number(time.body(), 8));
      assertEquals(2, file.number(track.body(), 8), "the video");
      count++;
      at = cue.end();
    }
    return count;
  }

  private static Element find(EbmlFile file, Element parent, long id) throws IOException {
    for (long at = parent.body(); at < parent.end(); ) {
      Element child = file.at(at, parent.end());
      if (child.id() == id) {
        return child;
      }
      at = child.end();
    }
    throw new AssertionError("no " + Long.toHexString(id));
  }
}
