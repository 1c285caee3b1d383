package org.plenum.signaling.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.MACVerifier;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.plenum.signaling.config.ApiKey;

/// The keys of the configuration, for HS256.
final class SecretKeys implements VerificationKeys {
  /// @param of the keys that these were made of
  private record Verifiers(List<ApiKey> of, Map<String, VerificationKey> byId) {}

  private final KeyRing ring;
  private volatile Verifiers verifiers;

  SecretKeys(KeyRing ring) {
    this.ring = ring;
    this.verifiers = verifiers(ring.keys());
  }

  @Override
  public @Nullable VerificationKey find(String id) {
    List<ApiKey> now = ring.keys();
    Verifiers present = verifiers;
    if (!present.of().equals(now)) {
      present = verifiers(now);
      verifiers = present;
    }
    return present.byId().get(id);
  }

  private static Verifiers verifiers(List<ApiKey> keys) {
    Map<String, VerificationKey> byId = new HashMap<>();
    for (ApiKey key : keys) {
      byId.put(key.id(), new VerificationKey(JWSAlgorithm.HS256, verifier(key)));
    }
    return new Verifiers(keys, byId);
  }

  private static MACVerifier verifier(ApiKey key) {
    try {
      return new MACVerifier(key.secret().getBytes(StandardCharsets.UTF_8));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
