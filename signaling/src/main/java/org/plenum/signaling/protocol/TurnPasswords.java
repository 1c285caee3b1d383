package org.plenum.signaling.protocol;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// User names and passwords for a TURN server, made of a secret that it knows too
/// (draft-uberti-behave-turn-rest-00 §2.2).
///
/// @param life how long a password is good
public record TurnPasswords(String secret, Duration life) {
  private static final String ALGORITHM = "HmacSHA1";

  public TurnPasswords {
    if (secret.isEmpty()) {
      throw new IllegalArgumentException("a TURN server must have a secret");
    }
  }

  /// A server with a user name and password that are good from now on.
  ///
  /// @param client who it is for: TURN servers take what stands behind the colon for the user and
  ///     count the allocations of each, so no two clients may share it
  public IceServer issue(List<String> urls, Instant now, String client) {
    String user = now.plus(life).getEpochSecond() + ":" + client;
    return new IceServer(urls, user, Base64.getEncoder().encodeToString(hash(user)));
  }

  private byte[] hash(String user) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return mac.doFinal(user.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has " + ALGORITHM, e);
    }
  }

  /// Without the secret: it must never get into a log.
  @Override
  public String toString() {
    return "TurnPasswords[life=" + life + "]";
  }
}
