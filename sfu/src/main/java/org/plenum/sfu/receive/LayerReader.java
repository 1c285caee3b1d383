package org.plenum.sfu.receive;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.rtp.DecodeTargetIndication;
import org.plenum.sfu.rtp.DependencyContext;
import org.plenum.sfu.rtp.DependencyDescriptor;
import org.plenum.sfu.rtp.FrameDependencyStructure;
import org.plenum.sfu.rtp.Vp8Descriptor;
import org.plenum.sfu.rtp.Vp9Descriptor;

/// Brings what the packets of one stream say of layers into [FrameLayers]: its dependency
/// descriptor where there is one that can be read, else its codec's own. Allocates only where a
/// structure comes. One thread.
public final class LayerReader {
  /// More than any codec has.
  private static final int MOST_SPATIAL_LAYERS = 4;

  private final DependencyContext context = new DependencyContext();

  /// The structure that [#qualities] were made of.
  private @Nullable FrameDependencyStructure known;

  /// By decode target: the targets of [FrameLayers] that it stands for.
  private int[] qualities = new int[0];

  private final int[] heights = new int[MOST_SPATIAL_LAYERS];

  /// VP9: the highest spatial layer announced, or seen.
  private int highestSpatial;

  /// VP8: the highest temporal layer seen since the key frame.
  private int highestTemporal;

  /// What a dependency descriptor says.
  ///
  /// @param descriptor a flyweight to read it with
  /// @return [FrameLayers#NONE] if it cannot be read
  public long read(
      DependencyDescriptor descriptor, MemorySegment slab, long offset, int lengthBytes) {
    if (!descriptor.parse(slab, offset, lengthBytes, context)) {
      return FrameLayers.NONE;
    }
    FrameDependencyStructure structure = descriptor.structure();
    if (structure != known) {
      take(structure);
    }
    int present = 0;
    int switching = 0;
    int discardable = 0;
    for (int target = 0; target < qualities.length; target++) {
      DecodeTargetIndication indication = descriptor.indication(target);
      if (indication != DecodeTargetIndication.NOT_PRESENT) {
        present |= qualities[target];
        switching |= indication == DecodeTargetIndication.SWITCH ? qualities[target] : 0;
        discardable |= indication == DecodeTargetIndication.DISCARDABLE ? qualities[target] : 0;
      }
    }
    int own = FrameLayers.target(descriptor.spatialLayer(), descriptor.temporalLayer());
    long frame = FrameLayers.of(own, present, switching, discardable);
    if (descriptor.frameDiffCount() == 0) {
      frame = FrameLayers.independent(frame);
    }
    return FrameLayers.bounds(frame, descriptor.isFrameStart(), descriptor.isFrameEnd());
  }

  /// The structure that a frame's dependency descriptor refers to; null if it is not known, or not
  /// any more.
  ///
  /// @param frameNumber of the descriptor
  public @Nullable FrameDependencyStructure structureOf(int frameNumber) {
    return context.holdsFor(frameNumber) ? context.structure() : null;
  }

  /// The decode targets of that structure that are sent to somebody who gets no more than a target;
  /// a bit each.
  public int decodeTargets(FrameDependencyStructure structure, int target) {
    int mask = 0;
    for (int i = 0; i < structure.decodeTargetCount(); i++) {
      if (structure.decodeTargetSpatialLayer(i) <= FrameLayers.spatial(target)
          && structure.decodeTargetTemporalLayer(i) <= FrameLayers.temporal(target)) {
        mask |= 1 << i;
      }
    }
    return mask & context.activeDecodeTargets();
  }

  /// Height of a spatial layer's picture in pixels; 0 if it was not said.
  public int height(int spatial) {
    return heights[spatial];
  }

  private void take(FrameDependencyStructure structure) {
    known = structure;
    qualities = new int[structure.decodeTargetCount()];
    int top = structure.spatialLayerCount() - 1;
    for (int target = 0; target < qualities.length; target++) {
      int spatial = structure.decodeTargetSpatialLayer(target);
      int temporal = structure.decodeTargetTemporalLayer(target);
      // Whether nothing is above it decides what stands for layers that the stream does not have.
      int columns =
          isHighestTemporal(structure, target) ? FrameLayers.from(0, temporal) : column(temporal);
      int rows = spatial == top ? FrameLayers.from(spatial, 0) : row(spatial);
      qualities[target] = columns & rows;
    }
    for (int spatial = 0; spatial < MOST_SPATIAL_LAYERS; spatial++) {
      heights[spatial] = spatial <= top ? structure.height(spatial) : 0;
    }
  }

