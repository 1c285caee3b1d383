package org.plenum.sfu.rtp;

import static org.plenum.sfu.rtp.NetworkOrder.u16;
import static org.plenum.sfu.rtp.NetworkOrder.u8;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The scalability structure of a VP9 payload descriptor (RFC 9628 §4.2.1). A reusable flyweight;
/// one thread.
final class Vp9ScalabilityStructure {
  // First byte: N_S (3 bits), Y, G, reserved.
  private static final int Y = 0x10;
  private static final int G = 0x08;

  private static final int MAX_SPATIAL_LAYERS = 8;

  private final int[] widths = new int[MAX_SPATIAL_LAYERS];
  private final int[] heights = new int[MAX_SPATIAL_LAYERS];
  private int spatialLayerCount;
  private int pictureGroupSize;
  private int length;

  /// Forgets the structure of the packet before.
  void clear() {
    spatialLayerCount = 0;
    pictureGroupSize = 0;
  }

  /// Returns the bytes it takes, or 0 if it does not fit into `limit` bytes.
  int parse(MemorySegment slab, long offset, int limit) {
    clear();
    if (limit < 1) {
      return 0;
    }
    int first = u8(slab, offset);
    length = 1;
    if (!parseResolutions(slab, offset, limit, first)
        || !skipPictureGroup(slab, offset, limit, first)) {
      clear();
      return 0;
    }
    return length;
  }

  private boolean parseResolutions(MemorySegment slab, long offset, int limit, int first) {
    int layers = (first >> 5) + 1;
    spatialLayerCount = layers;
    if ((first & Y) == 0) {
      Arrays.fill(widths, 0);
      Arrays.fill(heights, 0);
      return true;
    }
    if (length + 4 * layers > limit) {
      return false;
    }
    for (int layer = 0; layer < layers; layer++) {
      widths[layer] = u16(slab, offset + length);
      heights[layer] = u16(slab, offset + length + 2);
      length += 4;
    }
    return true;
  }

  /// For each picture TID (3 bits), U, R (2 bits), reserved (2 bits), then R bytes of P_DIFF.
  private boolean skipPictureGroup(MemorySegment slab, long offset, int limit, int first) {
    if ((first & G) == 0) {
      return true;
    }
    if (length >= limit) {
      return false;
    }
    pictureGroupSize = u8(slab, offset + length++);
    for (int picture = 0; picture < pictureGroupSize; picture++) {
      if (length >= limit) {
        return false;
      }
      length += 1 + (u8(slab, offset + length) >> 2 & 3);
    }
    return length <= limit;
  }

  int spatialLayerCount() {
    return spatialLayerCount;
  }

  int width(int layer) {
    return widths[layer];
  }

  int height(int layer) {
    return heights[layer];
  }

  int pictureGroupSize() {
    return pictureGroupSize;
  }
}
