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
  private final FileAllowance allowance;
  private final RecordingOutput out;
  private final List<Part> done = new ArrayList<>();
  private @Nullable PartWriter writer;
  private @Nullable Alignment alignment;
  private String codec = "";
  private int width;
  private int height;

  /// Since when something is left out because no other file may begin; only if `leavesOut`.
  private long leftOutSinceNanos;

  private boolean leavesOut;
  private long leftOutNanos;

  /// @param scale units of RTP and the files per second
  /// @param usualDuration in these units, of a picture after which nothing comes
  /// @param zeroNanos the monotonic time at which the recording begins
  /// @param numbers of the next file in the recording
  /// @param allowance of its publisher
  Parts(
      TrackSource source,
      int scale,
      int usualDuration,
      long zeroNanos,
      IntSupplier numbers,
      FileAllowance allowance,
      RecordingOutput out) {
    this.kind = source.name().toLowerCase(Locale.ROOT).replace('_', '-');
    this.scale = scale;
    this.usualDuration = usualDuration;
    this.zeroNanos = zeroNanos;
    this.numbers = numbers;
    this.allowance = allowance;
    this.out = out;
  }

  boolean isOpen() {
    return writer != null;
  }

  /// Whether what comes is left out until another file may begin.
  boolean waits(long nowNanos) {
    return leavesOut && !allowance.isOpen(nowNanos);
  }

  /// For how long something was left out because files would have begun too often.
  ///
  /// @param nowNanos up to which it counts
  long leftOutNanos(long nowNanos) {
    return leftOutNanos + (leavesOut ? Math.max(0, nowNanos - leftOutSinceNanos) : 0);
  }

  /// Ends the open file, and begins another, unless there are so many already that this has to be
  /// left out, and with it all that only goes into another file.
  ///
  /// @param arrivalNanos when its first picture came
  /// @return whether it has begun; if not, the open file stays open
  boolean begin(TrackFile file, String itsCodec, int itsWidth, int itsHeight, long arrivalNanos) {
    if (!allowance.take(arrivalNanos)) {
      leftOutSinceNanos = leavesOut ? leftOutSinceNanos : arrivalNanos;
      leavesOut = true;
      return false;
    }
    end();
    codec = itsCodec;
    width = itsWidth;
    height = itsHeight;
    String name = "%04d-%s%s".formatted(numbers.getAsInt(), kind, file.suffix());
    writer = new PartWriter(name, file, usualDuration, out);
    alignment = new Alignment(scale, zeroNanos, arrivalNanos);
    return true;
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
    leftOutNanos = leftOutNanos(arrival);
    leavesOut = false;
    writer.add(ticks, duration, data, begins, sync, arrival);
    alignment.onPacket(stream.captured(), timestamp, ticks, arrival);
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

  /// Whether there is nothing to be told of it.
  boolean isNone() {
    return done.isEmpty() && writer == null && !leavesOut;
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
