package org.plenum.signaling.token;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import org.jspecify.annotations.Nullable;

/// Where the keys of tokens come from.
interface VerificationKeys {
  /// A key with the one algorithm it is for: what a token's header says is compared with it, and
  /// never chooses it.
  record VerificationKey(JWSAlgorithm algorithm, JWSVerifier verifier) {}

  /// Null if there is none of this id. May block; throws AccessException if the keys cannot be had.
  @Nullable VerificationKey find(String id);
}
