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
  private final Invitations invitations;
  private final InstantSource clock;
  private final ClockWatch watch;
  private volatile Runnable onRemoval = () -> {};

  private Access(
      @Nullable TokenVerifier verifier,
      Removals removals,
      Invitations invitations,
      InstantSource clock) {
    this.invitations = invitations;
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
    long now = clock.instant().getEpochSecond();
    Removals removals = Removals.open(leeway, data, now);
    var invitations = new Invitations(data, now);
    return new Access(new TokenVerifier(keys, leeway, clock), removals, invitations, clock);
  }

  /// Anyone may do anything: development.
  public static Access open(InstantSource clock) {
    return new Access(null, Removals.open(0, null, 0), new Invitations(null, 0), clock);
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
    return Invitation.isMark(token)
        ? invitations.verify(token, clock.instant().getEpochSecond())
        : verifier.verify(token);
  }

  public Invitations invitations() {
    return invitations;
  }

  /// How somebody was let in.
  ///
  /// @param pass the guest's own token, in place of the invitation's that they came with; or null
  public record Entry(Token token, @Nullable String pass) {
    /// Without the pass: it must never get into a log.
    @Override
    public String toString() {
      return "Entry[token=" + token + "]";
    }
  }

  /// Lets in whoever may enter this room; an invitation counts one guest more. Throws
  /// AccessException. Whoever does not get in after all is to be withdrawn.
  public Entry enter(@Nullable String token, RoomId room) {
    if (token == null || !requiresTokens() || !Invitation.isInvite(token)) {
      return new Entry(admit(token, room), null);
    }
    admitted(authenticate(token), room);
    String pass = invitations.enter(token, clock.instant().getEpochSecond());
    return new Entry(authenticate(pass), pass);
  }

  /// Whoever may enter this room, but waits at its door: an invitation counts no guest yet. Throws
  /// AccessException.
  public Token knock(@Nullable String token, RoomId room) {
    return admitted(authenticate(token), room);
  }

  /// Lets in who has knocked: the token counts as of then, but a removal since holds. Throws
  /// AccessException.
  ///
  /// @param knocked what [#knock] returned for this token
  public Entry enterFromDoor(Token knocked, @Nullable String token, RoomId room) {
    return token != null && requiresTokens() && Invitation.isInvite(token)
        ? enter(token, room)
        : new Entry(admitted(knocked, room), null);
  }

  /// Somebody did not get in after all.
  public void withdraw(Entry entry) {
    if (entry.pass() != null) {
      invitations.withdraw(entry.pass());
    }
  }

  /// Whoever may enter this room; throws AccessException. Not by an invitation: of that [#enter]
  /// makes a guest's pass.
  public Token admit(@Nullable String token, RoomId room) {
    if (requiresTokens() && token != null && Invitation.isInvite(token)) {
      throw AccessException.forbidden("an invitation is good for hello alone; send its pass");
    }
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
    return admitted(
        Invitation.isMark(token)
            ? invitations.verify(token, thenSeconds)
            : verifier.verify(token, thenSeconds),
        room);
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
    try {
      removals.add(room, token, clock.instant().getEpochSecond());
    } finally {
      onRemoval.run();
    }
  }

  /// Told of each removal, before whoever asked for it hears that it is done; may block.
  public void onRemoval(Runnable listener) {
    onRemoval = listener;
  }

  /// All removals that hold, as text.
  public String removals() {
    return removals.text();
  }

  /// Those of another node hold here too. Lines that cannot be read are left out.
  public void addRemovals(String text) {
    removals.addAll(text);
  }

  /// The time by which removals are forgotten; the beginning of time if there is no telling it.
  private long forgettingSeconds() {
    return watch.hasJumped() ? 0 : clock.instant().getEpochSecond();
  }
}
