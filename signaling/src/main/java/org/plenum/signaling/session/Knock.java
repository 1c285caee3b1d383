package org.plenum.signaling.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.protocol.ClientMessage.Hello;
import org.plenum.signaling.token.Token;

/// Somebody who waits to be let into a room.
///
/// @param id by which hosts name them; never the same twice
/// @param name what hosts are shown
/// @param token with which they came, or what stands for one
/// @param guest who is let in, or sent away, when a host has decided
public record Knock(String id, RoomId room, String name, Token token, Instant since, Guest guest) {
  /// Whoever stands at the door.
  interface Guest {
    /// They wait from now on, before any host knows.
    void waits(Knock knock);

    /// Blocks until they are in, or were told why not.
    void letIn(Knock knock);

    /// Another node has the room: they are to knock there.
    void comesAgain();

    /// @param decided whether a host said so; else the meeting is over
    void sendAway(boolean decided);
  }

  static Knock of(Hello hello, Token token, Instant now, Guest guest) {
    String name = token.name() == null ? hello.name() : token.name();
    return new Knock(
        SessionToken.nextKnock(), hello.room(), name == null ? "" : name, token, now, guest);
  }

  /// Who they are by their token, or null.
  public @Nullable String identity() {
    return token.identity();
  }

  /// Without the token: it must never get into a log.
  @Override
  public String toString() {
    return "Knock[id=" + id + ", room=" + room + "]";
  }
}
