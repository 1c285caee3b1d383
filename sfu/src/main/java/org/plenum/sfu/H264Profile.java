package org.plenum.sfu;

import java.util.Map;

/// The profiles of H.264 that RTP tells apart (RFC 6184 §8.1, table 5): several pairs of
/// profile_idc and constraint bits mean the same one.
public enum H264Profile {
  CONSTRAINED_BASELINE,
  BASELINE,
  MAIN,
  CONSTRAINED_HIGH,
  HIGH,
  /// Any other, or bytes that are no profile at all.
  OTHER;

  /// Where `profile-level-id` is missing: baseline, level 1 (RFC 6184 §8.1).
  private static final String DEFAULT = "42000a";

  /// The profile that format parameters name.
  ///
  /// @param parameters by lower-case name
  public static H264Profile of(Map<String, String> parameters) {
    String id = parameters.getOrDefault("profile-level-id", DEFAULT);
    if (id.length() != 6) {
      return OTHER;
    }
    try {
      return of(Integer.parseInt(id, 0, 2, 16), Integer.parseInt(id, 2, 4, 16));
    } catch (NumberFormatException e) {
      return OTHER;
    }
  }

  /// @param idc profile_idc
  /// @param constraints profile-iop: constraint_set0_flag is its highest bit
  private static H264Profile of(int idc, int constraints) {
    boolean set0 = (constraints & 0x80) != 0;
    boolean set1 = (constraints & 0x40) != 0;
    boolean set4 = (constraints & 0x08) != 0;
    boolean set5 = (constraints & 0x04) != 0;
    return switch (idc) {
      case 0x42 -> set1 ? CONSTRAINED_BASELINE : BASELINE;
      case 0x4D -> set0 ? CONSTRAINED_BASELINE : MAIN;
      case 0x58 -> set0 ? set1 ? CONSTRAINED_BASELINE : BASELINE : OTHER;
      case 0x64 -> set4 && set5 ? CONSTRAINED_HIGH : HIGH;
      default -> OTHER;
    };
  }
}
