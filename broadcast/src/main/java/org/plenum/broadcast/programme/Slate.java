package org.plenum.broadcast.programme;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.plenum.broadcast.box.Fragment;
import org.plenum.broadcast.box.InitSegment;
import org.plenum.broadcast.box.Sample;
import org.plenum.broadcast.frame.Picture;
import org.plenum.broadcast.frame.StillPicture;
import org.plenum.broadcast.frame.VideoFormat;
import org.plenum.broadcast.hls.Init;
import org.plenum.broadcast.hls.Part;
import org.plenum.broadcast.hls.Rendition;
import org.plenum.broadcast.hls.Segment;

/// What is shown while nobody sends a picture, so that the programme goes on: a still picture that
/// `ffmpeg` encoded once.
final class Slate {
  /// Of one picture: each begins a segment anew.
  private static final long PICTURE_TICKS = Segment.TICKS;

  private static final Picture PICTURE = StillPicture.of(file());
  private static final Init INIT = init();

  private final List<Rendition> renditions;
  private final int discontinuity;
  private int fragments;

  /// Where the open segment begins.
  private long start;

  /// Where its next part begins.
  private long end;

  /// @param renditions all of which show it
  /// @param startTicks where it begins on the programme's time line
  /// @param fragmentsBefore the number of the programme's last fragment
  Slate(List<Rendition> renditions, long startTicks, int discontinuity, int fragmentsBefore) {
    this.renditions = List.copyOf(renditions);
    this.start = startTicks;
    this.end = startTicks;
    this.discontinuity = discontinuity;
    this.fragments = fragmentsBefore;
  }

  /// Goes on up to now, with segments that end where the programme's grid has a line.
  void onTimeout(long nowTicks) {
    for (long next = next(); next <= nowTicks; next = next()) {
      part(next);
      if (next == line()) {
        segment();
      }
    }
  }

  /// Goes on up to where something else begins.
  void finish(long startTicks) {
    onTimeout(startTicks);
    if (startTicks > end) {
      part(startTicks);
    }
    if (end > start) {
      segment();
    }
  }

  private long next() {
    return Math.min(end + Rendition.PART_TICKS, line());
  }

  private long line() {
    return Math.ceilDiv(start + Segment.TICKS / 2, Line.SEGMENT_TICKS) * Line.SEGMENT_TICKS;
  }

  private void part(long endTicks) {
    int ticks = (int) (endTicks - end);
    byte[] bytes =
        Fragment.write(++fragments, end, List.of(new Sample(PICTURE.data(), ticks, true)));
    var part = new Part(bytes, ticks, true);
    renditions.forEach(rendition -> rendition.addPart(INIT, start, discontinuity, part));
    end = endTicks;
  }

  private void segment() {
    List<Sample> samples = new ArrayList<>();
    for (long left = end - start; left > 0; ) {
      long duration = left < 2 * PICTURE_TICKS ? left : PICTURE_TICKS;
      samples.add(new Sample(PICTURE.data(), (int) duration, true));
      left -= duration;
    }
    byte[] bytes = Fragment.write(++fragments, start, samples);
    var segment = new Segment(bytes, INIT, start, end - start, true, discontinuity);
    renditions.forEach(rendition -> rendition.add(segment));
    start = end;
  }

  private static Init init() {
    VideoFormat format = Objects.requireNonNull(PICTURE.format());
    return new Init(format.name(), format.width(), format.height(), InitSegment.video(format));
  }

  private static byte[] file() {
    try (InputStream in = Slate.class.getResourceAsStream("slate.h264")) {
      return Objects.requireNonNull(in, "slate.h264 is missing from the jar").readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
