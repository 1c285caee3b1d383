package org.plenum.broadcast.hls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlaylistsTest {
  private static final Instant ZERO = Instant.parse("2026-11-28T12:00:00.250Z");
  private static final Init SMALL = init("avc1.42c01f", 320, 180);
  private static final Init LARGE = init("avc1.42c028", 1280, 720);

  private final Rendition rendition = new Rendition(0);
  private long end;

  @Test
  void saysWhatIsThere() {
    add(2.0, SMALL, true, 0);
    add(1.95, SMALL, true, 0);
    add(1.2, LARGE, true, 1);
    assertEquals(
        """
        #EXTM3U
        #EXT-X-VERSION:9
        #EXT-X-TARGETDURATION:2
        #EXT-X-PART-INF:PART-TARGET=0.40000
        #EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=2.00000,CAN-SKIP-UNTIL=12.00000
        #EXT-X-MEDIA-SEQUENCE:0
        #EXT-X-DISCONTINUITY-SEQUENCE:0
        #EXT-X-MAP:URI="0-init.mp4"
        #EXT-X-PROGRAM-DATE-TIME:2026-11-28T12:00:00.250Z
        #EXTINF:2.00000,
        0.m4s
        #EXT-X-PROGRAM-DATE-TIME:2026-11-28T12:00:02.250Z
        #EXTINF:1.95000,
        1.m4s
        #EXT-X-DISCONTINUITY
        #EXT-X-MAP:URI="2-init.mp4"
        #EXT-X-PROGRAM-DATE-TIME:2026-11-28T12:00:04.200Z
        #EXTINF:1.20000,
        2.m4s
        #EXT-X-PRELOAD-HINT:TYPE=PART,URI="3.0.m4s"
        """,
        media(false));
  }

  @Test
  void whatIsNotCompleteIsListedInParts() {
    add(2, SMALL, true, 0);
    part(0.4, true, 0);
    part(0.4, false, 0);
    Rendition sound = Rendition.sound();
    sound.addPart(SMALL, 0, 0, new Part(new byte[10], 36_000, true));
    String open =
        Playlists.media(
            rendition.listing(),
            ZERO,
            List.of(new Playlists.Report("../sound/index.m3u8", sound.listing())),
            false,
            false);
    assertTrue(
        open.endsWith(
            """
            #EXTINF:2.00000,
            0.m4s
            #EXT-X-PROGRAM-DATE-TIME:2026-11-28T12:00:02.250Z
            #EXT-X-PART:DURATION=0.40000,URI="1.0.m4s",INDEPENDENT=YES
            #EXT-X-PART:DURATION=0.40000,URI="1.1.m4s"
            #EXT-X-PRELOAD-HINT:TYPE=PART,URI="1.2.m4s"
            #EXT-X-RENDITION-REPORT:URI="../sound/index.m3u8",LAST-MSN=0,LAST-PART=0
            """),
        open);
    end += 72_000;
    rendition.add(new Segment(new byte[10], SMALL, 180_000, 72_000, true, 0));
    assertTrue(
        media(false)
            .endsWith(
                """
                #EXT-X-PART:DURATION=0.40000,URI="1.1.m4s"
                #EXTINF:0.80000,
                1.m4s
                #EXT-X-PRELOAD-HINT:TYPE=PART,URI="2.0.m4s"
                """));
    assertFalse(media(true).contains("HINT"), "nothing follows the end");
  }

  @Test
  void aSegmentIsWhatItsPartsWere() {
    part(0.4, true, 0);
    assertThrows(IllegalStateException.class, () -> part(0.41, true, 0));
    assertThrows(IllegalStateException.class, () -> part(0.4, true, 1));
    assertThrows(IllegalStateException.class, () -> add(2, SMALL, true, 0));
    assertThrows(IllegalStateException.class, () -> add(0.4, LARGE, true, 0));
    add(0.4, SMALL, true, 0);
    end = 0;
    assertThrows(IllegalStateException.class, () -> part(0.4, true, 0));
  }

  /// RFC 8216bis §4.4.4.9: parts older than three target durations are not worth listing.
  @Test
  void partsOfWhatIsOldAreNotListed() {
    for (int i = 0; i < 12; i++) {
      for (int part = 0; part < 5; part++) {
        part(0.4, part == 0, 0);
      }
      add(2, SMALL, true, 0);
    }
    String playlist = media(false);
    assertFalse(playlist.contains("\"8.4.m4s\""), playlist);
    assertTrue(playlist.contains("\"9.0.m4s\""), playlist);
    assertFalse(rendition.listed().get(2).parts().isEmpty(), "6 are served for a while");
    assertTrue(rendition.listed().get(0).parts().isEmpty());
  }

  /// RFC 8216bis §6.2.5.1.
  @Test
  void aDeltaLeavesOutWhatIsBeforeTheSkipBoundary() {
    for (int i = 0; i < 12; i++) {
      add(2, i < 11 ? SMALL : LARGE, true, i < 11 ? 0 : 1);
    }
    String delta = Playlists.media(rendition.listing(), ZERO, List.of(), false, true);
    assertTrue(delta.contains("#EXT-X-MEDIA-SEQUENCE:4\n"), delta);
    assertTrue(
        delta.contains(
            """
            #EXT-X-SKIP:SKIPPED-SEGMENTS=2
            #EXT-X-PROGRAM-DATE-TIME:2026-11-28T12:00:12.250Z
            #EXTINF:2.00000,
            6.m4s
            """),
        delta);
    assertTrue(delta.contains("#EXT-X-MAP:URI=\"11-init.mp4\""), delta);
    assertFalse(delta.contains("\"0-init.mp4\""), "the client has it");
  }

  /// Every rendition counts the discontinuities of the programme, be there a segment between them
  /// or not.
  @Test
  void countsDiscontinuitiesThatItHadNoSegmentFor() {
    add(2, SMALL, true, 0);
    add(2, SMALL, false, 3);
    String playlist = media(true);
    assertEquals(3, playlist.split("#EXT-X-DISCONTINUITY\n", -1).length - 1);
    assertTrue(playlist.endsWith("#EXT-X-ENDLIST\n"));
  }

  @Test
  void theWindowMovesOnAndWhatLeftItIsServedForAWhile() {
    for (int i = 0; i < 100; i++) {
      add(2, i < 90 ? SMALL : LARGE, true, i < 90 ? 0 : 1);
    }
    assertEquals(Rendition.LISTED, rendition.listed().size());
    assertEquals(92, rendition.listed().getFirst().number());
    assertEquals(90, rendition.listed().getFirst().initNumber());
    assertEquals(24, rendition.served().size());
    String playlist = media(false);
    assertTrue(playlist.contains("#EXT-X-MEDIA-SEQUENCE:92\n#EXT-X-DISCONTINUITY-SEQUENCE:1\n"));
  }

  /// RFC 8216 §6.2.2: as long as three target durations would not be left, none goes.
  @Test
  void shortSegmentsStayLonger() {
    for (int i = 0; i < 100; i++) {
      add(0.5, SMALL, true, 0);
      assertTrue(i < 12 || rendition.listed().size() >= 12);
    }
    assertTrue(rendition.listed().size() < 20);
  }

  /// 8 MiB each: 32 Mb/s.
  @Test
  void theWindowIsBoundedInBytesToo() {
    byte[] large = new byte[8 << 20];
    for (int i = 0; i < 40; i++) {
      rendition.add(new Segment(large, SMALL, end, 180_000, true, 0));
      end += 180_000;
      long bytes = (long) rendition.served().size() * large.length;
      assertTrue(bytes <= Rendition.MOST_BYTES, "holds " + bytes);
    }
    assertEquals(Rendition.LISTED, rendition.listed().size(), "what is listed goes last");
    byte[] larger = new byte[24 << 20];
    for (int i = 0; i < 40; i++) {
      rendition.add(new Segment(larger, SMALL, end, 180_000, true, 0));
      end += 180_000;
    }
    assertEquals(3, rendition.served().size(), "§6.2.2: three target durations stay");
    media(false);
  }

  @Test
  void refusesSegmentsThatOverlapOrAreTooLong() {
    add(2, SMALL, true, 0);
    end -= 1;
    assertThrows(IllegalStateException.class, () -> add(2, SMALL, true, 0));
    end += 1;
    assertThrows(IllegalStateException.class, () -> add(2.5, SMALL, true, 0));
    add(2.4, SMALL, true, 0);
  }

  @Test
  void variantsAreListedFromTheLargestOn() {
    Rendition large = new Rendition(1);
    Rendition sound = Rendition.sound();
    add(2, SMALL, true, 0);
    assertEquals(
        """
        #EXTM3U
        #EXT-X-VERSION:9
        #EXT-X-STREAM-INF:BANDWIDTH=4000,AVERAGE-BANDWIDTH=4000,RESOLUTION=320x180,CODECS="avc1.42c01f"
        id/v0/index.m3u8
        """,
        Playlists.multivariant(List.of(large, rendition), sound, "id/"));
    large.add(new Segment(new byte[2000], SMALL, 0, 180_000, true, 0));
    large.add(new Segment(new byte[8000], LARGE, 180_000, 90_000, true, 1));
    assertTrue(
        Playlists.multivariant(List.of(large, rendition), sound, "id/")
            .startsWith(
                """
                #EXTM3U
                #EXT-X-VERSION:9
                #EXT-X-STREAM-INF:BANDWIDTH=500000,AVERAGE-BANDWIDTH=26666,RESOLUTION=1280x720,\
                CODECS="avc1.42c01f,avc1.42c028"
                id/v1/index.m3u8
                """));
  }

  /// For players that take variants which are alike in all for one.
  @Test
  void variantsThatHaveTheSamePictureNowAreToldApart() {
    List<Rendition> three = List.of(new Rendition(0), new Rendition(1), new Rendition(2));
    var same = new Segment(new byte[250_000], LARGE, 0, 180_000, true, 0);
    three.forEach(each -> each.add(same));
    assertEquals(
        List.of("1700000", "1250000", "1000000"),
        Playlists.multivariant(three, Rendition.sound(), "id/")
            .lines()
            .filter(line -> line.startsWith("#EXT-X-STREAM-INF:"))
            .map(line -> line.replaceAll(".*:BANDWIDTH=(\\d+),.*", "$1"))
            .toList());
  }

  @Test
  void soundIsHeardWithEveryVariant() {
    Rendition sound = Rendition.sound();
    add(2, SMALL, true, 0);
    sound.add(
        new Segment(new byte[3000], new Init("opus", 0, 0, new byte[1]), 0, 180_000, true, 0));
    assertEquals(
        """
        #EXTM3U
        #EXT-X-VERSION:9
        #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="sound",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="id/sound/index.m3u8"
        #EXT-X-STREAM-INF:BANDWIDTH=16000,AVERAGE-BANDWIDTH=16000,RESOLUTION=320x180,CODECS="avc1.42c01f,opus",AUDIO="sound"
        id/v0/index.m3u8
        """,
        Playlists.multivariant(List.of(rendition), sound, "id/"));
  }

  private String media(boolean ended) {
    return Playlists.media(rendition.listing(), ZERO, List.of(), ended, false);
  }

  private void part(double seconds, boolean independent, int discontinuity) {
    long ticks = Math.round(seconds * Segment.TICKS);
    rendition.addPart(SMALL, end, discontinuity, new Part(new byte[10], ticks, independent));
  }

  private void add(double seconds, Init init, boolean independent, int discontinuity) {
    long ticks = Math.round(seconds * Segment.TICKS);
    rendition.add(new Segment(new byte[1000], init, end, ticks, independent, discontinuity));
    end += ticks;
  }

  private static Init init(String name, int width, int height) {
    return new Init(name, width, height, new byte[1]);
  }
}
