package org.plenum.signaling.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.plenum.broadcast.live.Begun;
import org.plenum.broadcast.live.Broadcast;
import org.plenum.broadcast.live.Broadcasts;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.protocol.PathSegment;
import org.plenum.signaling.session.OpenRoom;
import org.plenum.signaling.session.RoomAnswers;
import org.plenum.signaling.session.RoomEgress;
import org.plenum.signaling.token.LiveLinks;
import org.plenum.signaling.token.LiveRooms;

/// `/rooms/{room}/broadcast`.
final class BroadcastResource {
  private final Broadcasts broadcasts;
  private final LiveLinks links;
  private final RoomResource rooms;

  BroadcastResource(LiveRooms live, RoomResource rooms) {
    this.broadcasts = live.broadcasts();
    this.links = live.links();
    this.rooms = rooms;
  }

  ApiReply show(Caller caller, RoomId id) {
    caller.requireView(id);
    return ApiReply.json(200, view(find(id)));
  }

  /// Repeating the request begins nothing anew, but changes who is shown.
  ApiReply start(Caller caller, RoomId id, ApiRequest request) {
    caller.requireAdmin(id);
    OpenRoom room = rooms.find(id);
    ParticipantId pinned =
        request.fields("participant").optionalParsed("participant", ParticipantId::new);
    Begun<Broadcast> begun = broadcasts.start(room.handle(), RoomAnswers::await);
    begun.what().pin(pinned);
    rooms.egress(id, egress -> egress.broadcasting(pinned));
    return ApiReply.json(begun.isNew() ? 201 : 200, view(begun.what()));
  }

  ApiReply stop(Caller caller, RoomId id) {
    caller.requireAdmin(id);
    if (!broadcasts.stop(id)) {
      throw notOn(id);
    }
    rooms.egress(id, RoomEgress::notBroadcasting);
    return ApiReply.empty(204);
  }

  private Broadcast find(RoomId id) {
    Broadcast present = broadcasts.find(id);
    if (present == null || present.isEnded()) {
      throw notOn(id);
    }
    return present;
  }

  private static ApiRefusal notOn(RoomId id) {
    return ApiRefusal.notFound("room " + id + " is not broadcast");
  }

  private ObjectNode view(Broadcast broadcast) {
    ParticipantId pinned = broadcast.pinned();
    String room = PathSegment.encode(broadcast.room());
    Instant expiry = links.expiry();
    String folder = expiry == null ? null : links.folder(broadcast.room(), expiry);
    ArrayNode unseen = JsonNodeFactory.instance.arrayNode();
    broadcast.unseen().forEach(who -> unseen.add(who.value()));
    return JsonNodeFactory.instance
        .objectNode()
        .put("room", broadcast.room().value())
        .put("broadcast", broadcast.id())
        .put("started", broadcast.started().toString())
        .put("live", broadcast.isLive())
        .put("participant", pinned == null ? null : pinned.value())
        .put("playlist", "/live/" + room + (folder == null ? "" : "/" + folder) + "/index.m3u8")
        .put("watch", "/watch/" + room + (folder == null ? "" : "#" + folder))
        .put("expires", expiry == null ? null : expiry.toString())
        .set("unseen", unseen);
  }
}
