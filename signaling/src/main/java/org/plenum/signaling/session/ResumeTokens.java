package org.plenum.signaling.session;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.data.DurableFiles;
import org.plenum.signaling.protocol.ClientMessage.Hello;
import org.plenum.signaling.token.Access;
import org.plenum.signaling.token.AccessException;
import org.plenum.signaling.token.Token;

/// Makes the tokens by which sessions are resumed, and knows those of the server that ran before
/// this one, by a key in `data.dir`: who it let in comes back as the same participant. Any thread.
///
/// A token is `nonce.millis.mac`: 192 random bits, since when (since the epoch), and HMAC-SHA256
/// over these, the room and what let them in. The participant's id follows from the nonce, so a
/// client whose token is not taken any more is still who it was.
final class ResumeTokens {
  /// For how long after its start a server accepts tokens of the one before it.
  static final long RETURN_MILLIS = 300_000;

  static final String KEY_FILE = "resume.key";
  private static final int KEY_BYTES = 32;
  private static final String ALGORITHM = "HmacSHA256";

  private static final Pattern FORM =
      Pattern.compile("([A-Za-z0-9_-]{32})\\.([0-9]{1,15})\\.([A-Za-z0-9_-]{43})");

  private final SecretKeySpec key;
  private final Access access;
  private final InstantSource clock;
  private final long startMillis;

  /// Throws IllegalStateException with one sentence if the directory cannot be used.
  ///
  /// @param data null: a restart forgets them
  ResumeTokens(@Nullable Path data, Access access, InstantSource clock) {
    this.key = new SecretKeySpec(data == null ? random() : key(data.resolve(KEY_FILE)), ALGORITHM);
    this.access = access;
    this.clock = clock;
    this.startMillis = clock.millis();
  }

  /// Whether it looks like a token of a server that ran before this one.
  boolean isOfBefore(String token) {
    Matcher parts = FORM.matcher(token);
    return parts.matches() && Long.parseLong(parts.group(2)) < startMillis;
  }

  /// For somebody who is let in now.
  String issue(RoomId room, Token admission) {
    return token(SessionToken.next(), room, admission);
  }

  /// For the participant of a token for which [#isOfBefore] is true, who is let in anew.
  String renew(String before, RoomId room, Token admission) {
    return token(nonce(before), room, admission);
  }

  /// The participant that a token stands for. The id tells nothing of the token.
  static ParticipantId participant(String token) {
    return SessionToken.participant(nonce(token));
  }

  private static String nonce(String token) {
    return token.substring(0, token.indexOf('.'));
  }

  private String token(String nonce, RoomId room, Token admission) {
    long now = clock.millis();
    return nonce + "." + now + "." + mac(nonce, now, room, admission);
  }

  /// The participant that a token from before the restart stands for; null if none, or no
  /// longer. May block while keys are read.
  SignalingSession.@Nullable Admission redeem(Hello hello) {
    String resume = hello.resume();
    Matcher parts = FORM.matcher(resume == null ? "" : resume);
    long now = clock.millis();
    if (!parts.matches() || now - startMillis > RETURN_MILLIS) {
      return null;
    }
    long then = Long.parseLong(parts.group(2));
    // Those of this server are known, or over.
    if (then >= startMillis || now - then > 1000 * Access.READMISSION_SECONDS) {
      return null;
    }
    try {
      Token admission = access.readmit(hello.token(), hello.room(), then / 1000);
      byte[] expected = ascii(mac(parts.group(1), then, hello.room(), admission));
      return MessageDigest.isEqual(expected, ascii(parts.group(3)))
          ? new SignalingSession.Admission(admission, parts.group())
          : null;
    } catch (AccessException e) {
      return null; // then they are let in as anybody else, or told why not
    }
  }

  private String mac(String nonce, long millis, RoomId room, Token admission) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      String text = String.join("\n", nonce, millis + "", room + "", admission.digest());
      return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(ascii(text)));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] key(Path file) {
    try {
      if (!Files.exists(file)) {
        DurableFiles.replaceSecret(file, random());
      }
      byte[] key = Files.readAllBytes(file);
      if (key.length != KEY_BYTES) {
        throw new IllegalStateException(
            "data.dir: " + file + " must hold " + KEY_BYTES + " bytes, not " + key.length);
      }
      return key;
    } catch (IOException e) {
      throw new IllegalStateException("data.dir: " + file + " cannot be used: " + e, e);
    }
  }

  private static byte[] random() {
    byte[] bytes = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
