package org.plenum.broadcast.recording;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.recording.RecordedTrack.Place;
import org.plenum.sfu.TappedStream;

/// Where a file lies on the recording's time line, by its publisher's sender reports.
final class Alignment {
  /// Where media time has run away by so much, there is another place.
  private static final long MOST_OFF_NANOS = 4_000_000L;

  /// A report that puts a packet farther from its arrival is not believed: a publisher's clock may
  /// be set while it sends, and anybody can send any report.
  private static final long MOST_FROM_ARRIVAL_NANOS = 3_000_000_000L;

  /// As many as a clock that is 100 ppm off needs in a day.
  private static final int MOST_PLACES = 2_200;

  private static final long NANOS = 1_000_000_000L;

  private final int scale;
  private final long zeroNanos;
  private final List<Place> places = new ArrayList<>();
  private TappedStream.@Nullable Captured last;

  /// By arrival of the first picture, until there is a report.
  private long startNanos;

  /// @param scale units of the file and of RTP per second
  /// @param zeroNanos the monotonic time at which the recording begins
  /// @param arrivalNanos when the file's first picture came
  Alignment(int scale, long zeroNanos, long arrivalNanos) {
    this.scale = scale;
    this.zeroNanos = zeroNanos;
    this.startNanos = arrivalNanos - zeroNanos;
  }

  /// Looks at the latest sender report.
  ///
  /// @param timestamp of a packet, and `ticks` where it lies in the file
  /// @param arrivalNanos when it came
  void onPacket(
      TappedStream.@Nullable Captured captured, int timestamp, long ticks, long arrivalNanos) {
    if (captured == null || captured.equals(last)) {
      return;
    }
    last = captured;
    // A packet is never hours from a report: the difference fits.
    long mediaNanos = nanos(ticks + (captured.timestamp() - timestamp));
    long timelineNanos = captured.nanos() - zeroNanos;
    long packetNanos = timelineNanos + (nanos(ticks) - mediaNanos);
    if (Math.abs(packetNanos - (arrivalNanos - zeroNanos)) > MOST_FROM_ARRIVAL_NANOS) {
      return;
    }
    if (places.isEmpty()) {
      startNanos = timelineNanos - mediaNanos;
      places.add(new Place(0, startNanos));
      return;
    }
    Place before = places.getLast();
    long predicted = before.timelineNanos() + (mediaNanos - before.mediaNanos());
    if (Math.abs(timelineNanos - predicted) > MOST_OFF_NANOS
        && mediaNanos > before.mediaNanos()
        && places.size() < MOST_PLACES) {
      places.add(new Place(mediaNanos, timelineNanos));
    }
  }

  long startNanos() {
    return startNanos;
  }

  List<Place> places() {
    return places;
  }

  long nanos(long ticks) {
    return Math.floorDiv(ticks, scale) * NANOS + Math.floorMod(ticks, scale) * NANOS / scale;
  }
}
