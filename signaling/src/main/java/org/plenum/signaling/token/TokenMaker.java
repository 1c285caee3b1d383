package org.plenum.signaling.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.function.Supplier;
import org.plenum.signaling.config.ApiKey;

/// Makes tokens by HS256, as LiveKit's tools do: the key's id is `iss`.
public final class TokenMaker {
  private final Supplier<ApiKey> present;

  public TokenMaker(ApiKey key) {
    this(() -> key);
  }

  /// With the key that there is when a token is made.
  public TokenMaker(Supplier<ApiKey> present) {
    this.present = present;
  }

  /// @param claims beside iss, iat, nbf and exp
  public String make(Map<String, Object> claims, Instant now, Duration validity) {
    ApiKey key = present.get();
    JWTClaimsSet.Builder set = new JWTClaimsSet.Builder();
    claims.forEach(set::claim);
    set.issuer(key.id())
        .issueTime(Date.from(now))
        .notBeforeTime(Date.from(now))
        .expirationTime(Date.from(now.plus(validity)));
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.id()).build(), set.build());
    try {
      token.sign(new MACSigner(key.secret().getBytes(StandardCharsets.UTF_8)));
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot sign with key " + key.id(), e);
    }
    return token.serialize();
  }
}
