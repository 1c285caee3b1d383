package org.plenum.signaling.token;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.TrackSource;

/// A moderator's invitation into a room. Two kinds of tokens stand for it: the one in its link,
/// `invite.<id>.<mac>`, and the pass that each guest who comes by it gets,
/// `guest.<id>.<nonce>.<mac>`. Both are known again by its key alone, so that its end ends both.
///
/// @param id shown, and unlike any other
/// @param key secret, base64url: of the macs
/// @param name what others are shown of its guests; null: each chooses
/// @param once whether it is for one guest only
/// @param used how many guests have come by it
public record Invitation(
    String id,
    RoomId room,
    String key,
    @Nullable String name,
    Set<TrackSource> publish,
    boolean subscribe,
    boolean messages,
    long createdSeconds,
    long expirySeconds,
    boolean once,
    int used) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private static final String INVITE = "invite";
  private static final String GUEST = "guest";

  /// 72 bits: never the same twice.
  private static final int ID_BYTES = 9;

  private static final int KEY_BYTES = 32;

  /// 128 bits of HMAC-SHA256: nobody guesses them, and a link stays short.
  private static final int MAC_BYTES = 16;

  public Invitation {
    publish = Set.copyOf(publish);
  }

  /// What a moderator decides about an invitation.
  ///
  /// @param name null: each guest chooses
  /// @param validSeconds from now
  public record Wish(
      @Nullable String name,
      Set<TrackSource> publish,
      boolean subscribe,
      boolean messages,
      long validSeconds,
      boolean once) {
    public Wish {
      publish = Set.copyOf(publish);
    }
  }

  static Invitation make(RoomId room, Wish wish, long nowSeconds) {
    return new Invitation(
        random(ID_BYTES),
        room,
        random(KEY_BYTES),
        wish.name(),
        wish.publish(),
        wish.subscribe(),
        wish.messages(),
        nowSeconds,
        nowSeconds + wish.validSeconds(),
        wish.once(),
        0);
  }

  /// Whether a token is of this kind, good or not: no JWT begins so.
  static boolean isMark(String token) {
    return token.startsWith(INVITE + ".") || token.startsWith(GUEST + ".");
  }

  static boolean isInvite(String token) {
    return token.startsWith(INVITE + ".");
  }

  /// The id in such a token, or null if it has none.
  static @Nullable String idOf(String token) {
    String[] parts = token.split("\\.", 4);
    return parts.length < 3 ? null : parts[1];
  }

  /// The token for the link.
  public String token() {
    return signed(INVITE + "." + id);
  }

  /// Another guest's pass.
  String pass() {
    return signed(GUEST + "." + id + "." + random(ID_BYTES));
  }

  /// Whether a token was made of this invitation. Takes as long whatever is wrong with it.
  boolean hasMade(String token) {
    String made = signed(token.substring(0, token.lastIndexOf('.')));
    return MessageDigest.isEqual(ascii(made), ascii(token));
  }

  /// What one of its tokens lets somebody do. A guest with a pass is a person of their own.
  Token admission(String token) {
    String signed = token.substring(0, token.lastIndexOf('.'));
    Grants grants =
        new Grants(
            room,
            true,
            false,
            false,
            false,
            !publish.isEmpty(),
            publish,
            subscribe,
            messages,
            false,
            false,
            false);
    return new Token(
        isInvite(token) ? null : signed,
        name,
        null,
        grants,
        HexFormat.of().formatHex(sha256(signed)),
        null,
        expirySeconds);
  }

  Invitation used(int guests) {
    return new Invitation(
        id,
        room,
        key,
        name,
        publish,
        subscribe,
        messages,
        createdSeconds,
        expirySeconds,
        once,
        guests);
  }

  /// Without the key: it must never get into a log.
  @Override
  public String toString() {
    return "Invitation[id=" + id + ", room=" + room + "]";
  }

  private String signed(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(ascii(key), "HmacSHA256"));
      byte[] whole = mac.doFinal(ascii(text));
      return text + "." + BASE64.encodeToString(Arrays.copyOf(whole, MAC_BYTES));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(ascii(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String random(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return BASE64.encodeToString(random);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
