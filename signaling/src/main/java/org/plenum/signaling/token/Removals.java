package org.plenum.signaling.token;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RoomId;

/// Who was sent out of which room: their token does not let them in again before it expires, nor
/// does any other of the same identity that was issued by then. Any thread.
final class Removals {
  /// Some hours' worth of removals, at most; the oldest are forgotten first.
  static final int CAPACITY = 10_000;

  private record Removal(
      RoomId room, String digest, @Nullable String identity, long atSeconds, long untilSeconds) {
    boolean concerns(RoomId other, Token token) {
      if (!room.equals(other)) {
        return false;
      }
      boolean older = token.issuedSeconds() != null && token.issuedSeconds() <= atSeconds;
      return digest.equals(token.digest())
          || (older && identity != null && identity.equals(token.identity()));
    }
  }

  private final Deque<Removal> removals = new ArrayDeque<>();
  private final long leewaySeconds;

  Removals(long leewaySeconds) {
    this.leewaySeconds = leewaySeconds;
  }

  synchronized void add(RoomId room, Token token, long nowSeconds) {
    if (token.digest().isEmpty()) {
      return; // without tokens there is nothing to know it by
    }
    forgetExpired(nowSeconds);
    if (removals.size() == CAPACITY) {
      removals.removeFirst();
    }
    removals.addLast(
        new Removal(
            room,
            token.digest(),
            token.identity(),
            nowSeconds,
            token.expirySeconds() + leewaySeconds));
  }

  synchronized boolean has(RoomId room, Token token, long nowSeconds) {
    forgetExpired(nowSeconds);
    return removals.stream().anyMatch(removal -> removal.concerns(room, token));
  }

  private void forgetExpired(long nowSeconds) {
    removals.removeIf(removal -> removal.untilSeconds() < nowSeconds);
  }
}
