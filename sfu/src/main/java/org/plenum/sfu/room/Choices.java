package org.plenum.sfu.room;

import java.util.ArrayList;
import java.util.List;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.allocation.LayerOffer;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.Slot;
import org.plenum.sfu.forward.Targets;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.receive.FrameLayers;

/// What a track can be forwarded as at present: its encodings, and of each the temporal and spatial
/// layers within its stream; the worst first. A camera's larger pictures are not offered at the
/// lowest rate of pictures: fewer pixels that move are better than many that jerk. A screen's are,
/// for text must be read. What the slot does not carry yet costs what it takes when its picture
/// moves: else it would be given up again with each gesture.
final class Choices {
  /// The larger layers of a camera begin with less than they will have: until they have been
  /// measured for this long, they are taken for what is usual.
  private static final long YOUNG_NANOS = 2_000_000_000L;

  /// A second's bits for each pixel of a camera's picture.
  private static final double USUAL_BITS_PER_PIXEL = 1.9;

  /// A larger picture that moves less often than this, in pictures a second, is no gain over a
  /// smaller one.
  private static final int LEAST_FRAMES = 12;

  private final List<Choice> choices = new ArrayList<>();
  private final List<LayerOffer> offers = new ArrayList<>();
  /// The best target that the viewer can make use of.
  private final int most;

  private final Slot slot;
  private final int maxFramerate;
  private final double repairs;

  /// @param target how much of the layer's stream: see [FrameLayers]
  record Choice(Layer layer, int target) {
    int height() {
      return layer.height(target);
    }
  }

  /// @param slot that would carry it
  /// @param maxFramerate pictures a second that the viewer wants at the most
  /// @param repairs what repair packets add to each, as a part
  Choices(Slot slot, Track track, int maxFramerate, double repairs, long nowNanos) {
    this.slot = slot;
    this.most = FrameLayers.target(slot.mostSpatial(), FrameLayers.MOST_TEMPORAL);
    this.maxFramerate = maxFramerate;
    this.repairs = repairs;
    boolean isScreen = track.source() == TrackSource.SCREEN;
    for (Layer layer : track.layers().reversed()) {
      if (!layer.isStalled()) {
        addAll(layer, isScreen, nowNanos);
      }
    }
  }

  private void addAll(Layer layer, boolean isScreen, long nowNanos) {
    Targets targets = layer.targets();
    int last = targets == null ? -1 : last(targets, nowNanos);
    for (int target = 0; targets != null && target < last; target++) {
      int pictures = targets.picturesPerSecond(target, nowNanos);
      boolean isOffered =
          isTooOften(pictures)
              ? FrameLayers.temporal(target) == 0
              : isScreen || isWorthIt(layer, targets, target, pictures, nowNanos);
      if (targets.isActive(target, nowNanos) && isOffered) {
        add(layer, target, pictures, nowNanos);
      }
    }
    int pictures = targets == null ? 0 : targets.picturesPerSecond(most, nowNanos);
    if (last <= 0 || FrameLayers.temporal(last) == 0 || !isTooOften(pictures)) {
      add(layer, most, pictures, nowNanos);
    }
  }

  /// Give or take what a measurement may be off.
  private boolean isTooOften(int pictures) {
    return pictures > maxFramerate + maxFramerate / 4 + 1;
  }

  /// All that there is of the stream, by its own layer; -1 if nothing came.
  private int last(Targets targets, long nowNanos) {
    int last = most;
    while (last >= 0 && !targets.isActive(last, nowNanos)) {
      last--;
    }
    return last;
  }

  /// Whether it is of the smallest picture; or of the next one, and has more than the lowest of
  /// several temporal layers; or of a larger one that moves.
  private boolean isWorthIt(Layer layer, Targets targets, int target, int pictures, long nowNanos) {
    int spatial = FrameLayers.spatial(target);
    int smaller = smaller(layer, spatial);
    if (smaller == 0) {
      return true;
    }
    if (FrameLayers.temporal(target) > 0) {
      return smaller == 1 || pictures >= LEAST_FRAMES;
    }
    // Worth it all the same if it is all that the viewer wants.
    int next = FrameLayers.target(spatial, 1);
    return !targets.isActive(next, nowNanos)
            && !targets.isActive(FrameLayers.target(spatial, 2), nowNanos)
        || isTooOften(targets.picturesPerSecond(next, nowNanos));
  }

