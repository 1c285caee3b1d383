package org.plenum.signaling.whip;

import java.util.Locale;
import org.plenum.signaling.jsep.OneWayOffer;

/// The two ways in by HTTP; their requests differ only in which way media goes.
public enum WhipProtocol {
  /// Publishes (RFC 9725).
  WHIP,
  /// Views (draft-ietf-wish-whep).
  WHEP;

  /// As it stands in paths and metrics.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Viewers are counted, not shown.
  boolean isHidden() {
    return this == WHEP;
  }

  OneWayOffer read(String sdp) {
    return switch (this) {
      case WHIP -> OneWayOffer.publishing(sdp);
      case WHEP -> OneWayOffer.viewing(sdp);
    };
  }
}
