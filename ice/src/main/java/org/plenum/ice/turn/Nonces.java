package org.plenum.ice.turn;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.plenum.ice.NetworkPath;

/// Nonces (RFC 8489 §9.2.1) that need no memory: the time they were made and a code of it and of
/// the client's address and port, so that only who receives there can use one. Short, because they
/// stand in answers to sources that have shown nothing. Owned by one thread.
final class Nonces {
  /// Characters of a nonce: 9 bytes in Base64.
  static final int CHARACTERS = 12;

  /// How many minutes one is good for, at least.
  static final int LIFE_MINUTES = 10;

  private static final long MINUTE_NANOS = 60_000_000_000L;
  private static final int TIME_BYTES = 2; // goes round in 45 days
  private static final int CODE_BYTES = 7;
  private static final String HMAC_SHA1 = "HmacSHA1";

  private final Mac mac;
  private final long startNanos;

  Nonces(TurnSecret secret) {
    startNanos = secret.startNanos();
    try {
      mac = Mac.getInstance(HMAC_SHA1);
      mac.init(new SecretKeySpec(secret.nonceKey(), HMAC_SHA1));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + HMAC_SHA1, e);
    }
  }

  /// A nonce for the client at the other end of the path, in ASCII.
  byte[] make(NetworkPath path, long nowNanos) {
    return encode(minute(nowNanos), path);
  }

  /// Whether that is a nonce of ours for this client, and not too old.
  boolean isValid(byte[] nonce, NetworkPath path, long nowNanos) {
    if (nonce.length != CHARACTERS) {
      return false;
    }
    byte[] decoded;
    try {
      decoded = Base64.getUrlDecoder().decode(nonce);
    } catch (IllegalArgumentException e) {
      return false;
    }
    char made = ByteBuffer.wrap(decoded).getChar();
    char age = (char) (minute(nowNanos) - made);
    return age <= LIFE_MINUTES && MessageDigest.isEqual(nonce, encode(made, path));
  }

  private byte[] encode(char minute, NetworkPath path) {
    ByteBuffer input = ByteBuffer.allocate(TIME_BYTES + 2 * Long.BYTES + Integer.BYTES);
    input.putChar(minute).putLong(path.remoteHigh()).putLong(path.remoteLow());
    input.putInt(path.remotePort());
    byte[] code = Arrays.copyOf(mac.doFinal(input.array()), CODE_BYTES);
    ByteBuffer nonce = ByteBuffer.allocate(TIME_BYTES + CODE_BYTES).putChar(minute).put(code);
    return Base64.getUrlEncoder().encode(nonce.array());
  }

  private char minute(long nowNanos) {
    return (char) Math.floorDiv(nowNanos - startNanos, MINUTE_NANOS);
  }
}
