package org.plenum.signaling.store;

import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.token.Token;

/// Whether the rules of a room let somebody store something in it now. May block. Any thread.
@FunctionalInterface
public interface RoomRulesNow {
  /// What somebody wants to.
  enum Wish {
    RECORD,
    SEND_FILES
  }

  /// @param token by which they were admitted
  /// @param bearer the same as it came; null if there was none
  boolean allow(Wish wish, RoomId room, Token token, @Nullable String bearer);
}
