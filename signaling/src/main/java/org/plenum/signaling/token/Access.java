package org.plenum.signaling.token;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.config.ServerConfig;

/// Decides who may do what. Any thread; may block for keys.
public final class Access {
  private final @Nullable TokenVerifier verifier;
  private final Removals removals;
  private final InstantSource clock;

  private Access(@Nullable TokenVerifier verifier, long leewaySeconds, InstantSource clock) {
    this.verifier = verifier;
    this.removals = new Removals(leewaySeconds);
    this.clock = clock;
  }

  /// Throws IllegalStateException with one sentence if the key set cannot be read.
  public static Access of(ServerConfig.Auth auth, InstantSource clock) {
    if (!auth.requiresTokens()) {
      return open(clock);
    }
    List<VerificationKeys> keys = new ArrayList<>();
    keys.add(new SecretKeys(auth.keys()));
    if (!auth.jwks().isEmpty()) {
      keys.add(PublicKeys.at(auth.jwks()));
    }
    long leeway = auth.leewaySeconds();
    return new Access(new TokenVerifier(keys, leeway, clock), leeway, clock);
  }

  /// Anyone may do anything: development.
  public static Access open(InstantSource clock) {
    return new Access(null, 0, clock);
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
    Token valid = authenticate(token);
    if (!requiresTokens()) {
      return valid;
    }
    if (!valid.grants().roomJoin()) {
      throw AccessException.forbidden("the token does not grant roomJoin");
    }
    if (!room.equals(valid.grants().room())) {
      throw AccessException.forbidden("the token is for another room than " + room);
    }
    if (removals.has(room, valid, clock.instant().getEpochSecond())) {
      throw AccessException.forbidden("this participant was removed from room " + room);
    }
    return valid;
  }

  /// The token does not let its holder into this room again.
  public void remove(RoomId room, Token token) {
    removals.add(room, token, clock.instant().getEpochSecond());
  }
}
