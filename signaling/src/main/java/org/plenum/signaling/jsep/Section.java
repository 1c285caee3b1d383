package org.plenum.signaling.jsep;

import java.util.List;
import org.plenum.sfu.Codec;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Mid;
import org.plenum.sfu.Rid;
import org.plenum.signaling.sdp.Direction;
import org.plenum.signaling.sdp.ExtMap;
import org.plenum.signaling.sdp.MediaDescription;

/// What becomes of one media section of an offer.
sealed interface Section {
  MediaDescription offered();

  /// Answered with port 0.
  record Rejected(MediaDescription offered) implements Section {}

  /// @param direction ours: recvonly for a track, sendonly for a slot, or inactive
  /// @param codecs at least one
  /// @param fecPayloadType of repair packets that we may send, or [SlotParameters#NO_FEC]
  /// @param rids the encodings of a track; empty without simulcast
  record Accepted(
      MediaDescription offered,
      Mid mid,
      MediaKind kind,
      Direction direction,
      List<Codec> codecs,
      int fecPayloadType,
      List<ExtMap> extensions,
      List<Rid> rids)
      implements Section {
    public Accepted {
      codecs = List.copyOf(codecs);
      extensions = List.copyOf(extensions);
      rids = List.copyOf(rids);
    }
  }
}
