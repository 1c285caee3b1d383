package org.plenum.signaling.protocol;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// A TURN server that shares a secret with us, of which passwords for clients are made
/// (draft-uberti-behave-turn-rest-00 §2.2; coturn's `use-auth-secret`).
///
/// @param urls as in RTCConfiguration
/// @param life how long a password is good. An allocation is refreshed with the one it began with,
///     so it must outlast any call
public record TurnServer(List<String> urls, String secret, Duration life) {
  /// Of a password, unless told otherwise.
  public static final Duration LIFE = Duration.ofDays(1);

  public TurnServer {
    urls = List.copyOf(urls);
    if (urls.isEmpty() || secret.isEmpty()) {
      throw new IllegalArgumentException("a TURN server must have URLs and a secret");
    }
  }

  /// With passwords that are good for a day.
  public TurnServer(List<String> urls, String secret) {
    this(urls, secret, LIFE);
  }

  /// With a user name and password that are good from now on.
  ///
  /// @param client who it is for: coturn takes what stands behind the colon for the user, and
  ///     counts the allocations of each (`user-quota`), so no two clients may share it
  public IceServer issue(Instant now, String client) {
    return new TurnPasswords(secret, life).issue(urls, now, client);
  }

  /// Without the secret: it must never get into a log.
  @Override
  public String toString() {
    return "TurnServer[urls=" + urls + ", life=" + life + "]";
  }
}
