package org.plenum.broadcast.hls;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.plenum.broadcast.hls.Rendition.Entry;
import org.plenum.broadcast.hls.Rendition.Listing;

/// Writes playlists (RFC 8216 §4, and for low latency draft-pantos-hls-rfc8216bis §4.4, §6.2.5).
/// Pure.
public final class Playlists {
  /// EXT-X-SKIP takes 9 (RFC 8216bis §8).
  private static final int VERSION = 9;

  /// What a segment's file is called behind its media sequence number, and a part's behind that, a
  /// full stop and its own index.
  public static final String SEGMENT_SUFFIX = ".m4s";

  public static final String INIT_SUFFIX = "-init.mp4";

  /// RFC 8216bis §4.4.3.8: six target durations at least.
  private static final long SKIP_TICKS = 6L * Rendition.TARGET_SECONDS * Segment.TICKS;

  /// RFC 8216bis §4.4.3.8: three times what a part takes is asked for at least. Where who was shown
  /// leaves, it takes more than a second until another picture is there.
  private static final long HOLD_BACK_TICKS = 5 * Rendition.PART_TICKS;

  /// What layers of a camera take at least when they are at their best, from the smallest on. Who
  /// loads the playlist while all renditions have the same picture learns by it that they are
  /// several, and which is which: hls.js takes those that are alike in all for one.
  private static final List<Long> LAYER_BPS = List.of(0L, 500_000L, 1_700_000L);

  /// How far another rendition is.
  ///
  /// @param uri of its playlist, relative to the one that has the report
  public record Report(String uri, Listing listing) {}

  private Playlists() {}

  /// A segment's file.
  public static String segmentFile(long number) {
    return number + SEGMENT_SUFFIX;
  }

  /// The file of a part of a segment.
  ///
  /// @param index from 0 on
  public static String partFile(long number, int index) {
    return number + "." + index + SEGMENT_SUFFIX;
  }

  /// A media playlist; files are named relative to it.
  ///
  /// @param zero the wall time of tick 0
  /// @param reports of all other renditions
  /// @param ended whether nothing follows
  /// @param delta whether what a client knows for long is left out (EXT-X-SKIP)
  public static String media(
      Listing listing, Instant zero, List<Report> reports, boolean ended, boolean delta) {
    var text = new StringBuilder("#EXTM3U\n");
    line(text, "#EXT-X-VERSION:" + VERSION);
    line(text, "#EXT-X-TARGETDURATION:" + Rendition.TARGET_SECONDS);
    line(text, "#EXT-X-PART-INF:PART-TARGET=" + seconds(Rendition.PART_TICKS));
    line(
        text,
        "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK="
            + seconds(HOLD_BACK_TICKS)
            + ",CAN-SKIP-UNTIL="
            + seconds(SKIP_TICKS));
    // No EXT-X-INDEPENDENT-SEGMENTS: it may not go (§6.2.1) when an encoder does not send the key
    // frame that it was asked for. Parts say it each for itself.
    if (!listing.isEmpty()) {
      list(text, listing, zero, delta && !ended);
    }
    if (ended) {
      line(text, "#EXT-X-ENDLIST");
    } else {
      int part = listing.open() == null ? 0 : listing.open().parts().size();
      String next = partFile(listing.nextNumber(), part);
      line(text, "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"" + next + "\"");
      reports.forEach(report -> report(text, report));
    }
    return text.toString();
  }

