package org.plenum.signaling.admin;

import org.plenum.sfu.RoomId;
import org.plenum.signaling.token.Access;
import org.plenum.signaling.token.AccessException;
import org.plenum.signaling.token.Grants;

/// Who calls the API, and what they may do. Each check throws AccessException.
final class Caller {
  private final Grants grants;
  private final boolean everything;

  private Caller(Grants grants, boolean everything) {
    this.grants = grants;
    this.everything = everything;
  }

  /// Throws AccessException if the token is missing or not valid, or if none is asked for and the
  /// request comes from elsewhere: whoever may enter any room may not yet close them all.
  static Caller of(Access access, ApiRequest request) {
    if (!access.requiresTokens() && !request.local()) {
      throw AccessException.forbidden(
          "without keys this API answers to its own host only: set auth.keys");
    }
    return new Caller(access.authenticate(request.token()).grants(), !access.requiresTokens());
  }

  void requireList() {
    require(grants.roomList(), "roomList");
  }

  void requireCreate() {
    require(grants.roomCreate(), "roomCreate");
  }

  void requireAdmin(RoomId room) {
    require(grants.roomAdmin(), "roomAdmin");
    if (!everything && !room.equals(grants.room())) {
      throw AccessException.forbidden("the token is for another room than " + room);
    }
  }

  /// Whoever may see all rooms may see each of them.
  void requireView(RoomId room) {
    if (!grants.roomList()) {
      requireAdmin(room);
    }
  }

  private static void require(boolean granted, String name) {
    if (!granted) {
      throw AccessException.forbidden("the token does not grant " + name);
    }
  }
}
