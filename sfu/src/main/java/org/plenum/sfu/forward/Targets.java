package org.plenum.sfu.forward;

import org.jspecify.annotations.Nullable;
import org.plenum.sfu.receive.ByteRate;
import org.plenum.sfu.receive.FrameLayers;

/// What comes of the temporal and spatial layers within one stream: how much of each, how often,
/// and what a target, that is one of them with all that it needs, comes to. Allocates where a layer
/// shows for the first time. One thread, no clock.
public final class Targets {
  private static final int NEVER = -1;

  /// By own layer of a frame, as a target; null for those that never came.
  private final @Nullable OwnLayer[] layers = new @Nullable OwnLayer[FrameLayers.TARGETS];

  private int highestSpatial = NEVER;

  private static final class OwnLayer {
    final ByteRate rate = new ByteRate();
    final ByteRate frames = new ByteRate();
    int timestamp;
    int present = FrameLayers.ALL_TARGETS;
    int presentBefore = FrameLayers.ALL_TARGETS;

    /// Between the key pictures of a K-SVC stream a layer is needed by fewer than with them.
    boolean isIn(int target) {
      return (present & presentBefore) >>> target << 31 != 0;
    }
  }

  void onPacket(long frame, int lengthBytes, int timestamp, long nowNanos) {
    int own = FrameLayers.own(frame);
    OwnLayer layer = layers[own];
    boolean isNew = layer == null;
    if (layer == null) {
      layer = new OwnLayer();
      layers[own] = layer;
    }
    layer.rate.add(lengthBytes, nowNanos);
    if (isNew || timestamp != layer.timestamp) {
      layer.timestamp = timestamp;
      layer.frames.add(1, nowNanos);
      layer.presentBefore = layer.present;
      layer.present = FrameLayers.present(frame);
    }
    highestSpatial = Math.max(highestSpatial, FrameLayers.spatial(own));
  }

  /// Whether frames of this layer came in the last second.
  public boolean isActive(int own, long nowNanos) {
    OwnLayer layer = layers[own];
    return layer != null && layer.frames.bytes(nowNanos) > 0;
  }

  /// The highest spatial layer that ever came, 0 to 3.
  int highestSpatial() {
    return Math.max(0, highestSpatial);
  }

  /// What a target takes on the way to a viewer, each key frame taken for an ordinary one.
  public long bitsPerSecond(int target, long nowNanos) {
    long sum = 0;
    for (OwnLayer layer : layers) {
      if (layer != null && layer.isIn(target)) {
        sum += layer.rate.bitsPerSecond(nowNanos);
      }
    }
    return sum;
  }

  /// Pictures of a target in the last second.
  public int picturesPerSecond(int target, long nowNanos) {
    long most = 0;
    for (int spatial = 0; spatial <= FrameLayers.spatial(target); spatial++) {
      long pictures = 0;
      for (int temporal = 0; temporal <= FrameLayers.MOST_TEMPORAL; temporal++) {
        OwnLayer layer = layers[FrameLayers.target(spatial, temporal)];
        if (layer != null && layer.isIn(target)) {
          pictures += layer.frames.bytes(nowNanos);
        }
      }
      most = Math.max(most, pictures);
    }
    return (int) most;
  }
}
