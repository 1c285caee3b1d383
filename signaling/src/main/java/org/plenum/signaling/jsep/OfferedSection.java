package org.plenum.signaling.jsep;

import org.jspecify.annotations.Nullable;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Mid;
import org.plenum.signaling.sdp.Direction;
import org.plenum.signaling.sdp.MediaDescription;

/// One media section of an offer, its identity checked.
///
/// @param mid null only where the offer itself rejects the section
/// @param kind null for what we never accept (m=application, …)
/// @param direction as the client sees it
record OfferedSection(
    MediaDescription media, @Nullable Mid mid, @Nullable MediaKind kind, Direction direction) {
  /// Whether there is something to accept at all.
  boolean isLive() {
    return kind != null && mid != null && !media.isRejected();
  }

  boolean isTrack() {
    return isLive() && direction.sends();
  }

  boolean isSlot() {
    return isLive() && direction == Direction.RECVONLY;
  }
}