  private static void list(StringBuilder text, Listing listing, Instant zero, boolean delta) {
    List<Entry> segments = listing.segments();
    Rendition.Open open = listing.open();
    int discontinuity = firstDiscontinuity(listing);
    line(text, "#EXT-X-MEDIA-SEQUENCE:" + (listing.nextNumber() - listing.count()));
    line(text, "#EXT-X-DISCONTINUITY-SEQUENCE:" + discontinuity);
    int skipped = delta ? skipped(listing) : 0;
    long init = -1;
    if (skipped > 0) {
      int all = listing.count() - segments.size() + skipped;
      line(text, "#EXT-X-SKIP:SKIPPED-SEGMENTS=" + all);
      Entry before = segments.get(skipped - 1);
      discontinuity = before.segment().discontinuity();
      init = before.initNumber();
    } else {
      for (PastBlock block : listing.past()) {
        discontinuities(text, discontinuity, block.discontinuity());
        text.append(block.text());
        discontinuity = block.lastDiscontinuity();
        init = block.lastInitNumber();
      }
    }
    for (Entry entry : segments.subList(skipped, segments.size())) {
      Segment segment = entry.segment();
      discontinuities(text, discontinuity, segment.discontinuity());
      discontinuity = segment.discontinuity();
      begin(text, init, entry.initNumber(), segment.startTicks(), zero);
      init = entry.initNumber();
      if (segment.endTicks() > listing.endTicks() - Rendition.PARTS_LISTED_TICKS) {
        parts(text, entry.number(), entry.parts());
      }
      end(text, entry);
    }
    if (open != null) {
      discontinuities(text, discontinuity, open.discontinuity());
      begin(text, init, open.initNumber(), open.startTicks(), zero);
      parts(text, open.number(), open.parts());
    }
  }

  private static int firstDiscontinuity(Listing listing) {
    Rendition.Open open = listing.open();
    if (!listing.past().isEmpty()) {
      return listing.past().getFirst().discontinuity();
    }
    return listing.segments().isEmpty() && open != null
        ? open.discontinuity()
        : listing.segments().getFirst().segment().discontinuity();
  }

  /// A segment of which nothing else is said any more.
  ///
  /// @param initBefore of the segment before it; -1 if there is none
  static void segment(StringBuilder text, long initBefore, Entry entry, Instant zero) {
    begin(text, initBefore, entry.initNumber(), entry.segment().startTicks(), zero);
    end(text, entry);
  }

  private static void end(StringBuilder text, Entry entry) {
    line(text, "#EXTINF:" + seconds(entry.segment().durationTicks()) + ",");
    line(text, segmentFile(entry.number()));
  }

  /// RFC 8216bis §6.2.5.1: all before the skip boundary, where that lies in the latest segments;
  /// else none.
  ///
  /// @return how many of these are left out, and with them all before
  private static int skipped(Listing listing) {
    Rendition.Open open = listing.open();
    long after = open == null ? 0 : open.endTicks() - open.startTicks();
    int count = listing.segments().size();
    while (count > 0 && after < SKIP_TICKS) {
      count--;
      after += listing.segments().get(count).segment().durationTicks();
    }
    return count;
  }

  /// One for each that the programme had, so that all renditions count alike.
  static void discontinuities(StringBuilder text, int before, int after) {
    for (int each = before; each < after; each++) {
      line(text, "#EXT-X-DISCONTINUITY");
    }
  }

  private static void begin(
      StringBuilder text, long initBefore, long init, long startTicks, Instant zero) {
    if (init != initBefore) {
      line(text, "#EXT-X-MAP:URI=\"" + init + INIT_SUFFIX + "\"");
    }
    Instant date =
        zero.plusMillis(startTicks * 1000 / Segment.TICKS).truncatedTo(ChronoUnit.MILLIS);
    line(text, "#EXT-X-PROGRAM-DATE-TIME:" + DateTimeFormatter.ISO_INSTANT.format(date));
  }

