package org.plenum.signaling.token;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.plenum.signaling.config.ApiKey;
import org.plenum.signaling.config.ServerConfig;

@Tag("fuzz")
class TokenFuzzTest {
  private static final Access ACCESS =
      Access.of(
          new ServerConfig.Auth(List.of(new ApiKey("one", Forge.SECRET)), "", 30, false),
          null,
          () -> Instant.EPOCH);

  /// As it comes: no more than a refusal.
  @FuzzTest(maxDuration = "5s")
  void authenticatesOrRefuses(byte[] input) {
    attempt(new String(input, StandardCharsets.UTF_8));
  }

  /// Signed, so that the claims are read whatever they are.
  @FuzzTest(maxDuration = "5s")
  void readsSignedClaimsOrRefuses(byte[] input) {
    attempt(
        Forge.hs256(
            "{\"alg\":\"HS256\",\"kid\":\"one\"}",
            new String(input, StandardCharsets.UTF_8),
            Forge.SECRET.getBytes(StandardCharsets.UTF_8)));
  }

  private static void attempt(String token) {
    try {
      ACCESS.authenticate(token);
    } catch (AccessException e) {
      if (e.getMessage().length() > 1_000) {
        throw new AssertionError("a refusal that repeats too much", e);
      }
    }
  }
}
