package org.plenum.sfu;

import java.util.Map;
import java.util.Set;

/// A codec as negotiated on one transport.
///
/// @param payloadType 0 to 127
/// @param rtxPayloadType payload type of its retransmissions (RFC 4588), or [#NO_RTX]
/// @param redPayloadType payload type under which a packet may repeat earlier ones (RFC 2198), or
///     [#NO_RED]
/// @param feedback the feedback both sides agreed on
/// @param parameters format parameters (a=fmtp), by lower-case name
public record Codec(
    CodecName name,
    int payloadType,
    int rtxPayloadType,
    int redPayloadType,
    Set<Feedback> feedback,
    Map<String, String> parameters) {
  /// No retransmission payload type was negotiated.
  public static final int NO_RTX = -1;

  /// Redundancy was not negotiated.
  public static final int NO_RED = -1;

  /// RTCP feedback kinds (RFC 4585, RFC 5104 and the transport-wide congestion control draft).
  public enum Feedback {
    NACK,
    PLI,
    FIR,
    TRANSPORT_CC,
    REMB,
    /// Receivers who send nothing learn the round trip (RFC 3611 §4.4 and §4.5).
    RECEIVER_REFERENCE_TIME
  }

  public Codec {
    requirePayloadType(payloadType);
    if (rtxPayloadType != NO_RTX) {
      requirePayloadType(rtxPayloadType);
    }
    if (redPayloadType != NO_RED) {
      requirePayloadType(redPayloadType);
    }
    feedback = Set.copyOf(feedback);
    parameters = Map.copyOf(parameters);
  }

  /// A codec without redundancy.
  public Codec(
      CodecName name,
      int payloadType,
      int rtxPayloadType,
      Set<Feedback> feedback,
      Map<String, String> parameters) {
    this(name, payloadType, rtxPayloadType, NO_RED, feedback, parameters);
  }

  /// Whether a stream of that codec may be passed on as this one: the same name and, where a name
  /// stands for streams that not every decoder takes, the same profile. H264 also needs the same
  /// packetization-mode (RFC 6184 §8.1, RFC 9628 §7, RFC 7798 §7.1, AV1 RTP §7.2). Levels are not
  /// looked at.
  public boolean matches(Codec other) {
    return name == other.name && name.profile(parameters).equals(name.profile(other.parameters));
  }

  public boolean hasRtx() {
    return rtxPayloadType != NO_RTX;
  }

  public boolean hasRed() {
    return redPayloadType != NO_RED;
  }

  private static void requirePayloadType(int value) {
    if (value < 0 || value > 127) {
      throw new IllegalArgumentException("payload type must be 0 to 127, not " + value);
    }
  }
}
