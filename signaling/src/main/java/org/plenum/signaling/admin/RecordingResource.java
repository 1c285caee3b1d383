package org.plenum.signaling.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.live.Begun;
import org.plenum.broadcast.live.Recording;
import org.plenum.broadcast.live.Recordings;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.protocol.PathSegment;
import org.plenum.signaling.session.OpenRoom;
import org.plenum.signaling.session.RoomAnswers;

/// `/rooms/{room}/recording`.
final class RecordingResource {
  private final @Nullable Recordings recordings;
  private final RoomResource rooms;

  /// @param recordings null: this server keeps none
  RecordingResource(@Nullable Recordings recordings, RoomResource rooms) {
    this.recordings = recordings;
    this.rooms = rooms;
  }

  ApiReply show(Caller caller, RoomId id) {
    caller.requireView(id);
    Recording present = recordings().find(id);
    if (present == null) {
      throw notOn(id);
    }
    return ApiReply.json(200, view(present));
  }

  /// Repeating the request begins nothing anew.
  ApiReply start(Caller caller, RoomId id, ApiRequest request) {
    caller.requireAdmin(id);
    request.fields();
    OpenRoom room = rooms.find(id);
    Begun<Recording> begun = recordings().start(room.handle(), RoomAnswers::await);
    rooms.egress(id, egress -> egress.recording(true));
    return ApiReply.json(begun.isNew() ? 201 : 200, view(begun.what()));
  }

  ApiReply stop(Caller caller, RoomId id) {
    caller.requireAdmin(id);
    if (!recordings().stop(id)) {
      throw notOn(id);
    }
    rooms.egress(id, egress -> egress.recording(false));
    return ApiReply.empty(204);
  }

  private Recordings recordings() {
    if (recordings == null) {
      throw ApiRefusal.notFound("this server keeps no recordings: data.dir is not set");
    }
    return recordings;
  }

  private static ApiRefusal notOn(RoomId id) {
    return ApiRefusal.notFound("room " + id + " is not recorded");
  }

  private static ObjectNode view(Recording recording) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("room", recording.room().value())
        .put("recording", recording.id())
        .put("started", recording.started().toString())
        .put("bytes", recording.bytes())
        .put(
            "manifest",
            "/recordings/" + PathSegment.encode(recording.room()) + "/" + recording.id());
  }
}
