package org.plenum.broadcast.recording;

import java.util.ArrayList;
import java.util.List;
import org.plenum.broadcast.box.Fragment;
import org.plenum.broadcast.box.InitSegment;
import org.plenum.broadcast.box.Sample;
import org.plenum.broadcast.box.SegmentIndex;
import org.plenum.broadcast.frame.VideoFormat;
import org.plenum.broadcast.webm.WebmVideo;
import org.plenum.sfu.CodecName;

/// A file of one track in its container, as it grows. What it says goes to an output.
sealed interface TrackFile {
  /// What is written at once.
  ///
  /// @param ticks since the file began
  /// @param duration in ticks
  /// @param sync whether a decoder can start with it
  record Timed(long ticks, int duration, byte[] data, boolean sync) {}

  /// Behind its number, the end of its name.
  String suffix();

  /// Of the file, without parameters.
  String contentType();

  /// Appends what the file begins with.
  ///
  /// @return bytes
  int begin(String name, RecordingOutput out);

  /// Appends some pictures or packets.
  ///
  /// @return bytes
  int add(String name, List<Timed> some, RecordingOutput out);

  /// Makes it one that can be sought in.
  void end(String name, long endTicks, RecordingOutput out);

  /// MP4 in fragments (ISO/IEC 14496-12 §8.8).
  final class Mp4 implements TrackFile {
    private final String contentType;
    private final byte[] init;
    private final int scale;
    private final SegmentIndex index = new SegmentIndex();
    private int fragments;

    private Mp4(String contentType, byte[] init, int scale) {
      this.contentType = contentType;
      this.init = init;
      this.scale = scale;
    }

    @Override
    public String suffix() {
      return ".mp4";
    }

    @Override
    public String contentType() {
      return contentType;
    }

    @Override
    public int begin(String name, RecordingOutput out) {
      byte[] placeholder = SegmentIndex.placeholder();
      out.append(name, init);
      out.append(name, placeholder);
      return init.length + placeholder.length;
    }

    @Override
    public int add(String name, List<Timed> some, RecordingOutput out) {
      List<Sample> samples = new ArrayList<>(some.size());
      for (Timed timed : some) {
        samples.add(new Sample(timed.data(), timed.duration(), timed.sync()));
      }
      Timed first = some.getFirst();
      byte[] bytes = Fragment.write(++fragments, first.ticks(), samples);
      index.add(bytes.length, first.ticks(), first.sync());
      out.append(name, bytes);
      return bytes.length;
    }

    @Override
    public void end(String name, long endTicks, RecordingOutput out) {
      out.patch(name, init.length, index.write(scale, endTicks));
      out.close(name);
    }
  }

  /// WebM, whose clock is coarser than RTP's.
  final class Webm implements TrackFile {
    private final WebmVideo file;

    private Webm(VideoFormat format) {
      this.file = new WebmVideo(format.width(), format.height());
    }

    @Override
    public String suffix() {
      return ".webm";
    }

    @Override
    public String contentType() {
      return "video/webm";
    }

    @Override
    public int begin(String name, RecordingOutput out) {
      byte[] head = file.head();
      out.append(name, head);
      return head.length;
    }

    @Override
    public int add(String name, List<Timed> some, RecordingOutput out) {
      List<WebmVideo.Block> blocks = new ArrayList<>(some.size());
      for (Timed timed : some) {
        blocks.add(new WebmVideo.Block(millis(timed.ticks()), timed.data(), timed.sync()));
      }
      byte[] bytes = file.cluster(blocks);
      out.append(name, bytes);
      return bytes.length;
    }

    @Override
    public void end(String name, long endTicks, RecordingOutput out) {
      byte[] cues = file.cues();
      out.append(name, cues);
      file.patches(cues.length, millis(endTicks))
          .forEach(patch -> out.patch(name, patch.at(), patch.bytes()));
      out.close(name);
    }

    private static long millis(long ticks) {
      return (ticks * WebmVideo.SCALE + InitSegment.VIDEO_SCALE / 2) / InitSegment.VIDEO_SCALE;
    }
  }

  /// Of pictures of this format; ticks are [InitSegment#VIDEO_SCALE].
  static TrackFile video(VideoFormat format) {
    return format.codec() == CodecName.VP8
        ? new Webm(format)
        : new Mp4("video/mp4", InitSegment.video(format), InitSegment.VIDEO_SCALE);
  }

  /// Of Opus; ticks are [InitSegment#SOUND_SCALE].
  static TrackFile sound() {
    return new Mp4("audio/mp4", InitSegment.sound(), InitSegment.SOUND_SCALE);
  }
}
