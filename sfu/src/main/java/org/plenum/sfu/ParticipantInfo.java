package org.plenum.sfu;

import java.util.List;

/// A participant as others are told of it.
///
/// @param name what to show; a line of up to 64 code points
public record ParticipantInfo(ParticipantId id, String name, List<TrackInfo> tracks) {
  public ParticipantInfo {
    tracks = List.copyOf(tracks);
  }
}
