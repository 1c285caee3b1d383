package org.plenum.sfu.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.plenum.sfu.srtp.SrtpPeer.hex;

import org.junit.jupiter.api.Test;

/// RFC 3711 appendix B.3; the AEAD salts are checked end to end against libsrtp's packet in
/// [SrtpVectorTest].
class SrtpKeyDerivationTest {
  private static final byte[] MASTER_KEY = hex("E1F97A0D3E018BE0D64FA32C06DE4139");
  private static final byte[] MASTER_SALT = hex("0EC675AD498AFEEBB6960B3AABE6");

  @Test
  void derivesTheSessionKeysOfTheRfc() {
    var keys = SessionKeys.forRtp(SrtpProfile.AES_CM_128_HMAC_SHA1_80, MASTER_KEY, MASTER_SALT);
    assertArrayEquals(hex("C61E7A93744F39EE10734AFE3FF7A087"), keys.encryptionKey());
    assertArrayEquals(hex("30CBBC08863D8C85D49DB34A9AE1"), keys.salt());
    assertArrayEquals(hex("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4"), keys.authenticationKey());
  }

  @Test
  void derivesOutputLongerThanABlock() {
    byte[] expected =
        hex(
            "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA48F0A0ACF3C34E2359E6CDBCE"
                + "E049646C43D9327AD175578EF72270986371C10C9A369AC2F94A8C5FBCDDDC25"
                + "6D6E919A48B610EF17C2041E474035766B68642C59BBFC2F34DB60DBDFB2");
    assertArrayEquals(
        expected,
        SrtpKeyDerivation.derive(
            MASTER_KEY, MASTER_SALT, SrtpKeyDerivation.RTP_AUTHENTICATION, expected.length));
  }

  @Test
  void refusesMasterKeysOfTheWrongLength() {
    assertThrows(
        IllegalStateException.class,
        () -> SessionKeys.forRtp(SrtpProfile.AEAD_AES_128_GCM, MASTER_KEY, MASTER_SALT));
  }
}
