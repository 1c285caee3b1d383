package org.plenum.signaling.store;

import org.plenum.broadcast.live.Broadcast;
import org.plenum.broadcast.live.Broadcasts;
import org.plenum.broadcast.live.LiveRequest;
import org.plenum.sfu.RoomId;

/// Where the files of broadcasts come from. Any thread; does not block.
@FunctionalInterface
public interface LiveSource {
  /// @param reply is told once, on any thread
  void ask(RoomId room, LiveRequest request, LiveRequest.Reply reply);

  /// Those of this server alone.
  static LiveSource of(Broadcasts broadcasts) {
    return (room, request, reply) -> {
      Broadcast broadcast = broadcasts.find(room, request.path());
      if (broadcast == null) {
        reply.accept(LiveRequest.Verdict.MISSING, null);
      } else {
        broadcast.ask(request, reply);
      }
    };
  }
}
