package org.plenum.sfu.srtp;

/// Ciphers of the system's OpenSSL. Any thread.
final class LibcryptoBackend implements CryptoBackend {
  @Override
  public String name() {
    return "libcrypto " + Libcrypto.version();
  }

  @Override
  public PacketCipher encrypting(SrtpProfile profile, SessionKeys keys) {
    return switch (profile) {
      case AEAD_AES_128_GCM -> LibcryptoGcm.encrypting(keys);
      case AES_CM_128_HMAC_SHA1_80 -> new LibcryptoCm(keys);
    };
  }

  @Override
  public PacketCipher decrypting(SrtpProfile profile, SessionKeys keys) {
    return switch (profile) {
      case AEAD_AES_128_GCM -> LibcryptoGcm.decrypting(keys);
      case AES_CM_128_HMAC_SHA1_80 -> new LibcryptoCm(keys);
    };
  }
}
