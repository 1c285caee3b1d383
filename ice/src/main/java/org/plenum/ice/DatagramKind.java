package org.plenum.ice;

/// The protocols that share a media port, told apart by the first byte (RFC 7983 §7, RFC 5761 §4).
public enum DatagramKind {
  STUN,
  DTLS,
  /// Data that a TURN client sends over a channel (RFC 8656 §12.4).
  TURN_CHANNEL,
  RTP,
  RTCP,
  UNKNOWN;

  /// Classifies a datagram by its first two bytes.
  ///
  /// @param first the first byte, unsigned
  /// @param second the second byte, unsigned; looked at for RTP and RTCP only
  public static DatagramKind of(int first, int second) {
    if (first <= 3) {
      return STUN;
    }
    if (first >= 20 && first <= 63) {
      return DTLS;
    }
    if (first >= 64 && first <= 79) {
      return TURN_CHANNEL;
    }
    if (first >= 128 && first <= 191) {
      return second >= 192 && second <= 223 ? RTCP : RTP;
    }
    return UNKNOWN;
  }
}
