package org.plenum.ice.agent;

import java.nio.charset.StandardCharsets;

/// One generation of credentials between two restarts, ready to authenticate requests with.
final class LocalCredentials {
  private final IceCredentials local;
  private final StunIntegrity integrity;
  private byte[] username;
  private boolean remoteKnown;

  LocalCredentials(IceCredentials local) {
    this.local = local;
    integrity = new StunIntegrity(local.password());
    username = bytes(local.ufrag() + ":");
  }

  IceCredentials local() {
    return local;
  }

  StunIntegrity integrity() {
    return integrity;
  }

  void remoteUfrag(String ufrag) {
    username = bytes(local.ufrag() + ":" + ufrag);
    remoteKnown = true;
  }

  /// Whether USERNAME is "local:remote", or "local:anything" while the remote ufrag is not
  /// known: requests may overtake the answer (RFC 8445 §7.3).
  ///
  /// @param length bytes of the value at `offset`
  boolean areNamedBy(byte[] message, int offset, int length) {
    if (remoteKnown ? length != username.length : length < username.length) {
      return false;
    }
    for (int i = 0; i < username.length; i++) {
      if (message[offset + i] != username[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] bytes(String iceChars) {
    return iceChars.getBytes(StandardCharsets.US_ASCII);
  }
}
