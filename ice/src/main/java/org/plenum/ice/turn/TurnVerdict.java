package org.plenum.ice.turn;

/// What became of a datagram at a [TurnServer].
public enum TurnVerdict {
  /// Data for one of our own addresses: it now stands in its place, to be dispatched as if it had
  /// come by itself.
  RELAYED,
  /// Data between the client of a direct call's relay and its peer: to be sent on as
  /// [TurnServer#onward] says.
  FORWARDED,
  /// An authenticated request, carried out.
  ANSWERED,
  /// An authenticated request, refused: no such relay, a peer that is not ours, a quota.
  REFUSED,
  /// A request without valid credentials or with a stale nonce, answered so (401, 400, 438).
  CHALLENGED,
  /// Such a request over UDP that is shorter than the answer has to be: answered when it comes
  /// again, so that nobody is sent more than came from there.
  UNPAID,
  /// Such a request, over the limit for its source or for all sources together, not answered; or
  /// data beyond what a direct call's relay carries.
  RATE_LIMITED,
  /// No STUN message or ChannelData: bad length, magic cookie, attribute framing or FINGERPRINT.
  MALFORMED,
  /// Data without a relay, or for which there is no permission or channel.
  NOT_PERMITTED,
  /// Well-formed, but nothing that a client sends to a server.
  IGNORED
}
