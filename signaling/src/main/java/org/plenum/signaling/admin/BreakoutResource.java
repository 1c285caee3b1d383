package org.plenum.signaling.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.ShownText;
import org.plenum.signaling.protocol.ClientMessage;
import org.plenum.signaling.protocol.InvalidMessageException;
import org.plenum.signaling.protocol.JsonFields;
import org.plenum.signaling.protocol.ServerMessage;
import org.plenum.signaling.session.BreakoutRooms;
import org.plenum.signaling.session.OpenRoom;
import org.plenum.signaling.session.Signaling;

/// `/rooms/{room}/breakouts` and what is below it: the breakout rooms of a room, who is in them and
/// who is to be.
final class BreakoutResource {
  private static final int MOST_TITLE = 64;

  /// In one request: as many as may be in a room.
  private static final int MOST_ASSIGNMENTS = 500;

  private final Signaling signaling;
  private final RoomResource rooms;

  BreakoutResource(Signaling signaling, RoomResource rooms) {
    this.signaling = signaling;
    this.rooms = rooms;
  }

  ApiReply show(Caller caller, RoomId room) {
    caller.requireAdmin(room);
    return view(rooms.find(room));
  }

  /// Makes as many as there are titles.
  ApiReply make(Caller caller, RoomId room, ApiRequest request) {
    caller.requireAdmin(room);
    OpenRoom open = rooms.find(room);
    JsonFields fields = request.fields("titles");
    if (!fields.has("titles")) {
      throw new InvalidMessageException("titles", "is missing");
    }
    List<String> titles =
        fields.texts("titles", BreakoutRooms.MOST).stream().map(BreakoutResource::title).toList();
    signaling.breakouts().make(open, titles);
    return view(open);
  }

  /// Gives people rooms, sets the time, opens the rooms.
  ApiReply change(Caller caller, RoomId room, ApiRequest request) {
    caller.requireAdmin(room);
    OpenRoom open = rooms.find(room);
    JsonFields fields = request.fields("assignments", "random", "seconds", "open");
    boolean opens = fields.flag("open", false);
    if (fields.has("open") && !opens) {
      throw new InvalidMessageException("open", "must be true; DELETE calls everybody back");
    }
    Integer seconds =
        fields.has("seconds") ? fields.integer("seconds", 0, BreakoutRooms.MOST_SECONDS) : null;
    var change =
        new BreakoutRooms.Change(
            fields.objects("assignments", MOST_ASSIGNMENTS, BreakoutResource::assignment),
            fields.flag("random", false),
            seconds,
            opens);
    signaling.breakouts().change(open, change);
    return view(open);
  }

  /// Says something to everybody.
  ApiReply say(Caller caller, RoomId room, ApiRequest request) {
    caller.requireAdmin(room);
    OpenRoom open = rooms.find(room);
    String text = ClientMessage.Message.text("chat", request.fields("text").text("text"));
    int reached = signaling.breakouts().say(open, text);
    return ApiReply.json(200, JsonNodeFactory.instance.objectNode().put("recipients", reached));
  }

  /// Calls everybody back.
  ApiReply end(Caller caller, RoomId room) {
    caller.requireAdmin(room);
    signaling.breakouts().end(rooms.find(room));
    return ApiReply.empty(204);
  }

  private ApiReply view(OpenRoom room) {
    BreakoutRooms.State state = signaling.breakouts().state(room);
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("main", room.home().instance().id().value())
            .put("open", state.open())
            .put("secondsLeft", state.secondsLeft());
    ArrayNode list = json.putArray("rooms");
    for (BreakoutRooms.Breakout each : state.rooms()) {
      list.addObject().put("room", each.room().value()).put("title", each.title());
    }
    ArrayNode people = json.putArray("people");
    for (ServerMessage.Assigned each : state.people()) {
      RoomId assigned = each.assigned();
      people
          .addObject()
          .put("participant", each.participant().value())
          .put("name", each.name())
          .put("room", each.room().value())
          .put("assigned", assigned == null ? null : assigned.value());
    }
    return ApiReply.json(200, json);
  }

  private static BreakoutRooms.Assignment assignment(JsonFields fields) {
    fields.only("participant", "room");
    return new BreakoutRooms.Assignment(
        fields.parsed("participant", ParticipantId::new),
        fields.optionalParsed("room", RoomId::new));
  }

  private static String title(String text) {
    try {
      return ShownText.line("titles", text, MOST_TITLE);
    } catch (IllegalArgumentException e) {
      throw InvalidMessageException.of("titles", e);
    }
  }
}
