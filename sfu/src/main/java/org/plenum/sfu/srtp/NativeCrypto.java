package org.plenum.sfu.srtp;

/// libcrypto, for those who start before anything is to be encrypted.
public final class NativeCrypto {
  private NativeCrypto() {}

  /// Links its functions, if it is there, and has each profile tried once, so that nobody later
  /// waits for what the JVM makes then. What comes of it is for [SrtpFactory#selfTested] to say.
  public static void rehearse() {
    if (!Libcrypto.isPresent()) {
      return;
    }
    for (SrtpProfile profile : SrtpProfile.values()) {
      try {
        SrtpSelfTest.passes(new LibcryptoBackend(), profile);
      } catch (IllegalStateException e) {
        // It is said when the back ends are chosen.
      }
    }
  }
}
