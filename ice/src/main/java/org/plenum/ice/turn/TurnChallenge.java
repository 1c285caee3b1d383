package org.plenum.ice.turn;

import java.lang.foreign.MemorySegment;
import org.ice4j.attribute.ErrorCodeAttribute;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.port.TurnDoor;

/// Asks who comes over TCP to use the TURN server for a user name, which tells the worker that they
/// belong to; that one checks the password. Owned by the listener's thread.
public final class TurnChallenge implements TurnDoor {
  private final Nonces nonces;

  /// @param secret the one that the workers' servers have
  public TurnChallenge(TurnSecret secret) {
    nonces = new Nonces(secret);
  }

  @Override
  public @Nullable String user(MemorySegment bytes, long offset, int length) {
    if (!TurnServer.isRequest(bytes, offset, length)) {
      return null;
    }
    TurnUsername user = TurnUsername.in(bytes, offset, length);
    return user == null ? null : TurnUsername.expected(user.identity());
  }

  @Override
  public byte @Nullable [] challenge(
      MemorySegment bytes, long offset, int length, NetworkPath from, long nowNanos) {
    TurnRequest request =
        TurnServer.isRequest(bytes, offset, length)
            ? TurnRequest.read(bytes, offset, length)
            : null;
    return request == null
        ? null
        : TurnResponse.challenge(
            request, ErrorCodeAttribute.UNAUTHORIZED, nonces.make(from, nowNanos));
  }
}
