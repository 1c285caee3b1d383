package org.plenum.signaling.session;

import org.jspecify.annotations.Nullable;
import org.plenum.sfu.ParticipantId;

/// What somebody began to leave a room for other places, and nobody has ended: it goes on after a
/// restart, and where another node takes the room over.
///
/// @param broadcast as live HLS
/// @param pinned who is shown there; null: whoever speaks
/// @param recording by the server
public record RoomEgress(boolean broadcast, @Nullable ParticipantId pinned, boolean recording) {
  public static final RoomEgress NONE = new RoomEgress(false, null, false);

  public RoomEgress broadcasting(@Nullable ParticipantId shown) {
    return new RoomEgress(true, shown, recording);
  }

  public RoomEgress notBroadcasting() {
    return new RoomEgress(false, null, recording);
  }

  public RoomEgress recording(boolean on) {
    return new RoomEgress(broadcast, pinned, on);
  }
}
