package org.plenum.sfu;

import java.util.List;

/// A room as one participant may see it.
///
/// @param participants everyone else who is not hidden, in order of joining
/// @param slots this participant's slots as they are bound now
/// @param hiddenCount how many hidden viewers there are
public record RoomSnapshot(
    List<ParticipantInfo> participants, List<SlotBinding> slots, int hiddenCount) {
  public RoomSnapshot {
    participants = List.copyOf(participants);
    slots = List.copyOf(slots);
  }
}
