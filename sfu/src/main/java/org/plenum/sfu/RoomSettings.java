package org.plenum.sfu;

/// The bounds of a room.
///
/// @param maxParticipants hidden ones included
/// @param maxTracks published tracks per participant
/// @param maxSlots slots per participant
/// @param emptyNanos how long an empty room stays open
/// @param unusedNanos how long a room stays open that nobody ever joined
public record RoomSettings(
    int maxParticipants, int maxTracks, int maxSlots, long emptyNanos, long unusedNanos) {
  public static final RoomSettings DEFAULT =
      new RoomSettings(500, 8, 128, 60_000_000_000L, 10_000_000_000L);

  /// The same for another number of participants.
  public RoomSettings withParticipants(int most) {
    return new RoomSettings(most, maxTracks, maxSlots, emptyNanos, unusedNanos);
  }
}
