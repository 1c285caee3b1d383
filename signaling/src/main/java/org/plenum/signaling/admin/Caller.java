package org.plenum.signaling.admin;

import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.session.OpenRoom;
import org.plenum.signaling.session.Signaling;
import org.plenum.signaling.token.Access;
import org.plenum.signaling.token.AccessException;
import org.plenum.signaling.token.Grants;
import org.plenum.signaling.token.Token;

/// Who calls the API, and what they may do. Each check throws AccessException.
final class Caller {
  private final Signaling signaling;
  private final Token token;
  private final Grants grants;
  private final boolean everything;

  private Caller(Signaling signaling, Token token) {
    this.signaling = signaling;
    this.token = token;
    this.grants = token.grants();
    this.everything = !signaling.access().requiresTokens();
  }

  /// Throws AccessException if the token is missing or not valid, or if none is asked for and the
  /// request comes from elsewhere: whoever may enter any room may not yet close them all.
  static Caller of(Signaling signaling, ApiRequest request) {
    Access access = signaling.access();
    if (!access.requiresTokens() && !request.local()) {
      throw AccessException.forbidden(
          "without keys this API answers to its own host only: set auth.keys");
    }
    return new Caller(signaling, access.authenticate(request.token()));
  }

  void requireList() {
    require(grants.roomList(), "roomList");
  }

  void requireCreate() {
    require(grants.roomCreate(), "roomCreate");
  }

  /// Whoever is a host of the room: by their token, or because another host made them one.
  void requireAdmin(RoomId given) {
    RoomId room = home(given);
    if (isMadeHost(room)) {
      return;
    }
    require(grants.roomAdmin(), "roomAdmin");
    if (!everything && !room.equals(grants.room())) {
      throw AccessException.forbidden("the token is for another room than " + room);
    }
  }

  /// Whoever may close rooms, and a host of this one.
  void requireEnd(RoomId room) {
    if (!grants.roomCreate()) {
      requireAdmin(room);
    }
  }

  /// Hosts whom another host made one have no power over those who are hosts by their token.
  void requireOver(RoomId room, @Nullable Token other) {
    requireAdmin(room);
    if (!everything && !grants.roomAdmin() && signaling.hosting().isHostByToken(other)) {
      throw AccessException.forbidden("they are a host by their token, and you by a host's word");
    }
  }

  /// Whoever is a host of a main room is one of its breakout rooms.
  private RoomId home(RoomId room) {
    OpenRoom open = signaling.rooms().find(room);
    return open == null ? room : open.home().instance().id();
  }

  private boolean isMadeHost(RoomId room) {
    OpenRoom open = signaling.rooms().find(room);
    return open != null
        && grants.roomJoin()
        && room.equals(grants.room())
        && signaling.hosting().isHost(open, token);
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
