package org.plenum.broadcast.programme;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.TappedStream;

/// What is shown from one discontinuity to the next: the layers of one track, the smallest picture
/// first.
final class Take {
  private final List<TappedStream> asked;
  private final List<Line> lines = new ArrayList<>();
  private final long madeNanos;

  Take(List<TappedStream> streams, long nowNanos) {
    asked = List.copyOf(streams);
    madeNanos = nowNanos;
    streams.forEach(stream -> lines.add(new Line(stream)));
  }

  /// The streams that it was to consist of.
  List<TappedStream> asked() {
    return asked;
  }

  long madeNanos() {
    return madeNanos;
  }

  /// The streams that it does consist of.
  List<Line> lines() {
    return lines;
  }

  @Nullable Line line(TappedStream stream) {
    for (Line line : lines) {
      if (line.stream() == stream) {
        return line;
      }
    }
    return null;
  }

  boolean hasBegun() {
    return lines.stream().anyMatch(Line::hasBegun);
  }

  boolean isWhole() {
    return lines.stream().allMatch(Line::hasBegun);
  }

  /// Goes on without those that have not begun.
  void dropAbsent() {
    lines.removeIf(line -> !line.hasBegun());
  }

  long lastArrivalNanos() {
    return lines.stream().mapToLong(Line::lastArrivalNanos).max().orElse(madeNanos);
  }
}
