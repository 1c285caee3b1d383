package org.plenum.sfu.forward;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Rid;

/// The layers of one track: which there are, which is larger, which is for whom. One thread, no
/// clock.
final class Layers implements AutoCloseable {
  /// SSRCs that a publisher may use for one track in all; each costs a cache.
  static final int MOST_SSRCS = 32;

  /// A track that was silent for this long was muted or shows a still picture: nothing can be
  /// said of its layers until it has been going on for a while.
  private static final long PAUSE_NANOS = 500_000_000L;

  /// Larger pictures first; while heights are unknown, what was offered later is taken for larger,
  /// as browsers' pages list them.
  private final Comparator<Layer> order =
      Comparator.<Layer>comparingInt(Layer::height).thenComparingInt(this::place).reversed();

  private final List<Layer> bestFirst = new ArrayList<>();
  private final int[] formerSsrcs = new int[MOST_SSRCS];
  private int formerCount;
  private List<Rid> rids = List.of();

  /// Since when some layer has been arriving without a pause, and when it last did.
  private long aliveSinceNanos;

  private long arrivedNanos;
  private boolean arrived;

  List<Layer> bestFirst() {
    return bestFirst;
  }

  void rids(List<Rid> offered) {
    rids = List.copyOf(offered);
    sort();
  }

  /// The encodings offered, in the order of the offer; empty without simulcast.
  List<Rid> rids() {
    return rids;
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

  /// Takes out one that does not come to here any more.
  void remove(Layer gone) {
    bestFirst.remove(gone);
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

  /// Notes that a packet of a layer came, and finds out which layers fell silent meanwhile:
  /// encoders stop layers that the network does not carry, and say nothing.
  ///
  /// @return whether a layer has stopped, or is back
  boolean onArrival(Layer from, int timestamp, int payloadBytes, long nowNanos) {
    boolean isFrame = from.onArrival(timestamp, payloadBytes, nowNanos);
    boolean changed = from.isStalled();
    from.stalled(false);
    if (!arrived || nowNanos - arrivedNanos > PAUSE_NANOS) {
      aliveSinceNanos = nowNanos;
    }
    arrived = true;
    arrivedNanos = nowNanos;
    return (isFrame && findStalled(from, nowNanos)) || changed;
  }

  private boolean findStalled(Layer from, long nowNanos) {
    boolean found = false;
    for (int i = 0; i < bestFirst.size(); i++) {
      Layer other = bestFirst.get(i);
      if (other != from) {
        other.rhythm().onFrameOfOther();
        if (!other.isStalled() && isSilent(other, nowNanos)) {
          other.stalled(true);
          found = true;
        }
      }
    }
    return found;
  }

  /// One that its publisher was told not to send is silent for no fault of its own.
  private boolean isSilent(Layer layer, long nowNanos) {
    return layer.isAbsent()
        ? layer.isOverdue(nowNanos)
        : layer.rhythm().isSilent(aliveSinceNanos, nowNanos);
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
