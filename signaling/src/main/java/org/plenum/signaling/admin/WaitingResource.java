package org.plenum.signaling.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.protocol.InvalidMessageException;
import org.plenum.signaling.protocol.JsonFields;
import org.plenum.signaling.session.Knock;
import org.plenum.signaling.session.OpenRoom;
import org.plenum.signaling.session.Signaling;

/// `/rooms/{room}/waiting` and what is below it: who waits to be let in. The room need not be open.
final class WaitingResource {
  /// As many as may wait at once.
  private static final int MOST = 100;

  private final Signaling signaling;

  WaitingResource(Signaling signaling) {
    this.signaling = signaling;
  }

  ApiReply list(Caller caller, RoomId room) {
    caller.requireAdmin(room);
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    var list = json.putArray("waiting");
    for (Knock knock : signaling.waiting(room)) {
      list.addObject()
          .put("waiting", knock.id())
          .put("name", knock.name())
          .put("identity", knock.identity())
          .put("since", knock.since().toString());
    }
    return ApiReply.json(200, json);
  }

  /// Lets in one, some by their ids or by a name, or all.
  ApiReply admit(Caller caller, RoomId room, ApiRequest request) {
    caller.requireAdmin(room);
    JsonFields fields = request.fields("waiting", "name", "all");
    Predicate<Knock> wanted = wanted(fields);
    OpenRoom open = signaling.rooms().find(room);
    if (open != null && open.isLocked()) {
      throw new ApiRefusal(409, "Conflict", "room " + room + " is locked: unlock it first");
    }
    return counted("admitted", signaling.letIn(room, wanted));
  }

  /// Sends one away who waits.
  ApiReply refuse(Caller caller, RoomId room, String id) {
    caller.requireAdmin(room);
    if (signaling.sendAway(room, knock -> knock.id().equals(id)) == 0) {
      throw ApiRefusal.notFound("nobody of that id waits to be let into room " + room);
    }
    return ApiReply.empty(204);
  }

  /// Sends all away who wait.
  ApiReply refuseAll(Caller caller, RoomId room) {
    caller.requireAdmin(room);
    return counted("refused", signaling.sendAway(room, _ -> true));
  }

  private static Predicate<Knock> wanted(JsonFields fields) {
    @Nullable String name = fields.optionalText("name");
    if (fields.flag("all", false)) {
      return _ -> true;
    }
    if (name != null) {
      return knock -> knock.name().equals(name);
    }
    List<String> ids = fields.texts("waiting", MOST);
    if (ids.isEmpty()) {
      throw new InvalidMessageException("waiting", "is missing, and so are name and all");
    }
    Set<String> named = new HashSet<>(ids);
    return knock -> named.contains(knock.id());
  }

  private static ApiReply counted(String what, int count) {
    return ApiReply.json(200, JsonNodeFactory.instance.objectNode().put(what, count));
  }
}
