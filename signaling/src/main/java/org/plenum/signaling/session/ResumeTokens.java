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
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.plenum.cluster.RoomDirectory;
import org.plenum.cluster.RoomEntry;
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
      Pattern.compile(
          "([A-Za-z0-9_-]{32})\\.([0-9]{1,15})(?:\\.([0-9]{1,15}))?\\.([A-Za-z0-9_-]{43})");

  private final SecretKeySpec key;
  private final Access access;
  private final InstantSource clock;
  private final long startMillis;
  private final @Nullable Lives lives;

  /// Throws IllegalStateException with one sentence if the directory cannot be used.
  ///
  /// @param data null: a restart forgets them
  ResumeTokens(@Nullable Path data, Access access, InstantSource clock) {
    this(null, data, access, clock, null);
  }

  /// @param shared the key that all nodes have; null: one of this server's own
  /// @param lives which rooms this node took over from others; null: it is alone
  ResumeTokens(
      byte @Nullable [] shared,
      @Nullable Path data,
      Access access,
      InstantSource clock,
      @Nullable Lives lives) {
    byte[] bytes = shared != null ? shared : data == null ? random() : key(data.resolve(KEY_FILE));
    this.key = new SecretKeySpec(bytes, ALGORITHM);
    this.lives = lives;
    this.access = access;
    this.clock = clock;
    this.startMillis = clock.millis();
  }

  /// Whether it looks like a token of a server that ran before this one, or of the room's former
  /// owner.
  boolean isOfBefore(String token, RoomId room) {
    Matcher parts = FORM.matcher(token);
    if (!parts.matches()) {
      return false;
    }
    Lives present = lives;
    return present == null
        ? Long.parseLong(parts.group(2)) < startMillis
        : epoch(parts) < present.epoch(room);
  }

  private static long epoch(Matcher parts) {
    String epoch = parts.group(3);
    return epoch == null ? 0 : Long.parseLong(epoch);
  }

  /// In a cluster a token says in which epoch of its room it was issued, for the clocks of nodes
  /// may differ; that of a later one was issued by another owner.
  ///
  /// @param opened when a room was opened here, in milliseconds since the epoch of the clock
  record Lives(RoomDirectory directory, ToLongFunction<RoomId> opened) {
    long epoch(RoomId room) {
      RoomEntry entry = directory.find(room.value());
      return entry == null ? 0 : entry.epoch();
    }

    String life(RoomId room) {
      RoomEntry entry = directory.find(room.value());
      return entry == null ? "" : entry.life();
    }
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
    Lives present = lives;
    String time = present == null ? now + "" : now + "." + present.epoch(room);
    return nonce + "." + time + "." + mac(nonce, time, room, admission);
  }

  /// The participant that a token from before the restart stands for; null if none, or no
  /// longer. May block while keys are read.
  SignalingSession.@Nullable Admission redeem(Hello hello) {
    String resume = hello.resume();
    Matcher parts = FORM.matcher(resume == null ? "" : resume);
    long now = clock.millis();
    if (!parts.matches()) {
      return null;
    }
    long then = Long.parseLong(parts.group(2));
    // Those of this server are known, or over.
    if (!isOfBefore(parts.group(), hello.room())
        || now - since(hello.room()) > RETURN_MILLIS
        || now - then > 1000 * Access.READMISSION_SECONDS) {
      return null;
    }
    String time = parts.group(3) == null ? parts.group(2) : parts.group(2) + "." + parts.group(3);
    try {
      Token admission = access.readmit(hello.token(), hello.room(), then / 1000);
      byte[] expected = ascii(mac(parts.group(1), time, hello.room(), admission));
      return MessageDigest.isEqual(expected, ascii(parts.group(4)))
          ? new SignalingSession.Admission(admission, parts.group())
          : null;
    } catch (AccessException e) {
      return null; // then they are let in as anybody else, or told why not
    }
  }

  /// Since when whoever was in the room may come back to it.
  private long since(RoomId room) {
    Lives present = lives;
    return present == null ? startMillis : present.opened().applyAsLong(room);
  }

  private String mac(String nonce, String time, RoomId room, Token admission) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      String text = String.join("\n", nonce, time, room + life(room), admission.digest());
      return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(ascii(text)));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException(e);
    }
  }

  /// A room that was given up and opened again knows nobody of before.
  private String life(RoomId room) {
    Lives present = lives;
    return present == null ? "" : "\n" + present.life(room);
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
