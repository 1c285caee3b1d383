package org.plenum.sfu.forward;

import java.util.List;
import java.util.function.Predicate;
import org.plenum.ice.NanoTime;

/// Which layers of a track whose publisher is elsewhere are to come to here: those that somebody
/// here needs, and no others. Switched on at once, off after a while, as [LayerSwitch] does it for
/// publishers. Worker's thread only.
final class RelayedLayers {
  /// A layer that nobody has needed for this long stays away. It costs less to relay one for
  /// nothing than to wait for its next key frame.
  static final long UNUSED_NANOS = 3_000_000_000L;

  private final Layers layers;

  RelayedLayers(Layers layers) {
    this.layers = layers;
  }

  /// @return whether other layers are to come than before
  boolean review(Predicate<Layer> isNeeded, long nowNanos) {
    boolean changed = false;
    List<Layer> bestFirst = layers.bestFirst();
    for (int i = 0; i < bestFirst.size(); i++) {
      Layer layer = bestFirst.get(i);
      if (isNeeded.test(layer)) {
        layer.needed(nowNanos);
        if (layer.isOff()) {
          layer.switchOn(nowNanos);
          changed = true;
        }
      } else if (!layer.isOff() && isForgotten(layer, nowNanos)) {
        layer.switchOff(nowNanos);
        changed = true;
      }
    }
    return changed;
  }

  private static boolean isForgotten(Layer layer, long nowNanos) {
    return layer.neededNanos() == NanoTime.NEVER || nowNanos - layer.neededNanos() >= UNUSED_NANOS;
  }
}
