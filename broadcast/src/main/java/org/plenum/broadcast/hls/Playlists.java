package org.plenum.broadcast.hls;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.plenum.broadcast.frame.VideoFormat;

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
  /// @param directory where the renditions' folders lie, relative to the playlist, with a slash at
  ///     the end
  public static String multivariant(List<Rendition> renditions, String directory) {
    var text = new StringBuilder("#EXTM3U\n");
    line(text, "#EXT-X-VERSION:" + VERSION);
    for (Rendition rendition : renditions.reversed()) {
      List<Rendition.Entry> listed = rendition.listed();
      if (!listed.isEmpty()) {
        line(text, "#EXT-X-STREAM-INF:" + attributes(listed));
        line(text, directory + folder(rendition) + "/index.m3u8");
      }
    }
    return text.toString();
  }

  /// Where a rendition's files lie.
  public static String folder(Rendition rendition) {
    return "v" + rendition.index();
  }

  private static String attributes(List<Rendition.Entry> listed) {
    long peakBps = 0;
    long bytes = 0;
    long ticks = 0;
    for (Rendition.Entry entry : listed) {
      peakBps = Math.max(peakBps, entry.segment().bitrateBps());
      bytes += entry.segment().bytes().length;
      ticks += entry.segment().durationTicks();
    }
    VideoFormat format = listed.getLast().segment().init().format();
    String codecs =
        listed.stream()
            .map(entry -> entry.segment().init().format().name())
            .distinct()
            .collect(Collectors.joining(","));
    return "BANDWIDTH=%d,AVERAGE-BANDWIDTH=%d,RESOLUTION=%dx%d,CODECS=\"%s\""
        .formatted(
            peakBps, bytes * 8 * Segment.TICKS / ticks, format.width(), format.height(), codecs);
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }
}
