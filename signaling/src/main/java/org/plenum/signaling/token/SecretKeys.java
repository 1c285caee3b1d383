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
  private final Map<String, VerificationKey> byId = new HashMap<>();

  SecretKeys(List<ApiKey> keys) {
    for (ApiKey key : keys) {
      byId.put(key.id(), new VerificationKey(JWSAlgorithm.HS256, verifier(key)));
    }
  }

  @Override
  public @Nullable VerificationKey find(String id) {
    return byId.get(id);
  }

  private static MACVerifier verifier(ApiKey key) {
    try {
      return new MACVerifier(key.secret().getBytes(StandardCharsets.UTF_8));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
