package org.plenum.sfu;

/// What became of a received datagram: exactly one for each, so the sum is the number of
/// datagrams. Each constant is also a metric label.
public enum IngressVerdict {
  /// Neither STUN, DTLS, RTP nor RTCP by its first byte (RFC 7983), or empty.
  UNKNOWN_PROTOCOL,
  STUN_ANSWERED,
  STUN_ANSWERED_WITH_ERROR,
  STUN_MALFORMED,
  STUN_UNAUTHENTICATED,
  /// A Binding request for a ufrag that no transport has.
  STUN_UNKNOWN_UFRAG,
  STUN_IGNORED,
  /// A Binding request without USERNAME: told its address.
  STUN_SERVER_ANSWERED,
  /// Such a request, over the limit for its source or for all sources together.
  STUN_SERVER_RATE_LIMITED,
  /// Such a request, shorter than its answer, of a source that has sent too little before.
  STUN_SERVER_UNPAID,
  /// A request of a client of the TURN server, carried out; what it relays has its own verdict.
  TURN_ANSWERED,
  /// Data between the client of a direct call's relay and its peer, sent on.
  TURN_FORWARDED,
  /// Such a request, authentic, but refused: no such relay, a peer that is not ours, a quota.
  TURN_REFUSED,
  /// Such a request without valid credentials or with a stale nonce: asked for others.
  TURN_CHALLENGED,
  /// Such a request over UDP that is shorter than its answer: answered when it comes again.
  TURN_UNPAID,
  /// Such a request, over the limit for its source or for all sources together: not answered; or
  /// more data than a direct call's relay carries.
  TURN_RATE_LIMITED,
  TURN_MALFORMED,
  /// Data for which its sender has no relay, permission or channel, or that a relay brought for
  /// another relay; or that came at a relay's own port from somebody else than its peers.
  TURN_NOT_PERMITTED,
  /// A message of TURN that no client sends.
  TURN_IGNORED,
  /// Came while STUN servers were asked for our mapped address, before the worker's start.
  BEFORE_START,
  /// DTLS, RTP or RTCP over a path that no authenticated request came over.
  UNVALIDATED_PATH,
  DTLS_ACCEPTED,
  /// RTP or RTCP before the DTLS handshake is complete.
  BEFORE_KEYS,
  RTP_MALFORMED,
  RTP_FORGED,
  RTP_REPLAYED,
  /// Authentic, but of no track that was negotiated, or one SSRC too many.
  RTP_UNKNOWN_STREAM,
  /// Authentic, with a payload type that was not negotiated for its track.
  RTP_UNKNOWN_PAYLOAD_TYPE,
  /// Media over its track's largest bitrate, dropped.
  RTP_OVER_BITRATE,
  /// New media, handed to its track.
  RTP_ACCEPTED,
  /// A retransmission that filled a gap.
  RTP_RECOVERED,
  /// Media that was already there, by another path or as a retransmission.
  RTP_DUPLICATE,
  /// Padding only: bandwidth probes, empty retransmissions.
  RTP_PADDING,
  /// Of the part of a room on another node, packet or NACK.
  RELAY_ACCEPTED,
  RTCP_MALFORMED,
  RTCP_FORGED,
  RTCP_REPLAYED,
  RTCP_ACCEPTED,
  /// Authentic, but its participant sends so much that not all of it was read.
  RTCP_OVER_BUDGET,
  /// A bug of ours showed itself; the room was closed.
  OUR_FAULT,
}
