package org.plenum.sfu.srtp;

/// A cryptographic library that makes ciphers for both profiles. Any thread.
interface CryptoBackend {
  /// For the log.
  String name();

  PacketCipher encrypting(SrtpProfile profile, SessionKeys keys);

  PacketCipher decrypting(SrtpProfile profile, SessionKeys keys);
}
