package org.plenum.sfu.rtp;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The templates that the dependency descriptors of a stream refer to (AV1 RTP, appendix A.4:
/// template_dependency_structure). It comes with the first packet of a key frame and holds until
/// the next. Immutable.
///
/// A *decode target* is the set of frames for one spatial and temporal quality; a *chain* is a
/// sequence of frames that must arrive whole for its decode targets to stay decodable.
public final class FrameDependencyStructure {
  /// The range of frame_dependency_template_id.
  static final int MAX_TEMPLATES = 64;

  /// dtis_cnt_minus_one has five bits. There are at most as many chains.
  static final int MAX_DECODE_TARGETS = 32;

  /// Appendix A.4.1 sets no bound to the frames that one frame refers to; AV1 keeps 8.
  static final int MAX_FRAME_DIFFS = 32;

  private static final int MAX_SPATIAL_LAYERS = 4;
  private static final int MAX_TEMPORAL_LAYERS = 8;

  // next_layer_idc, table A.3.
  private static final int NEXT_TEMPORAL_LAYER = 1;
  private static final int NEXT_SPATIAL_LAYER = 2;
  private static final int NO_MORE_TEMPLATES = 3;

  /// What no bytes at all say: no template, so that no frame can be described by it.
  static final FrameDependencyStructure NONE = new FrameDependencyStructure(new BitReader());

  private final int templateIdOffset;
  private final int decodeTargetCount;
  private final int chainCount;

  /// By template: spatial layer × [#MAX_TEMPORAL_LAYERS] + temporal layer.
  private final byte[] layers;

  /// By template: the differences to the frame numbers of the frames referred to, 1 to 16.
  private final byte[][] frameDiffs;

  /// By template × [#decodeTargetCount] + decode target.
  private final byte[] indications;

  /// By template × [#chainCount] + chain.
  private final byte[] chainDiffs;

  /// By decode target; empty without chains.
  private final byte[] protectingChains;

  /// By decode target: the highest layer of the templates it is present in.
  private final byte[] targetSpatialLayers;

  private final byte[] targetTemporalLayers;

  /// Width and height in turn, by spatial layer; empty if not said.
  private final int[] resolutions;

  private final int bitLength;

  private FrameDependencyStructure(BitReader bits) {
    int from = bits.position();
    templateIdOffset = bits.bits(6);
    decodeTargetCount = bits.bits(5) + 1;
    layers = readLayers(bits);
    indications = readArray(bits, layers.length * decodeTargetCount, 2);
    frameDiffs = readFrameDiffs(bits, layers.length);
    chainCount = bits.nonSymmetric(decodeTargetCount + 1);
    protectingChains = readProtectingChains(bits);
    chainDiffs = readArray(bits, layers.length * chainCount, 4);
    resolutions = bits.flag() ? readResolutions(bits) : new int[0];
    bitLength = bits.position() - from;
    targetSpatialLayers = new byte[decodeTargetCount];
    targetTemporalLayers = new byte[decodeTargetCount];
    findTargetLayers();
  }

  /// Returns null if the bits end too soon or describe more than the bounds above allow.
  static @Nullable FrameDependencyStructure read(BitReader bits) {
    var structure = new FrameDependencyStructure(bits);
    int templates = structure.layers.length;
    boolean isWhole = templates > 0 && structure.frameDiffs.length == templates;
    return isWhole && !bits.isExhausted() ? structure : null;
  }

  /// Returns an empty array if there are too many templates or layers.
  private static byte[] readLayers(BitReader bits) {
    byte[] layers = new byte[MAX_TEMPLATES];
    int spatial = 0;
    int temporal = 0;
    for (int template = 0; template < MAX_TEMPLATES; template++) {
      layers[template] = (byte) (spatial * MAX_TEMPORAL_LAYERS + temporal);
      int next = bits.bits(2);
      if (next == NO_MORE_TEMPLATES) {
        return Arrays.copyOf(layers, template + 1);
      }
      if (next == NEXT_TEMPORAL_LAYER) {
        temporal++;
      } else if (next == NEXT_SPATIAL_LAYER) {
        temporal = 0;
        spatial++;
      }
      if (temporal == MAX_TEMPORAL_LAYERS || spatial == MAX_SPATIAL_LAYERS) {
        break;
      }
    }
    return new byte[0];
  }

  private static byte[] readArray(BitReader bits, int length, int bitsEach) {
    byte[] values = new byte[length];
    for (int i = 0; i < length; i++) {
      values[i] = (byte) bits.bits(bitsEach);
    }
    return values;
  }

  /// Returns an empty array if a template refers to too many frames.
  private static byte[][] readFrameDiffs(BitReader bits, int templates) {
    byte[][] frameDiffs = new byte[templates][];
    byte[] diffs = new byte[MAX_FRAME_DIFFS];
    for (int template = 0; template < templates; template++) {
      int count = 0;
      while (bits.flag()) {
        if (count == MAX_FRAME_DIFFS) {
          return new byte[0][];
        }
        diffs[count++] = (byte) (bits.bits(4) + 1);
      }
      frameDiffs[template] = Arrays.copyOf(diffs, count);
    }
    return frameDiffs;
  }

  private byte[] readProtectingChains(BitReader bits) {
    if (chainCount == 0) {
      return new byte[0];
    }
    byte[] chains = new byte[decodeTargetCount];
    for (int target = 0; target < decodeTargetCount; target++) {
      chains[target] = (byte) bits.nonSymmetric(chainCount);
    }
    return chains;
  }

  private int[] readResolutions(BitReader bits) {
    int[] sizes = new int[2 * spatialLayerCount()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = bits.bits(16) + 1;
    }
    return sizes;
  }

  private void findTargetLayers() {
    for (int template = 0; template < layers.length; template++) {
      for (int target = 0; target < decodeTargetCount; target++) {
        if (indication(template, target) != 0) { // 0: not present
          targetSpatialLayers[target] =
              (byte) Math.max(targetSpatialLayers[target], spatialLayer(template));
          targetTemporalLayers[target] =
              (byte) Math.max(targetTemporalLayers[target], temporalLayer(template));
        }
      }
    }
  }

  /// The template with the given frame_dependency_template_id, or -1.
  int template(int templateId) {
    int template = (templateId + MAX_TEMPLATES - templateIdOffset) % MAX_TEMPLATES;
    return template < layers.length ? template : -1;
  }

  int spatialLayer(int template) {
    return layers[template] / MAX_TEMPORAL_LAYERS;
  }

  int temporalLayer(int template) {
    return layers[template] % MAX_TEMPORAL_LAYERS;
  }

  int indication(int template, int decodeTarget) {
    return indications[template * decodeTargetCount + decodeTarget];
  }

  int frameDiffCount(int template) {
    return frameDiffs[template].length;
  }

  int frameDiff(int template, int i) {
    return frameDiffs[template][i];
  }

  int chainDiff(int template, int chain) {
    return chainDiffs[template * chainCount + chain];
  }

  /// Bits that it takes in a descriptor.
  int bitLength() {
    return bitLength;
  }

  /// 1 to 32.
  public int decodeTargetCount() {
    return decodeTargetCount;
  }

  /// 0, if the sender uses no chains, to 32.
  public int chainCount() {
    return chainCount;
  }

  /// The chain that protects a decode target below [#decodeTargetCount], or -1 if there are no
  /// chains.
  public int protectingChain(int decodeTarget) {
    return chainCount == 0 ? -1 : protectingChains[decodeTarget];
  }

  /// The highest spatial layer, 0 to 3, that belongs to a decode target below [#decodeTargetCount].
  public int decodeTargetSpatialLayer(int decodeTarget) {
    return targetSpatialLayers[decodeTarget];
  }

  /// The highest temporal layer, 0 to 7, that belongs to a decode target below
  /// [#decodeTargetCount].
  public int decodeTargetTemporalLayer(int decodeTarget) {
    return targetTemporalLayers[decodeTarget];
  }

  /// 1 to 4.
  public int spatialLayerCount() {
    // Templates come in the order of their spatial layers.
    return layers.length == 0 ? 0 : spatialLayer(layers.length - 1) + 1;
  }

  /// 1 to 8: the most temporal layers any spatial layer has.
  public int temporalLayerCount() {
    int highest = -1;
    for (int template = 0; template < layers.length; template++) {
      highest = Math.max(highest, temporalLayer(template));
    }
    return highest + 1;
  }

  /// Greatest width in pixels of a spatial layer below [#spatialLayerCount], or 0 if it is not
  /// said.
  public int width(int spatialLayer) {
    return resolutions.length == 0 ? 0 : resolutions[2 * spatialLayer];
  }

  /// Greatest height in pixels of a spatial layer below [#spatialLayerCount], or 0 if it is not
  /// said.
  public int height(int spatialLayer) {
    return resolutions.length == 0 ? 0 : resolutions[2 * spatialLayer + 1];
  }
}
