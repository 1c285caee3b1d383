package org.plenum.broadcast.hls;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes playlists (RFC 8216 §4). Pure.
public final class Playlists {
  /// EXT-X-MAP stands in playlists that are not for pictures alone (§7).
  private static final int VERSION = 6;

  /// What a segment's file is called in front of its media sequence number.
  public static final String SEGMENT_SUFFIX = ".m4s";

  public static final String INIT_SUFFIX = "-init.mp4";

  private Playlists() {}

  /// A media playlist; files are named relative to it.
  ///
  /// @param zero the wall time of tick 0
  /// @param ended whether nothing follows
  public static String media(List<Rendition.Entry> listed, Instant zero, boolean ended) {
    var text = new StringBuilder("#EXTM3U\n");
    line(text, "#EXT-X-VERSION:" + VERSION);
    line(text, "#EXT-X-TARGETDURATION:" + Rendition.TARGET_SECONDS);
    if (listed.stream().allMatch(entry -> entry.segment().independent())) {
      line(text, "#EXT-X-INDEPENDENT-SEGMENTS");
    }
    if (!listed.isEmpty()) {
      Rendition.Entry first = listed.getFirst();
      line(text, "#EXT-X-MEDIA-SEQUENCE:" + first.number());
      line(text, "#EXT-X-DISCONTINUITY-SEQUENCE:" + first.segment().discontinuity());
      long init = -1;
      int discontinuity = first.segment().discontinuity();
      for (Rendition.Entry entry : listed) {
        // One for each that the programme had, so that all renditions count alike.
        for (; discontinuity < entry.segment().discontinuity(); discontinuity++) {
          line(text, "#EXT-X-DISCONTINUITY");
        }
        if (entry.initNumber() != init) {
          init = entry.initNumber();
          line(text, "#EXT-X-MAP:URI=\"" + init + INIT_SUFFIX + "\"");
        }
        segment(text, entry, zero);
      }
    }
    if (ended) {
      line(text, "#EXT-X-ENDLIST");
    }
    return text.toString();
  }

  private static void segment(StringBuilder text, Rendition.Entry entry, Instant zero) {
    Segment segment = entry.segment();
    line(
        text,
        "#EXT-X-PROGRAM-DATE-TIME:"
            + DateTimeFormatter.ISO_INSTANT.format(
                zero.plusMillis(segment.startTicks() * 1000 / Segment.TICKS)
                    .truncatedTo(ChronoUnit.MILLIS)));
    line(text, "#EXTINF:%s,".formatted(seconds(segment.durationTicks())));
    line(text, entry.number() + SEGMENT_SUFFIX);
  }

  private static String seconds(long ticks) {
    return String.format(Locale.ROOT, "%.5f", (double) ticks / Segment.TICKS);
  }

  /// The multivariant playlist: the largest picture first; renditions that have no segment yet are
  /// left out.
  ///
  /// @param sound heard with every picture
  /// @param directory where the renditions' folders lie, relative to the playlist, with a slash at
  ///     the end
  public static String multivariant(List<Rendition> renditions, Rendition sound, String directory) {
    var text = new StringBuilder("#EXTM3U\n");
    line(text, "#EXT-X-VERSION:" + VERSION);
    List<Rendition.Entry> heard = sound.listed();
    if (!heard.isEmpty()) {
      line(
          text,
          "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"sound\",DEFAULT=YES,AUTOSELECT=YES,"
              + "CHANNELS=\"2\",URI=\""
              + directory
              + sound.folder()
              + "/index.m3u8\"");
    }
    for (Rendition rendition : renditions.reversed()) {
      List<Rendition.Entry> listed = rendition.listed();
      if (!listed.isEmpty()) {
        line(text, "#EXT-X-STREAM-INF:" + attributes(listed, heard));
        line(text, directory + rendition.folder() + "/index.m3u8");
      }
    }
    return text.toString();
  }

  private static String attributes(List<Rendition.Entry> listed, List<Rendition.Entry> heard) {
    Init init = listed.getLast().segment().init();
    String codecs =
        Stream.concat(listed.stream(), heard.stream())
            .map(entry -> entry.segment().init().codec())
            .distinct()
            .collect(Collectors.joining(","));
    return "BANDWIDTH=%d,AVERAGE-BANDWIDTH=%d,RESOLUTION=%dx%d,CODECS=\"%s\"%s"
        .formatted(
            peakBps(listed) + peakBps(heard),
            averageBps(listed) + averageBps(heard),
            init.width(),
            init.height(),
            codecs,
            heard.isEmpty() ? "" : ",AUDIO=\"sound\"");
  }

  private static long peakBps(List<Rendition.Entry> listed) {
    return listed.stream().mapToLong(entry -> entry.segment().bitrateBps()).max().orElse(0);
  }

  private static long averageBps(List<Rendition.Entry> listed) {
    long bytes = listed.stream().mapToLong(entry -> entry.segment().bytes().length).sum();
    long ticks = listed.stream().mapToLong(entry -> entry.segment().durationTicks()).sum();
    return ticks == 0 ? 0 : bytes * 8 * Segment.TICKS / ticks;
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }
}
