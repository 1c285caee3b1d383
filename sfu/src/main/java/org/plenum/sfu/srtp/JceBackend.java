package org.plenum.sfu.srtp;

/// Ciphers of the Java runtime, for systems without libcrypto. They copy each packet to the heap
/// and back, and leave garbage. Any thread.
final class JceBackend implements CryptoBackend {
  @Override
  public String name() {
    return "JCE";
  }

  @Override
  public PacketCipher encrypting(SrtpProfile profile, SessionKeys keys) {
    return switch (profile) {
      case AEAD_AES_128_GCM -> JceGcm.encrypting(keys);
      case AES_CM_128_HMAC_SHA1_80 -> new JceCm(keys);
    };
  }

  @Override
  public PacketCipher decrypting(SrtpProfile profile, SessionKeys keys) {
    return switch (profile) {
      case AEAD_AES_128_GCM -> JceGcm.decrypting(keys);
      case AES_CM_128_HMAC_SHA1_80 -> new JceCm(keys);
    };
  }
}
