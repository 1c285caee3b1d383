package org.plenum.signaling.session;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomId;

/// Makes what nobody can guess.
public final class SessionToken {
  private static final SecureRandom RANDOM = new SecureRandom();

  /// 192 bits.
  private static final int TOKEN_BYTES = 24;

  /// 80 bits: never the same twice.
  private static final int ID_BYTES = 10;

  private SessionToken() {}

  /// A token with which a session is resumed, or changed and ended over HTTP.
  public static String next() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random(TOKEN_BYTES));
  }

  public static ParticipantId nextParticipant() {
    return participant(next());
  }

  /// The id that always belongs to this secret, of which it tells nothing.
  static ParticipantId participant(String token) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII));
      return new ParticipantId(HexFormat.of().formatHex(digest, 0, ID_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The name of another breakout room, which nobody has made before.
  static RoomId nextBreakout() {
    return new RoomId("breakout-" + HexFormat.of().formatHex(random(ID_BYTES)));
  }

  /// The id of somebody who waits to be let in.
  static String nextKnock() {
    return HexFormat.of().formatHex(random(ID_BYTES));
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
