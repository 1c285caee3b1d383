package org.plenum.sfu.srtp;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Session keys from master keys (RFC 3711 §4.3.1) with a key derivation rate of 0, that is once
/// per association, by the AES-CM pseudo-random function (§4.3.3). AEAD profiles use the same
/// function with their 96-bit salt on the left and 16 zero bits behind it (RFC 7714 §11).
final class SrtpKeyDerivation {
  static final int RTP_ENCRYPTION = 0;
  static final int RTP_AUTHENTICATION = 1;
  static final int RTP_SALT = 2;
  static final int RTCP_ENCRYPTION = 3;
  static final int RTCP_AUTHENTICATION = 4;
  static final int RTCP_SALT = 5;

  private static final int BLOCK_BYTES = 16;

  /// Where the 8-bit label lands: with rate 0 the key id is the label followed by 48 zero bits, and
  /// it is added to the right end of the 112-bit salt.
  private static final int LABEL_OFFSET = 7;

  private SrtpKeyDerivation() {}

  static byte[] derive(byte[] masterKey, byte[] masterSalt, int label, int lengthBytes) {
    byte[] counter = Arrays.copyOf(masterSalt, BLOCK_BYTES);
    counter[LABEL_OFFSET] ^= (byte) label;
    try {
      var cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE, new SecretKeySpec(masterKey, "AES"), new IvParameterSpec(counter));
      return cipher.doFinal(new byte[lengthBytes]);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-CTR key derivation failed", e);
    }
  }
}
