package org.plenum.sfu.forward;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
import org.plenum.sfu.Rid;

/// Which encodings of a track its publisher is to send: those that somebody needs, and the smallest
/// always, so that whoever comes next has a picture at once. One that is needed is switched on at
/// once; one that is not, off after a while, for windows are resized and speakers change. Worker's
/// thread only.
final class LayerSwitch {
  /// A layer that nobody has needed for this long is switched off.
  static final long UNUSED_NANOS = 5_000_000_000L;

  /// Stands for "nobody knows what the client has heard"; there is always one to be sent.
  private static final List<Rid> UNKNOWN = List.of();

  private final Layers layers;

  /// What the client was told; null: nothing yet, it sends all.
  private @Nullable List<Rid> told;

  LayerSwitch(Layers layers) {
    this.layers = layers;
  }

  /// The client may have missed what it was told: the next review says it again.
  void repeat() {
    if (told != null) {
      told = UNKNOWN;
    }
  }

  /// Finds out which layers are needed.
  ///
  /// @return whether the client was told otherwise
  boolean review(Predicate<Layer> isNeeded, long nowNanos) {
    if (layers.rids().size() < 2) {
      return false;
    }
    List<Layer> bestFirst = layers.bestFirst();
    for (int i = 0; i < bestFirst.size(); i++) {
      Layer layer = bestFirst.get(i);
      // One that its publisher stopped by itself does not count as unused: it costs nothing.
      boolean stays = i == bestFirst.size() - 1 || isNeeded.test(layer) || layer.isStalled();
      review(layer, stays, nowNanos);
    }
    return !isAsTold();
  }

  private static void review(Layer layer, boolean stays, long nowNanos) {
    if (stays || layer.neededNanos() == NanoTime.NEVER) {
      layer.needed(nowNanos);
      if (layer.isOff()) {
        layer.switchOn(nowNanos);
      }
    } else if (!layer.isOff() && nowNanos - layer.neededNanos() >= UNUSED_NANOS) {
      layer.switchOff(nowNanos);
    }
  }

  private boolean isSent(Rid rid) {
    Layer layer = layers.find(rid);
    return layer == null || !layer.isOff();
  }

  private boolean isAsTold() {
    List<Rid> rids = layers.rids();
    int matched = 0;
    for (int i = 0; i < rids.size(); i++) {
      if (isSent(rids.get(i))) {
        if (told != null && !told.contains(rids.get(i))) {
          return false;
        }
        matched++;
      } else if (told == null) {
        return false;
      }
    }
    return told == null || told.size() == matched;
  }

  /// The encodings to be sent from now on: the client is told.
  List<Rid> tell() {
    List<Rid> active = layers.rids().stream().filter(this::isSent).toList();
    told = active;
    return active;
  }
}
