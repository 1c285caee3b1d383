package org.plenum.signaling.token;

import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RoomId;

/// Somebody was sent out of a room.
///
/// @param digest of the token that let them in
/// @param identity what the token said of them, or null
/// @param atSeconds since the epoch
/// @param untilSeconds since the epoch: the token is of no use any longer
record Removal(
    RoomId room, String digest, @Nullable String identity, long atSeconds, long untilSeconds) {
  /// Whether a token is the one, or another of that identity which was issued by then.
  boolean concerns(RoomId other, Token token) {
    if (!room.equals(other)) {
      return false;
    }
    boolean older = token.issuedSeconds() != null && token.issuedSeconds() <= atSeconds;
    return digest.equals(token.digest())
        || (older && identity != null && identity.equals(token.identity()));
  }
}
