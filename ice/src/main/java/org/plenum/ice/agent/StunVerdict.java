package org.plenum.ice.agent;

/// What became of a STUN datagram at an agent.
public enum StunVerdict {
  /// An authenticated Binding request, answered with success.
  ANSWERED,
  /// An authenticated request, answered with an error (unknown comprehension-required attribute,
  /// role conflict).
  ANSWERED_WITH_ERROR,
  /// Not STUN: bad length, magic cookie, attribute framing or FINGERPRINT.
  MALFORMED,
  /// MESSAGE-INTEGRITY is missing or wrong, or USERNAME names other credentials.
  UNAUTHENTICATED,
  /// Well-formed, but not a Binding request: responses, indications.
  IGNORED
}
