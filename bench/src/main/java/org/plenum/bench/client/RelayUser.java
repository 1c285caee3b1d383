package org.plenum.bench.client;

/// Who may have a relay of the server's own TURN server, as `welcome` said.
public record RelayUser(String username, String credential) {
  /// Without what must not get into a log.
  @Override
  public String toString() {
    return "RelayUser";
  }
}