  private static void parts(StringBuilder text, long number, List<Part> parts) {
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      line(
          text,
          "#EXT-X-PART:DURATION="
              + seconds(part.durationTicks())
              + ",URI=\""
              + partFile(number, i)
              + (part.independent() ? "\",INDEPENDENT=YES" : "\""));
    }
  }

  /// RFC 8216bis §4.4.5.4.
  private static void report(StringBuilder text, Report report) {
    Listing listing = report.listing();
    if (listing.isEmpty()) {
      return;
    }
    Rendition.Open open = listing.open();
    List<Part> parts = open == null ? listing.segments().getLast().parts() : open.parts();
    long number = open == null ? listing.nextNumber() - 1 : open.number();
    line(
        text,
        "#EXT-X-RENDITION-REPORT:URI=\""
            + report.uri()
            + "\",LAST-MSN="
            + number
            + (parts.isEmpty() ? "" : ",LAST-PART=" + (parts.size() - 1)));
  }

  private static String seconds(long ticks) {
    return String.format(Locale.ROOT, "%.5f", (double) ticks / Segment.TICKS);
  }

  /// The multivariant playlist: the largest picture first; renditions that have no segment yet are
  /// left out. BANDWIDTH is a bound (RFC 8216 §4.3.4.2), above that of the next smaller one.
  ///
  /// @param renditions the largest picture first
  /// @param sound heard with every picture
  /// @param directory where the renditions' folders lie, relative to the playlist, with a slash at
  ///     the end
  public static String multivariant(List<Rendition> renditions, Rendition sound, String directory) {
    var text = new StringBuilder("#EXTM3U\n");
    line(text, "#EXT-X-VERSION:" + VERSION);
    List<Entry> heard = sound.listed();
    if (!heard.isEmpty()) {
      line(
          text,
          "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"sound\",DEFAULT=YES,AUTOSELECT=YES,"
              + "CHANNELS=\"2\",URI=\""
              + directory
              + sound.folder()
              + "/index.m3u8\"");
    }
    List<Rendition> begun =
        renditions.stream().filter(rendition -> !rendition.listed().isEmpty()).toList();
    List<Long> bounds = boundsBps(begun.reversed());
    for (int i = 0; i < begun.size(); i++) {
      List<Entry> listed = begun.get(i).listed();
      long boundBps = bounds.get(begun.size() - 1 - i) + peakBps(heard);
      line(text, "#EXT-X-STREAM-INF:" + attributes(listed, heard, boundBps));
      line(text, directory + begun.get(i).folder() + "/index.m3u8");
    }
    return text.toString();
  }

  /// @param renditions the smallest picture first; the bounds are in this order
  private static List<Long> boundsBps(List<Rendition> renditions) {
    List<Long> bounds = new ArrayList<>();
    for (Rendition rendition : renditions) {
      int layer = Math.min(bounds.size(), LAYER_BPS.size() - 1);
      long least = bounds.isEmpty() ? 0 : Math.max(LAYER_BPS.get(layer), bounds.getLast() * 5 / 4);
      bounds.add(Math.max(least, peakBps(rendition.listed())));
    }
    return bounds;
  }

  private static String attributes(List<Entry> listed, List<Entry> heard, long boundBps) {
    Init init = listed.getLast().segment().init();
    String codecs =
        Stream.concat(listed.stream(), heard.stream())
            .map(entry -> entry.segment().init().codec())
            .distinct()
            .collect(Collectors.joining(","));
    return "BANDWIDTH=%d,AVERAGE-BANDWIDTH=%d,RESOLUTION=%dx%d,CODECS=\"%s\"%s"
        .formatted(
            boundBps,
            averageBps(listed) + averageBps(heard),
            init.width(),
            init.height(),
            codecs,
            heard.isEmpty() ? "" : ",AUDIO=\"sound\"");
  }

  private static long peakBps(List<Entry> listed) {
    return listed.stream().mapToLong(entry -> entry.segment().bitrateBps()).max().orElse(0);
  }

  private static long averageBps(List<Entry> listed) {
    long bytes = listed.stream().mapToLong(entry -> entry.segment().bytes().length).sum();
    long ticks = listed.stream().mapToLong(entry -> entry.segment().durationTicks()).sum();
    return ticks == 0 ? 0 : bytes * 8 * Segment.TICKS / ticks;
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }
}
