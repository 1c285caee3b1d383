package org.plenum.ice.turn;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What the passwords of users are made of, by us and by whoever hands them out
/// (draft-uberti-behave-turn-rest-00 §2.2), and the key of nonces, the same for all workers of a
/// process. Immutable: any thread.
public final class TurnSecret {
  /// Short, because it stands in answers to sources that have shown nothing.
  public static final String REALM = "turn";

  private static final int NONCE_KEY_BYTES = 20;
  private static final String HMAC_SHA1 = "HmacSHA1";

  private final byte[] secret;
  private final byte[] nonceKey = new byte[NONCE_KEY_BYTES];
  private final long startNanos;

  /// @param secret not empty
  /// @param random good enough for keys
  /// @param nowNanos from which nonces count
  public TurnSecret(String secret, RandomGenerator random, long nowNanos) {
    if (secret.isEmpty()) {
      throw new IllegalArgumentException("the secret of a TURN server must not be empty");
    }
    this.secret = secret.getBytes(StandardCharsets.UTF_8);
    random.nextBytes(nonceKey);
    startNanos = nowNanos;
  }

  byte[] nonceKey() {
    return nonceKey.clone();
  }

  long startNanos() {
    return startNanos;
  }

  /// The key of MESSAGE-INTEGRITY for a user name (RFC 8489 §9.2.2).
  byte[] key(String username) {
    try {
      Mac mac = Mac.getInstance(HMAC_SHA1);
      mac.init(new SecretKeySpec(secret, HMAC_SHA1));
      byte[] password = mac.doFinal(username.getBytes(StandardCharsets.UTF_8));
      String credentials =
          username + ":" + REALM + ":" + Base64.getEncoder().encodeToString(password);
      return MessageDigest.getInstance("MD5").digest(credentials.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + HMAC_SHA1 + " and MD5", e);
    }
  }

  /// Without what must never get into a log.
  @Override
  public String toString() {
    return "TurnSecret";
  }
}
