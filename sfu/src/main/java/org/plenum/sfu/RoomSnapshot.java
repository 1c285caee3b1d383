package org.plenum.sfu;

import java.util.List;
import java.util.Set;

/// A room as one participant may see it.
///
/// @param participants everyone else who is not hidden, in order of joining
/// @param slots this participant's slots as they are bound now
/// @param hiddenCount how many hidden viewers there are
/// @param silenced the sources of this participant that a moderator muted
/// @param observation whether the room is broadcast or recorded
public record RoomSnapshot(
    List<ParticipantInfo> participants,
    List<SlotBinding> slots,
    int hiddenCount,
    Set<TrackSource> silenced,
    Observation observation) {
  public RoomSnapshot {
    participants = List.copyOf(participants);
    slots = List.copyOf(slots);
    silenced = Set.copyOf(silenced);
  }

  /// Of somebody whom no moderator muted, in a room that nobody observes.
  public RoomSnapshot(
      List<ParticipantInfo> participants, List<SlotBinding> slots, int hiddenCount) {
    this(participants, slots, hiddenCount, Set.of(), Observation.NONE);
  }
}
