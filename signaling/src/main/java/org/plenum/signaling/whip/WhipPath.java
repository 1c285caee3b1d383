package org.plenum.signaling.whip;

import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.protocol.PathSegment;

/// `/whip/{room}` or `/whip/{room}/{session}`, and the same with `/whep`; a slash may follow.
///
/// @param session null for the endpoint
record WhipPath(WhipProtocol protocol, RoomId room, @Nullable String session) {
  /// The protocol of a path, or null if it is none of ours.
  static @Nullable WhipProtocol protocol(String path) {
    for (WhipProtocol protocol : WhipProtocol.values()) {
      if (path.startsWith("/" + protocol.label() + "/")) {
        return protocol;
      }
    }
    return null;
  }

  private static String withoutTrailingSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /// Throws WhipRefusal if it names nothing.
  ///
  /// @param path percent-encoded
  static WhipPath parse(WhipProtocol protocol, String path) {
    String[] segments = withoutTrailingSlash(path).split("/", -1);
    boolean wellFormed = segments.length == 3 || (segments.length == 4 && !segments[3].isEmpty());
    if (!wellFormed) {
      String label = protocol.label();
      throw new WhipRefusal(
          WhipStatus.NOT_FOUND,
          null,
          "there are /" + label + "/{room} and /" + label + "/{room}/{session} here");
    }
    try {
      RoomId room = new RoomId(PathSegment.decode(segments[2]));
      return new WhipPath(protocol, room, segments.length == 4 ? segments[3] : null);
    } catch (IllegalArgumentException e) {
      throw new WhipRefusal(WhipStatus.NOT_FOUND, "room", String.valueOf(e.getMessage()));
    }
  }
}
