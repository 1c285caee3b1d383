package org.plenum.sfu.forward;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
import org.plenum.sfu.Rid;

/// The layers of one track: which there are, which is larger, which is for whom. One thread, no
/// clock.
final class Layers implements AutoCloseable {
  /// SSRCs that a publisher may use for one track in all; each costs a cache.
  static final int MOST_SSRCS = 32;

  /// A layer that was silent for so long while another one was not has been stopped: encoders pause
  /// layers that the network does not carry, and say nothing. Longer than any key frame takes.
  static final long STALLED_NANOS = 1_500_000_000L;

  /// A track that was silent for so long was muted or shows a still picture: nothing can be said of
  /// its layers until it has been going on for a while.
  private static final long ALIVE_NANOS = 500_000_000L;

  /// Larger pictures first; while heights are unknown, what was offered later is taken for larger,
  /// as browsers' pages list them.
  private final Comparator<Layer> order =
      Comparator.<Layer>comparingInt(Layer::height).thenComparingInt(this::place).reversed();

  private final List<Layer> bestFirst = new ArrayList<>();
  private final int[] formerSsrcs = new int[MOST_SSRCS];
  private int formerCount;
  private List<Rid> rids = List.of();

  /// Since when some layer has been arriving without a pause.
  private long aliveSinceNanos = NanoTime.NEVER;

  List<Layer> bestFirst() {
    return bestFirst;
  }

  void rids(List<Rid> offered) {
    rids = List.copyOf(offered);
    sort();
  }

  boolean accepts(@Nullable Rid rid) {
    return rid == null ? rids.isEmpty() : rids.contains(rid);
  }

  @Nullable Layer find(@Nullable Rid rid) {
    for (int i = 0; i < bestFirst.size(); i++) {
      if (Objects.equals(bestFirst.get(i).rid(), rid)) {
        return bestFirst.get(i);
      }
    }
    return null;
  }

  boolean acceptsSsrc(int ssrc) {
    for (int i = 0; i < formerCount; i++) {
      if (formerSsrcs[i] == ssrc) {
        return false;
      }
    }
    return formerCount < MOST_SSRCS;
  }

  /// @return the layer of the same encoding that was there before, or null
  @Nullable Layer add(Layer fresh) {
    Layer old = find(fresh.rid());
    if (old != null) {
      bestFirst.remove(old);
      formerSsrcs[formerCount++] = old.stream().ssrc();
    }
    bestFirst.add(fresh);
    sort();
    return old;
  }

  /// Takes out the layers of encodings that are not offered any more; they may come back.
  List<Layer> takeUnlisted() {
    List<Layer> gone = bestFirst.stream().filter(layer -> !accepts(layer.rid())).toList();
    bestFirst.removeAll(gone);
    return gone;
  }

  void sort() {
    bestFirst.sort(order);
  }

  boolean isAbove(Layer layer, Layer other) {
    return bestFirst.indexOf(layer) < bestFirst.indexOf(other);
  }

  @Nullable Layer choose(int maxHeight) {
    Layer smallest = null;
    for (int i = 0; i < bestFirst.size(); i++) {
      Layer layer = bestFirst.get(i);
      if (layer.isStalled()) {
        continue;
      }
      if (layer.height() <= maxHeight) {
        return layer;
      }
      smallest = layer;
    }
    return smallest == null && !bestFirst.isEmpty() ? bestFirst.getLast() : smallest;
  }

  @Nullable Layer smallest() {
    for (int i = bestFirst.size() - 1; i >= 0; i--) {
      if (!bestFirst.get(i).isStalled()) {
        return bestFirst.get(i);
      }
    }
    return bestFirst.isEmpty() ? null : bestFirst.getLast();
  }

  /// @return whether there are new ones
  boolean findStalled(long nowNanos) {
    long silenceNanos = Long.MAX_VALUE;
    for (Layer layer : bestFirst) {
      silenceNanos = Math.min(silenceNanos, nowNanos - layer.arrivedNanos());
    }
    if (bestFirst.size() < 2 || silenceNanos > ALIVE_NANOS) {
      aliveSinceNanos = NanoTime.NEVER;
      return false;
    }
    if (aliveSinceNanos == NanoTime.NEVER) {
      aliveSinceNanos = nowNanos;
    }
    return nowNanos - aliveSinceNanos > STALLED_NANOS && stall(nowNanos);
  }

  private boolean stall(long nowNanos) {
    boolean found = false;
    for (Layer layer : bestFirst) {
      if (!layer.isStalled() && nowNanos - layer.arrivedNanos() > STALLED_NANOS) {
        layer.stall();
        found = true;
      }
    }
    return found;
  }

  @Override
  public void close() {
    bestFirst.forEach(Layer::close);
    bestFirst.clear();
  }

  private int place(Layer layer) {
    return layer.rid() == null ? 0 : rids.indexOf(layer.rid());
  }
}
