package org.plenum.signaling.store;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.recording.RecordingId;

/// Lets a `<video>` element play one recording for an hour: it cannot send a token in a header, and
/// a token does not belong into an address. Any thread.
final class PlayTickets {
  private static final Duration VALID = Duration.ofHours(1);

  private final SecretKeySpec key;
  private final InstantSource clock;

  PlayTickets(InstantSource clock) {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    this.key = new SecretKeySpec(secret, "HmacSHA256");
    this.clock = clock;
  }

  String issue(RoomId room, RecordingId recording) {
    long until = clock.instant().plus(VALID).getEpochSecond();
    return until + "." + signature(room, recording, until);
  }

  boolean admits(@Nullable String ticket, RoomId room, RecordingId recording) {
    if (ticket == null || ticket.indexOf('.') < 1 || ticket.length() > 64) {
      return false;
    }
    int dot = ticket.indexOf('.');
    long until;
    try {
      until = Long.parseLong(ticket, 0, dot, 10);
    } catch (NumberFormatException e) {
      return false;
    }
    byte[] signature = ticket.substring(dot + 1).getBytes(StandardCharsets.UTF_8);
    byte[] right = signature(room, recording, until).getBytes(StandardCharsets.UTF_8);
    return MessageDigest.isEqual(signature, right) && clock.instant().getEpochSecond() < until;
  }

  private String signature(RoomId room, RecordingId recording, long until) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      String text = room + "/" + recording + "/" + until;
      byte[] hash = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
