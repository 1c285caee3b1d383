package org.plenum.signaling.token;

import static org.plenum.signaling.token.AccessException.unauthorized;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.ShownText;
import org.plenum.signaling.protocol.InvalidMessageException;
import org.plenum.signaling.protocol.JsonFields;
import org.plenum.signaling.protocol.StrictJson;
import org.plenum.signaling.token.VerificationKeys.VerificationKey;

/// Checks a token (JWS in compact form, RFC 7515 §3.1): signature by the algorithm of its key,
/// times, claims. Any thread; may block for keys.
final class TokenVerifier {
  /// LiveKit's have half a kilobyte, metadata apart.
  static final int MAX_LENGTH = 8 * 1024;

  private static final int MAX_IDENTITY = 256;
  private static final int MAX_METADATA = 4096;

  private static final Pattern COMPACT =
      Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*");

  private static final List<String> ALGORITHMS = List.of("HS256", "RS256", "ES256", "EdDSA");

  private static final StrictJson JSON = new StrictJson(MAX_LENGTH);

  private final List<VerificationKeys> keys;
  private final long leewaySeconds;
  private final InstantSource clock;

  TokenVerifier(List<VerificationKeys> keys, long leewaySeconds, InstantSource clock) {
    this.keys = keys;
    this.leewaySeconds = leewaySeconds;
    this.clock = clock;
  }

  /// Throws AccessException that says what is wrong with it.
  Token verify(String compact) {
    return verify(compact, clock.instant().getEpochSecond());
  }

  /// Whether it was valid at some moment, by the keys of today.
  Token verify(String compact, long nowSeconds) {
    if (compact.length() > MAX_LENGTH) {
      throw unauthorized(
          "the token has more than " + MAX_LENGTH + " characters: " + compact.length());
    }
    if (!COMPACT.matcher(compact).matches()) {
      throw unauthorized("the token is no JWT in compact form");
    }
    String[] parts = compact.split("\\.", -1);
    try {
      JsonFields header = JSON.object(decoded(parts[0]));
      JsonFields claims = JSON.object(decoded(parts[1]));
      checkSignature(parts, header, claims);
      return token(claims, parts[0] + '.' + parts[1], nowSeconds);
    } catch (InvalidMessageException e) {
      String field = e.field() == null ? "" : " " + e.field();
      throw unauthorized("the token's JSON" + field + " " + e.getMessage());
    }
  }

  private void checkSignature(String[] parts, JsonFields header, JsonFields claims) {
    String algorithm = header.text("alg");
    if (!ALGORITHMS.contains(algorithm)) {
      throw unauthorized("the token's alg must be one of " + String.join(", ", ALGORITHMS));
    }
    if (header.has("crit") || header.has("b64")) {
      throw unauthorized("the token's header asks for extensions that we do not have");
    }
    VerificationKey key = key(header, claims);
    if (!key.algorithm().getName().equals(algorithm)) {
      throw unauthorized(
          "the token's alg must be that of its key, " + key.algorithm() + ", not " + algorithm);
    }
    byte[] input = (parts[0] + '.' + parts[1]).getBytes(StandardCharsets.US_ASCII);
    try {
      JWSHeader parsed = JWSHeader.parse(Base64URL.from(parts[0]));
      if (key.verifier().verify(parsed, input, Base64URL.from(parts[2]))) {
        return;
      }
    } catch (JOSEException | ParseException | IllegalArgumentException e) {
      // a signature of a wrong form is a wrong signature
    }
    throw unauthorized("the token's signature is wrong");
  }

  /// By `kid`, or by `iss` as LiveKit's tokens name it.
  private VerificationKey key(JsonFields header, JsonFields claims) {
    String kid = header.optionalText("kid");
    String id = kid == null ? claims.optionalText("iss") : kid;
    if (id == null) {
      throw unauthorized("the token names no key, neither by kid nor by iss");
    }
    for (VerificationKeys source : keys) {
      VerificationKey key = source.find(id);
      if (key != null) {
        return key;
      }
    }
    throw unauthorized("the token's key is not known here");
  }

  private Token token(JsonFields claims, String signed, long now) {
    Long expiry = claims.optionalSeconds("exp");
    Long notBefore = claims.optionalSeconds("nbf");
    Long issued = claims.optionalSeconds("iat");
    if (expiry == null) {
      throw unauthorized("the token never expires: exp is missing");
    }
    if (expiry + leewaySeconds <= now) {
      throw unauthorized("the token expired at " + Instant.ofEpochSecond(expiry));
    }
    if (notBefore != null && notBefore - leewaySeconds > now) {
      throw unauthorized("the token is not valid before " + Instant.ofEpochSecond(notBefore));
    }
    JsonFields video = claims.optionalObject("video");
    if (video == null) {
      throw unauthorized("the token grants nothing: video is missing");
    }
    return new Token(
        bounded(claims, "sub", MAX_IDENTITY),
        name(claims),
        bounded(claims, "metadata", MAX_METADATA),
        Grants.read(video),
        digest(signed),
        issued == null ? notBefore : issued,
        expiry);
  }

  /// Null if missing or empty, as some makers write it.
  private static @Nullable String name(JsonFields claims) {
    String name = claims.optionalText("name");
    return name == null || name.isBlank() ? null : claims.parsed("name", ShownText::name);
  }

  /// Null if missing or empty, as some makers write it.
  private static @Nullable String bounded(JsonFields claims, String name, int most) {
    String text = claims.optionalText(name);
    if (text == null || text.isBlank()) {
      return null;
    }
    if (text.length() > most) {
      throw new InvalidMessageException(name, "must have at most " + most + " characters");
    }
    if (!name.equals("metadata") && text.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidMessageException(name, "must not hold control characters");
    }
    return text.strip();
  }

  private static String decoded(String part) {
    return new String(Base64URL.from(part).decode(), StandardCharsets.UTF_8);
  }

  private static String digest(String signed) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(signed.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
