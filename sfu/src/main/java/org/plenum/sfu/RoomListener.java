package org.plenum.sfu;

/// Receives the events of one participant. Called on the room's worker thread: must not block
/// and must not call back into the room synchronously.
@FunctionalInterface
public interface RoomListener {
  void onEvent(RoomEvent event);
}
