package org.plenum.sfu;

import java.util.List;
import java.util.Set;

/// A participant as others are told of it.
///
/// @param name what to show; a line of up to 64 code points
/// @param silenced the sources that a moderator muted, published or not
public record ParticipantInfo(
    ParticipantId id, String name, List<TrackInfo> tracks, Set<TrackSource> silenced) {
  public ParticipantInfo {
    tracks = List.copyOf(tracks);
    silenced = Set.copyOf(silenced);
  }

  /// Somebody whom no moderator muted.
  public ParticipantInfo(ParticipantId id, String name, List<TrackInfo> tracks) {
    this(id, name, tracks, Set.of());
  }
}
