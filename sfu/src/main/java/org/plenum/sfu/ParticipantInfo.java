package org.plenum.sfu;

import java.util.List;

/// A participant as others are told of it.
///
/// @param name what to show; any text of up to 64 characters
public record ParticipantInfo(ParticipantId id, String name, List<TrackInfo> tracks) {
  public ParticipantInfo {
    tracks = List.copyOf(tracks);
  }
}
