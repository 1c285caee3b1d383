package org.plenum.signaling;

import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.live.Broadcasts;
import org.plenum.broadcast.live.Recordings;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.session.OpenRoom;
import org.plenum.signaling.session.RoomAnswers;
import org.plenum.signaling.session.RoomEgress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Broadcasts and recordings go where their room goes: they end here when another node takes it
/// over, and begin anew, as further ones, where it is opened again, also after a restart. Any
/// thread; nobody waits.
final class EgressHandOver {
  private static final Logger LOG = LoggerFactory.getLogger(EgressHandOver.class);

  private final Broadcasts broadcasts;
  private final @Nullable Recordings recordings;

  /// @param recordings null: this server keeps none
  EgressHandOver(Broadcasts broadcasts, @Nullable Recordings recordings) {
    this.broadcasts = broadcasts;
    this.recordings = recordings;
  }

  /// A room is open that was open before, elsewhere or before a restart.
  void onOpenedAgain(OpenRoom room) {
    Thread.ofVirtual().name("egress").start(() -> begin(room, room.egress()));
  }

  /// Another node has the room.
  void onGivenAway(OpenRoom room) {
    Thread.ofVirtual().name("egress").start(() -> end(room.instance().id()));
  }

  private void begin(OpenRoom room, RoomEgress wanted) {
    if (wanted.broadcast()) {
      attempt(
          room,
          "broadcast",
          () -> broadcasts.start(room.handle(), RoomAnswers::await).what().pin(wanted.pinned()));
    }
    Recordings kept = recordings;
    if (wanted.recording() && kept != null) {
      attempt(room, "recording", () -> kept.start(room.handle(), RoomAnswers::await));
    }
  }

  private void end(RoomId room) {
    broadcasts.stop(room);
    if (recordings != null) {
      recordings.stop(room);
    }
  }

  private static void attempt(OpenRoom room, String what, Runnable beginning) {
    try {
      beginning.run();
      LOG.atInfo().addKeyValue("room", room.instance().id()).log("its {} goes on", what);
    } catch (RefusedException e) {
      LOG.atWarn()
          .addKeyValue("room", room.instance().id())
          .log("its {} does not go on: {}", what, e.getMessage());
      var _ =
          room.handle()
              .send(null, null, what, "The " + what + " does not go on: " + e.getMessage());
    }
  }
}
