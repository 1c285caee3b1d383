package org.plenum.signaling.config;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// A key with which tokens are signed and checked by HS256.
///
/// @param secret at least 32 bytes (RFC 7518 §3.2)
public record ApiKey(String id, String secret) {
  /// As long as the hash.
  private static final int LEAST_BYTES = 32;

  private static final Pattern ID = Pattern.compile("[\\w.-]{1,64}");

  public ApiKey {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "must have ids of 1 to 64 letters, digits, '.', '_' and '-'");
    }
    int length = secret.getBytes(StandardCharsets.UTF_8).length;
    if (length < LEAST_BYTES) {
      throw new IllegalArgumentException(
          "must have secrets of at least 32 bytes; that of " + id + " has " + length);
    }
  }

  /// Without the secret: it must never get into a log.
  @Override
  public String toString() {
    return "ApiKey[" + id + "]";
  }
}
