package org.plenum.sfu.srtp;

/// The keying material of one DTLS association (RFC 5764 §4.2), seen from the server, which is
/// always passive: the client's write key protects what we receive.
public record SrtpKeys(
    SrtpProfile profile, byte[] receiveKey, byte[] receiveSalt, byte[] sendKey, byte[] sendSalt) {
  @Override
  public String toString() {
    return "SrtpKeys[" + profile + "]";
  }
}