  private static boolean isHighestTemporal(FrameDependencyStructure structure, int target) {
    for (int other = 0; other < structure.decodeTargetCount(); other++) {
      if (structure.decodeTargetSpatialLayer(other) == structure.decodeTargetSpatialLayer(target)
          && structure.decodeTargetTemporalLayer(other)
              > structure.decodeTargetTemporalLayer(target)) {
        return false;
      }
    }
    return true;
  }

  private static int row(int spatial) {
    return FrameLayers.from(spatial, 0) & ~FrameLayers.from(spatial + 1, 0);
  }

  private static int column(int temporal) {
    return FrameLayers.from(0, temporal) & ~FrameLayers.from(0, temporal + 1);
  }

  /// VP8 (RFC 7741 §4.2): temporal layers, where a frame may refer to all up to its own. One that
  /// is a layer sync refers to the lowest only, so the next higher layer can be taken up with it.
  long read(Vp8Descriptor vp8) {
    int temporal = Math.min(vp8.temporalLayer(), 3);
    if (temporal < 0) {
      return FrameLayers.NONE;
    }
    highestTemporal = vp8.isKeyFrameStart() ? 0 : Math.max(highestTemporal, temporal);
    int present = FrameLayers.from(0, temporal);
    int own = FrameLayers.target(0, temporal);
    int discardable = vp8.isNonReference() ? present : 0;
    long frame = FrameLayers.of(own, present, 0, discardable);
    if (vp8.isKeyFrameStart()) {
      frame = FrameLayers.independent(FrameLayers.of(own, present, FrameLayers.ALL_TARGETS, 0));
    } else if (vp8.isLayerSync() && temporal > 0) {
      int layer = temporal == highestTemporal ? present : column(temporal);
      frame =
          FrameLayers.needing(
              FrameLayers.of(own, present, layer, discardable),
              FrameLayers.target(0, temporal - 1));
    }
    return FrameLayers.countedPicture(FrameLayers.bounds(frame, vp8.isFrameStart(), false));
  }

  /// VP9 (RFC 9628 §4.2): a frame is needed by the higher spatial layers of its picture, unless it
  /// says that it is not, as in a K-SVC stream between the key pictures.
  long read(Vp9Descriptor vp9) {
    int spatial = Math.min(vp9.spatialLayer(), MOST_SPATIAL_LAYERS - 1);
    int temporal = vp9.temporalLayer();
    if (spatial < 0 || temporal < 0) {
      return FrameLayers.NONE;
    }
    if (vp9.hasScalabilityStructure()) {
      noteStructure(vp9);
    }
    highestSpatial = Math.max(highestSpatial, spatial);
    int upwards = FrameLayers.from(spatial, temporal);
    boolean isLast = vp9.isNotReferenceForUpperSpatialLayers() && spatial < highestSpatial;
    int own = FrameLayers.target(spatial, temporal);
    boolean isIntra = !vp9.isInterPicturePredicted();
    int present = isLast ? upwards & row(spatial) : upwards;
    long frame = FrameLayers.of(own, present, isIntra ? upwards : 0, 0);
    if (isIntra && !vp9.isInterLayerPredicted()) {
      frame = FrameLayers.independent(frame);
    }
    if (vp9.isSwitchingUpPoint()) {
      frame = FrameLayers.temporalUp(frame);
    }
    return FrameLayers.bounds(frame, vp9.isFrameStart(), vp9.isFrameEnd());
  }

  private void noteStructure(Vp9Descriptor vp9) {
    highestSpatial = Math.clamp(vp9.spatialLayerCount() - 1, 0, MOST_SPATIAL_LAYERS - 1);
    for (int spatial = 0; spatial < MOST_SPATIAL_LAYERS; spatial++) {
      heights[spatial] = spatial <= highestSpatial ? vp9.height(spatial) : 0;
    }
  }
}
