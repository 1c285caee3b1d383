package org.plenum.signaling.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.config.ApiKey;

/// Who may watch a broadcast: whoever knows the room's name, or, if links are signed, whoever was
/// given one, until it expires. The signature is a folder of the path, so that all that a playlist
/// names relative to itself has it too. Any thread.
///
/// A link's folder is `{expires}-{signature}`: seconds since 1970, and the HMAC-SHA256 of
/// `live/{room}/{expires}` by one of `auth.keys` in base64url without padding.
public final class LiveLinks {
  /// A link is good for so long, and up to an hour more: all that are given out within an hour are
  /// the same, so that a cache keeps one copy for all of them.
  static final Duration LIFE = Duration.ofHours(12);

  private static final Pattern FOLDER = Pattern.compile("(\\d{1,12})-([\\w-]{43})");

  private static final String ALGORITHM = "HmacSHA256";

  private final KeyRing keys;
  private final boolean signed;
  private final InstantSource clock;

  /// @param signed whether a link needs a signature; then there must be keys
  public LiveLinks(KeyRing keys, boolean signed, InstantSource clock) {
    this.keys = keys;
    this.signed = signed;
    this.clock = clock;
  }

  public boolean areSigned() {
    return signed;
  }

  /// When a link that is made now expires; null: never.
  public @Nullable Instant expiry() {
    if (!signed) {
      return null;
    }
    return clock.instant().plus(LIFE).truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
  }

  /// The folder of a link that is made now; only if they [#areSigned].
  ///
  /// @param expiry whole seconds
  public String folder(RoomId room, Instant expiry) {
    return folder(keys.first(), room, expiry.getEpochSecond());
  }

  /// Whether this is the folder of a good link.
  public boolean allows(RoomId room, String folder) {
    Matcher parts = FOLDER.matcher(folder);
    if (!parts.matches()) {
      return false;
    }
    long expires = Long.parseLong(parts.group(1));
    if (expires <= clock.instant().getEpochSecond()) {
      return false;
    }
    byte[] given = folder.getBytes(UTF_8);
    return keys.keys().stream()
        .anyMatch(key -> MessageDigest.isEqual(folder(key, room, expires).getBytes(UTF_8), given));
  }

  private static String folder(ApiKey key, RoomId room, long expires) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key.secret().getBytes(UTF_8), ALGORITHM));
      byte[] hash = mac.doFinal(("live/" + room.value() + "/" + expires).getBytes(UTF_8));
      return expires + "-" + Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
