package org.plenum.signaling.token;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.clock.ClockWatch;
import org.plenum.signaling.config.ServerConfig;

/// Decides who may do what. Any thread; may block for keys.
public final class Access {
  /// How long after it let somebody in a token does so again once the server was restarted, though
  /// it has expired.
  public static final long READMISSION_SECONDS = 24 * 3600;

  private final @Nullable TokenVerifier verifier;
  private final Removals removals;
  private final InstantSource clock;
  private final ClockWatch watch;

  private Access(@Nullable TokenVerifier verifier, Removals removals, InstantSource clock) {
    this.verifier = verifier;
    this.removals = removals;
    this.clock = clock;
    this.watch = new ClockWatch(clock);
  }

  /// Throws IllegalStateException with one sentence if the key set or the directory cannot be read.
  ///
  /// @param data where removals outlive a restart; null: nowhere
  public static Access of(ServerConfig.Auth auth, @Nullable Path data, InstantSource clock) {
    return of(auth, new KeyRing(auth.keys()), data, clock);
  }

  /// With keys that may change.
  public static Access of(
      ServerConfig.Auth auth, KeyRing ring, @Nullable Path data, InstantSource clock) {
    if (!auth.requiresTokens()) {
      return open(clock);
    }
    List<VerificationKeys> keys = new ArrayList<>();
    keys.add(new SecretKeys(ring));
    if (!auth.jwks().isEmpty()) {
      keys.add(PublicKeys.at(auth.jwks()));
    }
    long leeway = auth.leewaySeconds();
    Removals removals = Removals.open(leeway, data, clock.instant().getEpochSecond());
    return new Access(new TokenVerifier(keys, leeway, clock), removals, clock);
  }

  /// Anyone may do anything: development.
  public static Access open(InstantSource clock) {
    return new Access(null, Removals.open(0, null, 0), clock);
  }

  public boolean requiresTokens() {
    return verifier != null;
  }

  /// Throws AccessException if the token is missing or not valid.
  public Token authenticate(@Nullable String token) {
    if (verifier == null) {
      return Token.OPEN;
    }
    if (token == null) {
      throw AccessException.unauthorized("a token is needed here, and there is none");
    }
    return verifier.verify(token);
  }

  /// Whoever may enter this room; throws AccessException.
  public Token admit(@Nullable String token, RoomId room) {
    return admitted(authenticate(token), room);
  }

  /// Whoever was let in before the server was restarted: the token counts as of then, but a removal
  /// since holds. Throws AccessException.
  ///
  /// @param thenSeconds since the epoch
  public Token readmit(@Nullable String token, RoomId room, long thenSeconds) {
    if (verifier == null || token == null) {
      return admit(token, room);
    }
    return admitted(verifier.verify(token, thenSeconds), room);
  }

  private Token admitted(Token valid, RoomId room) {
    if (!requiresTokens()) {
      return valid;
    }
    if (!valid.grants().roomJoin()) {
      throw AccessException.forbidden("the token does not grant roomJoin");
    }
    if (!room.equals(valid.grants().room())) {
      throw AccessException.forbidden("the token is for another room than " + room);
    }
    if (removals.has(room, valid, forgettingSeconds())) {
      throw AccessException.forbidden("this participant was removed from room " + room);
    }
    return valid;
  }

  /// The token does not let its holder into this room again, from when this returns or throws.
  /// Throws UncheckedIOException if a restart may forget it.
  public void remove(RoomId room, Token token) {
    removals.add(room, token, clock.instant().getEpochSecond());
  }

  /// The time by which removals are forgotten; the beginning of time if there is no telling it.
  private long forgettingSeconds() {
    return watch.hasJumped() ? 0 : clock.instant().getEpochSecond();
  }
}
