package org.plenum.sfu.forward;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.plenum.sfu.Rid;

/// The ceilings of a track's layers: of all but the smallest, which nothing stands in for. Worker's
/// thread only.
final class LayerCeilings {
  private static final long INTERVAL_NANOS = 250_000_000L;

  private final Layers layers;
  private long reviewedNanos;
  private boolean reviewed;

  LayerCeilings(Layers layers) {
    this.layers = layers;
  }

  /// @param room what could be sent of a layer to the sink that has the most bandwidth for it: see
  ///     [TrackSink#roomFor]
  /// @param atOnce whether there is no waiting for the usual time since the last review
  /// @return whether the publisher is to be told of a change
  boolean review(ToLongFunction<Layer> room, boolean atOnce, long nowNanos) {
    if (!atOnce && reviewed && nowNanos - reviewedNanos < INTERVAL_NANOS) {
      return false;
    }
    reviewed = true;
    reviewedNanos = nowNanos;
    boolean changed = false;
    List<Layer> bestFirst = layers.bestFirst();
    for (int i = 0; i < bestFirst.size() - 1; i++) {
      Layer layer = bestFirst.get(i);
      if (layer.rid() != null && !layer.isStalled()) {
        long smallerBps = bestFirst.get(i + 1).expectedBps(nowNanos);
        long rateBps = layer.peakBps(nowNanos);
        long roomBps = room.applyAsLong(layer);
        changed |=
            layer.ceiling().review(roomBps, rateBps, smallerBps, layer.isAwaited(), nowNanos);
      }
    }
    return changed;
  }

  /// Those that there are, bit/s.
  Map<Rid, Long> present() {
    Map<Rid, Long> present = new HashMap<>();
    for (Layer layer : layers.bestFirst()) {
      Rid rid = layer.rid();
      if (rid != null && layer.ceiling().bps() != Ceiling.NONE) {
        present.put(rid, layer.ceiling().bps());
      }
    }
    return present;
  }
}
