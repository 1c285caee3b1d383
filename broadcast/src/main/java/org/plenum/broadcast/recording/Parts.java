package org.plenum.broadcast.recording;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.recording.RecordedTrack.Part;
import org.plenum.sfu.TappedStream;
import org.plenum.sfu.TrackSource;

/// The files of one track, one after another.
final class Parts {
  private final String kind;
  private final int scale;
  private final int usualDuration;
  private final long zeroNanos;
  private final IntSupplier numbers;
  private final RecordingOutput out;
  private final List<Part> done = new ArrayList<>();
  private @Nullable PartWriter writer;
  private @Nullable Alignment alignment;
  private String codec = "";
  private int width;
  private int height;

  /// @param scale units of RTP and the files per second
  /// @param usualDuration in these units, of a picture after which nothing comes
  /// @param zeroNanos the monotonic time at which the recording begins
  /// @param numbers of the next file in the recording
  Parts(
      TrackSource source,
      int scale,
      int usualDuration,
      long zeroNanos,
      IntSupplier numbers,
      RecordingOutput out) {
    this.kind = source.name().toLowerCase(Locale.ROOT).replace('_', '-');
    this.scale = scale;
    this.usualDuration = usualDuration;
    this.zeroNanos = zeroNanos;
    this.numbers = numbers;
    this.out = out;
  }

  boolean isOpen() {
    return writer != null;
  }

  /// Ends the open file, and begins another.
  ///
  /// @param arrivalNanos when its first picture came
  void begin(TrackFile file, String itsCodec, int itsWidth, int itsHeight, long arrivalNanos) {
    end();
    codec = itsCodec;
    width = itsWidth;
    height = itsHeight;
    String name = "%04d-%s%s".formatted(numbers.getAsInt(), kind, file.suffix());
    writer = new PartWriter(name, file, usualDuration, out);
    alignment = new Alignment(scale, zeroNanos, arrivalNanos);
  }

  /// Adds to the open file. See [PartWriter#add].
  ///
  /// @param timestamp RTP's, of what lies at `ticks`
  void add(
      TappedStream stream,
      int timestamp,
      long ticks,
      int duration,
      byte[] data,
      boolean begins,
      boolean sync,
      long arrival) {
    if (writer == null || alignment == null) {
      throw new IllegalStateException("no file is open");
    }
    writer.add(ticks, duration, data, begins, sync, arrival);
    alignment.onPacket(stream.captured(), timestamp, ticks);
  }

  void onTimeout(long nowNanos) {
    if (writer != null) {
      writer.onTimeout(nowNanos);
    }
  }

  void end() {
    Part last = open();
    if (writer != null && last != null) {
      writer.end();
      done.add(last);
      writer = null;
      alignment = null;
    }
  }

  List<Part> all() {
    Part open = open();
    if (open == null) {
      return List.copyOf(done);
    }
    List<Part> all = new ArrayList<>(done);
    all.add(open);
    return all;
  }

  private @Nullable Part open() {
    if (writer == null || alignment == null) {
      return null;
    }
    return new Part(
        writer.name(),
        writer.contentType(),
        codec,
        width,
        height,
        alignment.startNanos(),
        alignment.nanos(writer.endTicks()),
        writer.bytes(),
        alignment.places());
  }
}