  /// How many smaller pictures are on offer.
  private int smaller(Layer layer, int spatial) {
    int count = 0;
    Choice before = null;
    for (Choice choice : choices) {
      boolean isSame = choice.layer() == layer && FrameLayers.spatial(choice.target()) == spatial;
      boolean isNew =
          before == null
              || choice.layer() != before.layer()
              || FrameLayers.spatial(choice.target()) != FrameLayers.spatial(before.target());
      count += isNew && !isSame ? 1 : 0;
      before = choice;
    }
    return count;
  }

  private void add(Layer layer, int target, int pictures, long nowNanos) {
    boolean isCarried = slot.target() == layer && target <= slot.quality();
    long expectedBps =
        isCarried ? layer.expectedBps(target, nowNanos) : layer.peakBps(target, nowNanos);
    boolean isYoung = layer.rate().ageNanos(nowNanos) < YOUNG_NANOS;
    boolean isFirst = offers.isEmpty() || choices.getFirst().layer() == layer;
    long usualBps =
        !isFirst && isYoung ? Math.min(usualBps(layer.height(target)), layer.ceilingBps()) : 0;
    long wholeBps = Math.max(expectedBps, usualBps);
    long leastBps = isOffAbove(layer) ? Math.min(leastBps(layer, nowNanos), wholeBps) : wholeBps;
    choices.add(new Choice(layer, target));
    offers.add(
        new LayerOffer(
            (int) (leastBps * (1 + repairs)),
            (int) (wholeBps * (1 + repairs)),
            layer.height(target),
            pictures));
  }

  /// Whether it is switched off, and next to what is carried: it can begin with as little as there
  /// is room for. One that is fallen back to cannot, for what is carried takes too much meanwhile.
  private boolean isOffAbove(Layer layer) {
    return layer.isOff() && !choices.isEmpty() && choices.getLast().layer() == slot.target();
  }

  private long leastBps(Layer layer, long nowNanos) {
    return layer.leastBps(choices.getLast().layer().expectedBps(nowNanos), nowNanos);
  }

  /// The layer that would be the next better one to carry whole: of a choice that is only a part of
  /// its layer, that layer. Of the best, it is the best itself.
  Layer next(int place, int best) {
    Choice choice = choices.get(place);
    boolean isWhole = choices.get(Math.min(place + 1, best)).layer() != choice.layer();
    return isWhole ? choices.get(place + 1).layer() : choice.layer();
  }

  private static int usualBps(int height) {
    return (int) (USUAL_BITS_PER_PIXEL * height * height * 16 / 9);
  }

  /// The same, as the allocator is told.
  List<LayerOffer> offers() {
    return offers;
  }

  /// The choice in this place, which must exist.
  Choice get(int place) {
    return choices.get(place);
  }

  int size() {
    return choices.size();
  }

  /// Nothing of the largest picture is on offer any more, where there is a smaller one; else not
  /// the highest rate of pictures.
  void leaveOutTheLargest() {
    int last = choices.size() - 1;
    while (last >= 0 && choices.get(last).height() == choices.getLast().height()) {
      last--;
    }
    int kept = last >= 0 ? last + 1 : Math.max(1, choices.size() - 1);
    if (kept < choices.size()) {
      choices.subList(kept, choices.size()).clear();
      offers.subList(kept, offers.size()).clear();
    }
  }

  /// The place of what a slot is meant to carry, or of what comes next to it; -1 if it is not on
  /// offer.
  int placeOf(Slot slot) {
    int place = -1;
    for (int i = 0; i < choices.size(); i++) {
      Choice choice = choices.get(i);
      if (choice.layer() == slot.target() && (place < 0 || choice.target() <= slot.quality())) {
        place = i;
      }
    }
    return place;
  }
}
