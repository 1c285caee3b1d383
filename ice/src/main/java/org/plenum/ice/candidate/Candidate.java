package org.plenum.ice.candidate;

import java.net.InetAddress;

/// A candidate as it is offered to a client (RFC 8445 §5.1, RFC 8839 §5.1). Component is always 1
/// (rtcp-mux).
///
/// @param foundation 1 to 32 ice-chars
/// @param transport what carries it
/// @param priority RFC 8445 §5.1.2.1
/// @param address the address the client sends to
/// @param port the port the client sends to
/// @param type host, or srflx for an address a NAT maps to us
public record Candidate(
    String foundation,
    Transport transport,
    long priority,
    InetAddress address,
    int port,
    Type type) {
  /// What carries a candidate's datagrams.
  public enum Transport {
    UDP,
    /// RFC 6544, passive.
    TCP_PASSIVE
  }

  /// RFC 8445 §5.1.1.
  public enum Type {
    HOST,
    SERVER_REFLEXIVE
  }
}
