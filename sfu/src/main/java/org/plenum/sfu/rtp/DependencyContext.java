package org.plenum.sfu.rtp;

/// What the dependency descriptors of one stream have said that later ones build on: the structure
/// in force and which decode targets the sender produces. Owned by the stream, updated by
/// [DependencyDescriptor#parse]; one thread.
public final class DependencyContext {
  /// A packet this many frames behind the one that was believed is late, one further behind comes
  /// from a sender that started its numbers anew.
  private static final int LATE_FRAMES = 128;

  private FrameDependencyStructure structure = FrameDependencyStructure.NONE;
  private int structureFrame;
  private int activeDecodeTargets;
  private int activeFrame;

  /// A structure has come.
  public boolean hasStructure() {
    return structure != FrameDependencyStructure.NONE;
  }

  /// The structure in force.
  public FrameDependencyStructure structure() {
    return structure;
  }

  /// Whether it is the structure in force that a frame with this number refers to.
  public boolean holdsFor(int frameNumber) {
    return hasStructure() && !isLate(frameNumber, structureFrame);
  }

  /// Bit i is set if decode target i is produced.
  public int activeDecodeTargets() {
    return activeDecodeTargets;
  }

  /// A key frame repaired after the next has come does not bring its structure back.
  void takeStructure(FrameDependencyStructure attached, int frameNumber) {
    if (!hasStructure() || !isLate(frameNumber, structureFrame)) {
      structure = attached;
      structureFrame = frameNumber;
      activeDecodeTargets = allDecodeTargets(attached);
      activeFrame = frameNumber;
    }
  }

  void takeActiveDecodeTargets(int bitmask, int frameNumber) {
    if (!isLate(frameNumber, activeFrame)) {
      activeDecodeTargets = bitmask;
      activeFrame = frameNumber;
    }
  }

  /// The bitmask that a structure implies.
  static int allDecodeTargets(FrameDependencyStructure structure) {
    return -1 >>> Integer.SIZE - structure.decodeTargetCount();
  }

  private static boolean isLate(int frameNumber, int believedFrame) {
    int behind = believedFrame - frameNumber & 0xFFFF;
    return behind > 0 && behind <= LATE_FRAMES;
  }
}
