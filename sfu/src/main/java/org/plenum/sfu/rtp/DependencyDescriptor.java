package org.plenum.sfu.rtp;

import static org.plenum.sfu.rtp.FrameDependencyStructure.MAX_DECODE_TARGETS;
import static org.plenum.sfu.rtp.FrameDependencyStructure.MAX_FRAME_DIFFS;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// View of a dependency descriptor header extension (AOM, *RTP Payload Format For AV1* v1.0,
/// appendix A), which says for a frame of any codec which layers it belongs to and what it depends
/// on. A reusable flyweight; one thread. The accessors hold after [#parse] returned true.
///
/// A descriptor of more than three bytes may carry a [structure][FrameDependencyStructure]; reading
/// one allocates, but it comes with key frames only.
public final class DependencyDescriptor {
  /// Where the frame number lies, in bytes from the start of the extension: 16 bits, so that it can
  /// be rewritten in place.
  public static final int FRAME_NUMBER_OFFSET = 1;

  private static final int MANDATORY_BYTES = 3;

  private final BitReader bits = new BitReader();

  private boolean frameStart;
  private boolean frameEnd;
  private int templateId;
  private int frameNumber;

  private FrameDependencyStructure structure = FrameDependencyStructure.NONE;
  private @Nullable FrameDependencyStructure attached;
  private boolean activeDecodeTargetsPresent;
  private int activeDecodeTargets;

  private int template;
  private boolean customIndications;
  private boolean customFrameDiffs;
  private boolean customChainDiffs;
  private final int[] indications = new int[MAX_DECODE_TARGETS];
  private final int[] frameDiffs = new int[MAX_FRAME_DIFFS];
  private int frameDiffCount;
  private final int[] chainDiffs = new int[MAX_DECODE_TARGETS];

  /// Reads `length` bytes at `offset`, and updates `context` with what they say for later packets.
  /// Returns false, with `context` untouched, if the bytes end too soon, exceed a bound, or refer
  /// to a template that is not known: the packet with the structure was lost, or is still to come.
  public boolean parse(MemorySegment slab, long offset, int length, DependencyContext context) {
    if (length < MANDATORY_BYTES) {
      return false;
    }
    bits.start(slab, offset, length);
    readMandatoryFields();
    attached = null;
    structure = context.structure();
    activeDecodeTargets = context.activeDecodeTargets();
    clearFlags();
    if (length > MANDATORY_BYTES && !readExtendedFields()) {
      return false;
    }
    if (!readFrameDependencies() || bits.isExhausted()) {
      return false;
    }
    update(context);
    return true;
  }

  private void readMandatoryFields() {
    frameStart = bits.flag();
    frameEnd = bits.flag();
    templateId = bits.bits(6);
    frameNumber = bits.bits(16);
  }

  private void clearFlags() {
    activeDecodeTargetsPresent = false;
    customIndications = false;
    customFrameDiffs = false;
    customChainDiffs = false;
  }

  private boolean readExtendedFields() {
    boolean structurePresent = bits.flag();
    activeDecodeTargetsPresent = bits.flag();
    customIndications = bits.flag();
    customFrameDiffs = bits.flag();
    customChainDiffs = bits.flag();
    if (structurePresent) {
      attached = FrameDependencyStructure.read(bits);
      if (attached == null) {
        return false;
      }
      structure = attached;
      activeDecodeTargets = DependencyContext.allDecodeTargets(attached);
    }
    if (activeDecodeTargetsPresent) {
      activeDecodeTargets = bits.bits(structure.decodeTargetCount());
    }
    return true;
  }

  private boolean readFrameDependencies() {
    template = structure.template(templateId);
    if (template < 0) {
      return false;
    }
    if (customIndications) {
      for (int target = 0; target < structure.decodeTargetCount(); target++) {
        indications[target] = bits.bits(2);
      }
    }
    if (customFrameDiffs && !readFrameDiffs()) {
      return false;
    }
    if (customChainDiffs) {
      for (int chain = 0; chain < structure.chainCount(); chain++) {
        chainDiffs[chain] = bits.bits(8);
      }
    }
    return true;
  }

  private boolean readFrameDiffs() {
    frameDiffCount = 0;
    int nibbles = bits.bits(2);
    while (nibbles > 0) {
      if (frameDiffCount == MAX_FRAME_DIFFS) {
        return false;
      }
      frameDiffs[frameDiffCount++] = bits.bits(4 * nibbles) + 1;
      nibbles = bits.bits(2);
    }
    return true;
  }

  private void update(DependencyContext context) {
    if (attached != null) {
      context.takeStructure(attached, frameNumber);
    }
    if (activeDecodeTargetsPresent) {
      context.takeActiveDecodeTargets(activeDecodeTargets, frameNumber);
    }
  }

  /// First packet of a frame, that is of one spatial layer (start_of_frame).
  public boolean isFrameStart() {
    return frameStart;
  }

  /// Last packet of a frame, that is of one spatial layer (end_of_frame).
  public boolean isFrameEnd() {
    return frameEnd;
  }

  /// 0 to 65 535, wraps; one more for each frame the sender produced, of whatever layer.
  public int frameNumber() {
    return frameNumber;
  }

  /// The packet carries a structure: the first packet of a key frame.
  public boolean hasStructure() {
    return attached != null;
  }

  /// The structure this packet was read by.
  public FrameDependencyStructure structure() {
    return structure;
  }

  /// Spatial layer 0 to 3.
  public int spatialLayer() {
    return structure.spatialLayer(template);
  }

  /// Temporal layer 0 to 7.
  public int temporalLayer() {
    return structure.temporalLayer(template);
  }

  /// What the frame is to a decode target below [FrameDependencyStructure#decodeTargetCount].
  public DecodeTargetIndication indication(int decodeTarget) {
    return DecodeTargetIndication.of(
        customIndications
            ? indications[decodeTarget]
            : structure.indication(template, decodeTarget));
  }

  /// How many frames this one refers to, 0 to 32.
  public int frameDiffCount() {
    return customFrameDiffs ? frameDiffCount : structure.frameDiffCount(template);
  }

  /// This frame's number less that of the frame it refers to as its `i`th, below [#frameDiffCount]:
  /// 1 to 4 096, modulo 65 536.
  public int frameDiff(int i) {
    return customFrameDiffs ? frameDiffs[i] : structure.frameDiff(template, i);
  }

  /// This frame's number less that of the frame before it in a chain below
  /// [FrameDependencyStructure#chainCount]: 1 to 255, modulo 65 536, or 0 if the chain starts anew.
  /// If that frame was lost, the chain is broken.
  public int chainDiff(int chain) {
    return customChainDiffs ? chainDiffs[chain] : structure.chainDiff(template, chain);
  }

  /// The packet says which decode targets are produced.
  public boolean hasActiveDecodeTargets() {
    return activeDecodeTargetsPresent;
  }

  /// Bit i is set if decode target i is produced: as this packet says, or else as the latest before
  /// it did.
  public int activeDecodeTargets() {
    return activeDecodeTargets;
  }

  /// Decode target `decodeTarget` is produced.
  public boolean isActive(int decodeTarget) {
    return (activeDecodeTargets >>> decodeTarget & 1) != 0;
  }

  /// Greatest width in pixels of this frame's spatial layer, or 0 if it is not said.
  public int width() {
    return structure.width(spatialLayer());
  }

  /// Greatest height in pixels of this frame's spatial layer, or 0 if it is not said.
  public int height() {
    return structure.height(spatialLayer());
  }
}
