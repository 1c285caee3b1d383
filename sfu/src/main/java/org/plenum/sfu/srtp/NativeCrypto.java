package org.plenum.sfu.srtp;

/// libcrypto, for those who start before anything is to be encrypted.
public final class NativeCrypto {
  private NativeCrypto() {}

  /// Links its functions, if it is there, so that no later call has to wait for that; idempotent.
  public static void link() {
    Libcrypto.isPresent();
  }
}
