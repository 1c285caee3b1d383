package org.plenum.signaling.sdp;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Who sends in a media section, as its writer sees it (RFC 8866 §6.7).
public enum Direction {
  SENDRECV(true, true),
  SENDONLY(true, false),
  RECVONLY(false, true),
  INACTIVE(false, false);

  private final boolean sends;
  private final boolean receives;

  Direction(boolean sends, boolean receives) {
    this.sends = sends;
    this.receives = receives;
  }

  public boolean sends() {
    return sends;
  }

  public boolean receives() {
    return receives;
  }

  /// The same, as the other side sees it (RFC 3264 §6.1).
  public Direction reversed() {
    return switch (this) {
      case SENDONLY -> RECVONLY;
      case RECVONLY -> SENDONLY;
      case SENDRECV, INACTIVE -> this;
    };
  }

  /// The direction of a section: its own, else the session's, else sendrecv.
  public static Direction of(MediaDescription media, SessionDescription session)
      throws SdpException {
    Direction own = find(media.attributes());
    if (own != null) {
      return own;
    }
    Direction inherited = find(session.attributes());
    return inherited != null ? inherited : SENDRECV;
  }

  public String attributeName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public Attribute toAttribute() {
    return Attribute.of(attributeName());
  }

  /// The direction of that name, or null.
  static @Nullable Direction named(String name) {
    for (Direction direction : values()) {
      if (direction.attributeName().equals(name)) {
        return direction;
      }
    }
    return null;
  }

  private static @Nullable Direction find(Attributes attributes) throws SdpException {
    Direction found = null;
    for (Attribute attribute : attributes.list()) {
      Direction direction = named(attribute.name());
      if (direction != null) {
        if (found != null) {
          throw attribute.error("is a second direction");
        }
        found = direction;
      }
    }
    return found;
  }
}
