package org.plenum.broadcast.recording;

import java.util.ArrayList;
import java.util.List;
import org.plenum.ice.NanoTime;

/// One file of a track: gathers what came in the latest second and adds it to the file, so that no
/// more than that is lost when the server is killed.
final class PartWriter {
  /// What is gathered before it is written.
  static final long GATHERED_NANOS = 900_000_000L;

  /// Written however short it is.
  private static final int MOST_GATHERED_BYTES = 4 << 20;

  private record Gathered(long ticks, int duration, byte[] data, boolean sync, long arrivalNanos) {}

  private final String name;
  private final TrackFile file;
  private final int usualDuration;
  private final RecordingOutput out;
  private final List<Gathered> gathered = new ArrayList<>();
  private int gatheredBytes;
  private long bytes;
  private long lastTicks = -1;
  private long endTicks;

  /// @param usualDuration in ticks, of a picture after which nothing comes
  PartWriter(String name, TrackFile file, int usualDuration, RecordingOutput out) {
    this.name = name;
    this.file = file;
    this.usualDuration = usualDuration;
    this.out = out;
    this.bytes = file.begin(name, out);
  }

  String name() {
    return name;
  }

  String contentType() {
    return file.contentType();
  }

  long bytes() {
    return bytes;
  }

  /// Of what was written and what is gathered.
  long endTicks() {
    return endTicks;
  }

  /// Adds a picture or a packet.
  ///
  /// @param ticks since the file began; made later where it is not after the last
  /// @param duration in ticks; 0 for until the next
  /// @param begins whether players may want to begin here
  void add(long ticks, int duration, byte[] data, boolean begins, boolean sync, long arrival) {
    long at = Math.max(ticks, lastTicks + 1);
    if (!gathered.isEmpty()
        && (begins || isDue(arrival) || gatheredBytes + data.length > MOST_GATHERED_BYTES)) {
      write(gathered.size(), at);
    }
    gathered.add(new Gathered(at, duration, data, sync, arrival));
    gatheredBytes += data.length;
    lastTicks = at;
    endTicks = at + (duration > 0 ? duration : usualDuration);
  }

  /// Writes what has been gathered for long enough. The last picture waits for the next one, which
  /// tells how long it is shown, but not for ever.
  void onTimeout(long nowNanos) {
    if (!gathered.isEmpty() && isDue(nowNanos)) {
      boolean waits = gathered.size() > 1 && gathered.getLast().duration() == 0;
      write(waits ? gathered.size() - 1 : gathered.size(), endTicks);
    }
  }

  /// Writes all, and makes the file one that can be sought in.
  void end() {
    if (!gathered.isEmpty()) {
      write(gathered.size(), endTicks);
    }
    file.end(name, endTicks, out);
  }

  private boolean isDue(long nowNanos) {
    return NanoTime.isDue(
        NanoTime.after(gathered.getFirst().arrivalNanos(), GATHERED_NANOS), nowNanos);
  }

  /// @param nextTicks where the one after all that is gathered begins
  private void write(int count, long nextTicks) {
    List<TrackFile.Timed> some = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Gathered each = gathered.get(i);
      long until = i + 1 < gathered.size() ? gathered.get(i + 1).ticks() : nextTicks;
      long duration = each.duration() > 0 ? each.duration() : until - each.ticks();
      some.add(
          new TrackFile.Timed(
              each.ticks(), Math.clamp(duration, 1, Integer.MAX_VALUE), each.data(), each.sync()));
      gatheredBytes -= each.data().length;
    }
    gathered.subList(0, count).clear();
    bytes += file.add(name, some, out);
  }
}
