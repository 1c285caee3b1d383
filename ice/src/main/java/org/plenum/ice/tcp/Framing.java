package org.plenum.ice.tcp;

/// How messages are told apart on a TCP connection.
public enum Framing {
  /// 16 bits of length before each datagram: ICE-TCP (RFC 4571 §2).
  RFC_4571,
  /// STUN messages and ChannelData that say themselves how long they are: TURN (RFC 8656 §12.5).
  STUN
}
