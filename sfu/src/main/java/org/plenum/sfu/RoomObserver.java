package org.plenum.sfu;

/// Sees what happens in a room, hidden participants included. Called on the room's worker thread:
/// it must neither block nor throw.
@FunctionalInterface
public interface RoomObserver {
  /// Called once, after everything else.
  void onClosed(RoomId room);

  default void onJoined(RoomId room, ParticipantDetails participant) {}

  /// Its tracks were unpublished before.
  default void onLeft(RoomId room, ParticipantDetails participant, LeaveReason reason) {}

  default void onPublished(RoomId room, ParticipantDetails publisher, TrackInfo track) {}

  default void onUnpublished(RoomId room, ParticipantDetails publisher, TrackInfo track) {}
}
