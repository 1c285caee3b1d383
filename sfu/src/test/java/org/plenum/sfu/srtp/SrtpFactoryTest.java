package org.plenum.sfu.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class SrtpFactoryTest {
  /// A back end whose session keys are not those asked for, so all its answers are wrong.
  private static final class Miskeyed implements CryptoBackend {
    private final CryptoBackend right = new JceBackend();

    @Override
    public String name() {
      return "miskeyed";
    }

    @Override
    public PacketCipher encrypting(SrtpProfile profile, SessionKeys keys) {
      return right.encrypting(profile, spoilt(keys));
    }

    @Override
    public PacketCipher decrypting(SrtpProfile profile, SessionKeys keys) {
      return right.decrypting(profile, spoilt(keys));
    }

    private static SessionKeys spoilt(SessionKeys keys) {
      byte[] key = keys.encryptionKey().clone();
      key[0] ^= 1;
      return new SessionKeys(key, keys.authenticationKey(), keys.salt());
    }
  }

  @Test
  void prefersLibcryptoWhereItIsInstalled() {
    var backend = SrtpFactory.selfTested().gcmBackend();
    assertEquals(Libcrypto.isPresent(), backend.startsWith("libcrypto OpenSSL "), backend);
  }

  @Test
  void passesOverABackEndThatAnswersWrongly() {
    var factory = SrtpFactory.selfTested(List.of(new Miskeyed(), new JceBackend()));
    assertEquals("JCE", factory.gcmBackend());
  }

  @Test
  void refusesToStartWithoutABackEnd() {
    assertThrows(
        IllegalStateException.class, () -> SrtpFactory.selfTested(List.of(new Miskeyed())));
  }

  @Test
  void selfTestTellsRightFromWrongForBothProfiles() {
    for (var profile : SrtpProfile.values()) {
      assertTrue(SrtpSelfTest.passes(new JceBackend(), profile));
      assertFalse(SrtpSelfTest.passes(new Miskeyed(), profile));
    }
  }
}
