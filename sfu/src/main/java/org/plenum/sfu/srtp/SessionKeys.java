package org.plenum.sfu.srtp;

/// What protects the RTP or the RTCP packets of one direction; the authentication key is empty for
/// AEAD profiles.
record SessionKeys(byte[] encryptionKey, byte[] authenticationKey, byte[] salt) {
  /// HMAC-SHA1 keys have 160 bits (RFC 3711 §8.2).
  private static final int HMAC_KEY_BYTES = 20;

  static SessionKeys forRtp(SrtpProfile profile, byte[] masterKey, byte[] masterSalt) {
    return derive(profile, masterKey, masterSalt, SrtpKeyDerivation.RTP_ENCRYPTION);
  }

  static SessionKeys forRtcp(SrtpProfile profile, byte[] masterKey, byte[] masterSalt) {
    return derive(profile, masterKey, masterSalt, SrtpKeyDerivation.RTCP_ENCRYPTION);
  }

  /// The labels of encryption key, authentication key and salt follow each other.
  private static SessionKeys derive(
      SrtpProfile profile, byte[] masterKey, byte[] masterSalt, int firstLabel) {
    requireLength("master key", masterKey, profile.keyBytes());
    requireLength("master salt", masterSalt, profile.saltBytes());
    int hmacKeyBytes = profile.isAead() ? 0 : HMAC_KEY_BYTES;
    return new SessionKeys(
        SrtpKeyDerivation.derive(masterKey, masterSalt, firstLabel, profile.keyBytes()),
        SrtpKeyDerivation.derive(masterKey, masterSalt, firstLabel + 1, hmacKeyBytes),
        SrtpKeyDerivation.derive(masterKey, masterSalt, firstLabel + 2, profile.saltBytes()));
  }

  private static void requireLength(String name, byte[] bytes, int expected) {
    if (bytes.length != expected) {
      throw new IllegalStateException(
          name + " has " + bytes.length + " bytes, expected " + expected);
    }
  }

  @Override
  public String toString() {
    return "SessionKeys[hidden]";
  }
}
