package org.plenum.sfu.rtp;

/// What a frame is to a decode target (AV1 RTP, appendix A, table A.2), in the order of the codes
/// on the wire.
public enum DecodeTargetIndication {
  /// Not part of the decode target.
  NOT_PRESENT,
  /// Part of it, and no later frame of it refers to this one.
  DISCARDABLE,
  /// Part of it, and if this frame can be decoded then so can all later ones of the decode target.
  SWITCH,
  /// Part of it, and neither of the above.
  REQUIRED;

  private static final DecodeTargetIndication[] BY_CODE = values();

  /// Of the code 0 to 3.
  static DecodeTargetIndication of(int code) {
    return BY_CODE[code];
  }
}
