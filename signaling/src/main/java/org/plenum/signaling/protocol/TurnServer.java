package org.plenum.signaling.protocol;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A TURN server that shares a secret with us, of which passwords for clients are made
/// (draft-uberti-behave-turn-rest-00 §2.2; coturn's `use-auth-secret`).
///
/// @param urls as in RTCConfiguration
public record TurnServer(List<String> urls, String secret) {
  /// An allocation is refreshed with the password it began with, so it must outlast any call.
  private static final Duration LIFE = Duration.ofDays(1);

  private static final String ALGORITHM = "HmacSHA1";

  public TurnServer {
    urls = List.copyOf(urls);
    if (urls.isEmpty() || secret.isEmpty()) {
      throw new IllegalArgumentException("a TURN server must have URLs and a secret");
    }
  }

  /// With a user name and password that are good from now on for a day.
  public IceServer issue(Instant now) {
    String user = now.plus(LIFE).getEpochSecond() + ":plenum";
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
    return "TurnServer[urls=" + urls + "]";
  }
}
