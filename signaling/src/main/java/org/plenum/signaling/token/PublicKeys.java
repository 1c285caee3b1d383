package org.plenum.signaling.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The public keys of a JWK Set (RFC 7517), for RS256, ES256 and EdDSA. Shared secrets in it are
/// ignored.
final class PublicKeys implements VerificationKeys {
  private static final Logger LOG = LoggerFactory.getLogger(PublicKeys.class);

  private static final int TIMEOUT_MILLIS = 5_000;
  private static final int MAX_BYTES = 256 * 1024;
  private static final int LEAST_RSA_BITS = 2048;

  /// A key that the set no longer has is refused after this at the latest.
  private static final long LIVE_MILLIS = 300_000;

  /// How long the keys last known serve while their source cannot be reached.
  private static final long OUTAGE_MILLIS = 4 * 3_600_000L;

  private final JWKSource<SecurityContext> source;

  /// Whether there ever was a set.
  private volatile boolean reached;

  PublicKeys(JWKSource<SecurityContext> source) {
    this.source = source;
  }

  /// @param location file or https URL
  static PublicKeys at(String location) {
    return at(location, null);
  }

  /// @param trust makes the connections of an https URL; null: as the JDK trusts
  static PublicKeys at(String location, @Nullable SSLSocketFactory trust) {
    if (!location.startsWith("https:")) {
      return new PublicKeys(new KeySetFile(Path.of(location)));
    }
    try {
      // A key id that is not there fetches the set anew, but not more often than every 30 s.
      return new PublicKeys(
          JWKSourceBuilder.create(
                  URI.create(location).toURL(),
                  new DefaultResourceRetriever(
                      TIMEOUT_MILLIS, TIMEOUT_MILLIS, MAX_BYTES, false, trust))
              .cache(LIVE_MILLIS, TIMEOUT_MILLIS + 1_000L)
              .rateLimited(30_000)
              .outageTolerant(OUTAGE_MILLIS)
              .build());
    } catch (MalformedURLException | IllegalArgumentException e) {
      throw new IllegalStateException("auth.jwks is no URL: " + e.getMessage(), e);
    }
  }

  @Override
  public @Nullable VerificationKey find(String id) {
    List<JWK> keys;
    try {
      keys = source.get(new JWKSelector(new JWKMatcher.Builder().keyID(id).build()), null);
      reached = true;
    } catch (RateLimitReachedException e) {
      if (reached) {
        return null; // the set was fetched a moment ago, and the key was not in it
      }
      throw unavailable(e);
    } catch (KeySourceException e) {
      throw unavailable(e);
    }
    for (JWK key : keys) {
      VerificationKey usable = usable(key);
      if (usable != null) {
        return usable;
      }
    }
    return null;
  }

  private static AccessException unavailable(KeySourceException e) {
    LOG.warn("the key set cannot be had: {}", e.getMessage());
    return new AccessException(
        AccessException.Kind.UNAVAILABLE, "the keys of tokens cannot be had now");
  }

  private static @Nullable VerificationKey usable(JWK key) {
    if (key.getKeyUse() != null && !key.getKeyUse().equals(KeyUse.SIGNATURE)) {
      return null;
    }
    try {
      VerificationKey usable = byType(key);
      boolean meantForIt =
          usable != null
              && (key.getAlgorithm() == null || key.getAlgorithm().equals(usable.algorithm()));
      return meantForIt ? usable : null;
    } catch (JOSEException e) {
      LOG.warn("key {} of the key set is ignored: {}", key.getKeyID(), e.getMessage());
      return null;
    }
  }

  private static @Nullable VerificationKey byType(JWK key) throws JOSEException {
    return switch (key) {
      case RSAKey rsa when rsa.size() >= LEAST_RSA_BITS ->
          new VerificationKey(JWSAlgorithm.RS256, new RSASSAVerifier(rsa.toPublicJWK()));
      case ECKey ec when Curve.P_256.equals(ec.getCurve()) ->
          new VerificationKey(JWSAlgorithm.ES256, new ECDSAVerifier(ec.toPublicJWK()));
      case OctetKeyPair pair when Curve.Ed25519.equals(pair.getCurve()) ->
          new VerificationKey(JWSAlgorithm.EdDSA, new EdwardsVerifier(pair));
      default -> null;
    };
  }
}
