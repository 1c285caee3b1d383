package org.plenum.sfu.transport;

import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;

/// How long packets of pictures may wait for one viewer's budget. What waits for longer than half a
/// second is of no more use, but for a key frame that is larger than the path carries in that time:
/// it leaves all the same, or the viewer would never see anything of a shared screen, and its
/// publisher make one key frame after the other for everybody. What comes behind it waits with it,
/// and catches up. A picture that does not get there twice in a row rests, longer each time. No
/// clock; worker's thread only.
final class LargeStarts {
  /// Of what is not, or does not wait for, a key frame that has begun to leave.
  static final long MOST_WAIT_NANOS = 500_000_000L;

  /// From when the first packet of a key frame has left until what follows waits no more.
  static final long MOST_START_NANOS = 8_000_000_000L;

  /// After the second picture in a row that did not get there; then twice as long each time.
  static final long FIRST_REST_NANOS = 10_000_000_000L;

  private static final int MOST_DOUBLINGS = 3;

  /// What is less leaves in half a second on any path that carries pictures at all.
  private static final int LARGE_BYTES = 20_000;

  /// How often browsers ask while they wait, or rather less: what they asked for before the last
  /// packet came is on its way for so long, besides the round trip.
  private static final long ASKED_NANOS = 200_000_000L;

  /// Whose key frame the others wait for.
  private @Nullable SendStream large;

  /// The first packet of a key frame leaves that the stream begins with.
  ///
  /// @param smallest whether its track has nothing that would come sooner
  void onStarted(SendStream stream, int timestamp, boolean smallest, long nowNanos) {
    large = stream == large ? null : large;
    stream.startedNanos = NanoTime.at(nowNanos);
    stream.keyTimestamp = timestamp;
    stream.keyLeaving = true;
    stream.keyBytes = 0;
    stream.keySmallest = smallest;
  }

  /// A packet of its stream leaves, while its key frame does.
  ///
  /// @param marker whether it is the last of its picture
  void onSent(SendStream stream, int timestamp, boolean marker, int lengthBytes, long nowNanos) {
    stream.keyBytes += timestamp == stream.keyTimestamp ? lengthBytes : 0;
    if (marker || timestamp != stream.keyTimestamp) {
      stream.keyLeaving = false;
      stream.keyLeftNanos = NanoTime.at(nowNanos);
    }
  }

  /// Whether the viewer cannot have the key frame yet that its stream began with: it asks for one,
  /// as browsers do five times a second, and gets this one.
  boolean isOnItsWay(SendStream stream, long roundTripNanos, long nowNanos) {
    if (stream.keyLeaving) {
      return isStarting(stream, nowNanos);
    }
    return stream.keyLeftNanos != NanoTime.NEVER
        && stream.keyLeftNanos - stream.startedNanos > ASKED_NANOS
        && nowNanos - stream.keyLeftNanos <= roundTripNanos + ASKED_NANOS;
  }

  /// Whether a packet may leave that waited for so long.
  boolean mayLeave(SendStream stream, long waitedNanos, long nowNanos) {
    if (waitedNanos <= MOST_WAIT_NANOS) {
      if (stream == large) {
        large = null;
        stream.failedStarts = 0;
      }
      return true;
    }
    if (isHeld(stream, nowNanos)) {
      large = stream;
      return true;
    }
    SendStream before = large;
    return before != null
        && isHeld(before, nowNanos)
        && waitedNanos <= nowNanos - before.startedNanos + MOST_WAIT_NANOS;
  }

  /// Whether what is sent of this stream is held up by its own key frame, and so costs more for a
  /// moment than it will.
  boolean isHolding(SendStream stream, long nowNanos) {
    return stream == large || stream.keyLeaving && isHeld(stream, nowNanos);
  }

  /// Whether others wait for a key frame now.
  boolean isHolding(long nowNanos) {
    SendStream present = large;
    return present != null && isHeld(present, nowNanos);
  }

  /// A packet was not let go: what follows it cannot be decoded.
  void onRefused(SendStream stream, long nowNanos) {
    if (stream != large) {
      return;
    }
    large = null;
    int before = stream.failedStarts++;
    if (before > 0) {
      long restNanos = FIRST_REST_NANOS << Math.min(before - 1, MOST_DOUBLINGS);
      stream.slot.rest(NanoTime.after(nowNanos, restNanos));
    }
  }

  /// Not where a smaller layer can take its place.
  private static boolean isHeld(SendStream stream, long nowNanos) {
    return stream.keySmallest && stream.keyBytes >= LARGE_BYTES && isStarting(stream, nowNanos);
  }

  private static boolean isStarting(SendStream stream, long nowNanos) {
    return stream.startedNanos != NanoTime.NEVER
        && nowNanos - stream.startedNanos <= MOST_START_NANOS;
  }
}
