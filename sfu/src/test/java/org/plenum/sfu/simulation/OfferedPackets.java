package org.plenum.sfu.simulation;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.plenum.sfu.EgressVerdict;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.Slot;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.forward.TrackSink;
import org.plenum.sfu.room.RoomTracks;

/// Counts the packets of one part of a room for each slot that they are handed to, beside the
/// room's own count of what became of them.
final class OfferedPackets {
  private final SimulatedCall part;
  private final Map<Track, TrackSink> counted = new HashMap<>();
  private long offered;

  OfferedPackets(SimulatedCall part) {
    this.part = part;
    part.beforePackets(this::look);
  }

  /// Takes the last place among the sinks of each track, so that it sees a packet before any slot
  /// does something because of it.
  private void look() {
    if (part.room.isClosed()) {
      return;
    }
    for (Track track : RoomTracks.of(part.room, part.now())) {
      TrackSink sink = counted.computeIfAbsent(track, Counter::new);
      if (track.sinks().isEmpty() || track.sinks().getLast() != sink) {
        track.detach(sink);
        track.attach(sink);
      }
    }
  }

  /// Each packet has at most one verdict at each slot; while none waits, it has one.
  ///
  /// @param isAll whether nothing can wait any more
  void check(boolean isAll) {
    long verdicts = Arrays.stream(EgressVerdict.values()).mapToLong(part.counters::value).sum();
    if (verdicts > offered || isAll && verdicts != offered) {
      throw new AssertionError(verdicts + " verdicts on " + offered + " packets at slots");
    }
  }

  private final class Counter implements TrackSink {
    private final Track track;

    private Counter(Track track) {
      this.track = track;
    }

    @Override
    public void onPacket(Layer layer, long sequenceNumber, int entry) {
      for (TrackSink sink : track.sinks()) {
        offered += sink instanceof Slot ? 1 : 0;
      }
    }

    @Override
    public void onLayersChanged(Track changed) {}

    @Override
    public void onLayerGone(Layer layer) {}

    @Override
    public void onTrackEnded(Track ended) {
      counted.remove(ended);
    }

    @Override
    public boolean wants(Layer layer) {
      return false;
    }
  }
}
