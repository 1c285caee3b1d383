package org.plenum.signaling.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.impl.BaseJWSProvider;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Set;

/// Ed25519 (RFC 8037) by the JDK: nimbus would bring Tink for it.
final class EdwardsVerifier extends BaseJWSProvider implements JWSVerifier {
  private static final int KEY_BYTES = 32;

  private final PublicKey key;

  EdwardsVerifier(OctetKeyPair pair) throws JOSEException {
    super(Set.of(JWSAlgorithm.EdDSA));
    key = publicKey(pair.getDecodedX());
  }

  @Override
  public boolean verify(JWSHeader header, byte[] signingInput, Base64URL signature)
      throws JOSEException {
    try {
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key);
      verifier.update(signingInput);
      return verifier.verify(signature.decode());
    } catch (java.security.SignatureException e) {
      return false; // of a wrong length
    } catch (GeneralSecurityException e) {
      throw new JOSEException(e.getMessage(), e);
    }
  }

  /// The y coordinate, little-endian, with the sign of x in its last bit (RFC 8032 §5.1.2).
  private static PublicKey publicKey(byte[] encoded) throws JOSEException {
    if (encoded.length != KEY_BYTES) {
      throw new JOSEException("an Ed25519 key has 32 bytes, not " + encoded.length);
    }
    byte[] y = new byte[KEY_BYTES];
    for (int i = 0; i < KEY_BYTES; i++) {
      y[i] = encoded[KEY_BYTES - 1 - i];
    }
    boolean xOdd = (y[0] & 0x80) != 0;
    y[0] &= 0x7F;
    try {
      EdECPoint point = new EdECPoint(xOdd, new BigInteger(1, y));
      return KeyFactory.getInstance("Ed25519")
          .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
    } catch (GeneralSecurityException e) {
      throw new JOSEException(e.getMessage(), e);
    }
  }
}
