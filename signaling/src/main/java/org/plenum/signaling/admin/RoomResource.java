package org.plenum.signaling.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomSettings;
import org.plenum.signaling.protocol.ClientMessage;
import org.plenum.signaling.protocol.CodecNames;
import org.plenum.signaling.protocol.InvalidMessageException;
import org.plenum.signaling.protocol.JsonFields;
import org.plenum.signaling.protocol.PathSegment;
import org.plenum.signaling.protocol.RoomRules;
import org.plenum.signaling.session.BreakoutRooms;
import org.plenum.signaling.session.OpenRoom;
import org.plenum.signaling.session.RoomAnswers;
import org.plenum.signaling.session.RoomEgress;
import org.plenum.signaling.session.RoomSpec;
import org.plenum.signaling.session.Signaling;

/// `/rooms` and `/rooms/{room}`.
final class RoomResource {
  private static final int MAX_METADATA = 4096;
  private static final int MAX_EMPTY_SECONDS = 86_400;

  private final Signaling signaling;

  RoomResource(Signaling signaling) {
    this.signaling = signaling;
  }

  ApiReply list(Caller caller, Map<String, String> query) {
    caller.requireList();
    return ApiReply.json(
        200,
        Page.of(query)
            .of(
                "rooms",
                signaling.rooms().all(),
                room -> room.instance().id().value(),
                this::view));
  }

  ApiReply show(Caller caller, RoomId id) {
    caller.requireView(id);
    return ApiReply.json(200, view(find(id)));
  }

  private ObjectNode view(OpenRoom room) {
    ObjectNode json = Views.room(room);
    if (room.isBreakout()) {
      return json.put("main", room.home().instance().id().value());
    }
    ArrayNode list = json.putArray("breakouts");
    for (BreakoutRooms.Breakout each : signaling.breakouts().state(room).rooms()) {
      OpenRoom open = signaling.rooms().find(each.room());
      list.addObject()
          .put("room", each.room().value())
          .put("title", each.title())
          .put("participants", open == null ? 0 : open.size());
    }
    return json;
  }

  /// Repeating the request changes nothing; asking for other properties of an open room is a
  /// conflict.
  ApiReply create(Caller caller, RoomId id, ApiRequest request) {
    caller.requireCreate();
    JsonFields fields =
        request.fields("maxParticipants", "emptySeconds", "metadata", "codecs", "p2p", "rules");
    RoomSpec spec = spec(fields);
    JsonFields rules = fields.optionalObject("rules");
    boolean isOpen = signaling.rooms().find(id) != null;
    OpenRoom room = signaling.rooms().make(id, spec);
    RoomRules wanted = rules == null ? room.rules() : room.rules().with(rules);
    if (!isOpen && !wanted.equals(room.rules())) {
      signaling.rules(room, wanted);
    }
    if (!room.spec().isLike(spec) || !wanted.equals(room.rules())) {
      throw new ApiRefusal(409, "Conflict", "room " + id + " is open with other settings");
    }
    return ApiReply.json(isOpen ? 200 : 201, view(room))
        .with("Location", "/api/v1/rooms/" + PathSegment.encode(id));
  }

  ApiReply change(Caller caller, RoomId id, ApiRequest request) {
    caller.requireAdmin(id);
    OpenRoom room = find(id).home();
    JsonFields fields = request.fields("locked", "p2p", "rules");
    JsonFields rules = fields.optionalObject("rules");
    Boolean locked = fields.optionalFlag("locked");
    Boolean direct = fields.optionalFlag("p2p");
    if (rules == null && locked == null && direct == null) {
      throw new InvalidMessageException("locked", "is missing, and so are p2p and rules");
    }
    RoomRules wanted = rules == null ? room.rules() : room.rules().with(rules);
    if (direct != null) {
      signaling.rooms().allowDirect(room, direct);
    }
    if (locked != null) {
      signaling.rooms().lock(room, locked);
      signaling.hosting().tell(room);
    }
    if (!wanted.equals(room.rules())) {
      signaling.rules(room, wanted);
    }
    return ApiReply.json(200, view(room));
  }

  ApiReply close(Caller caller, RoomId id) {
    caller.requireEnd(id);
    signaling.rooms().close(find(id));
    return ApiReply.empty(204);
  }

  ApiReply send(Caller caller, RoomId id, ApiRequest request) {
    caller.requireAdmin(id);
    OpenRoom room = find(id);
    JsonFields fields = request.fields("to", "topic", "text");
    ParticipantId to = fields.optionalParsed("to", ParticipantId::new);
    String topic = Objects.requireNonNullElse(fields.optionalText("topic"), "");
    int reached =
        RoomAnswers.await(
            room.handle()
                .send(
                    null,
                    to,
                    bounded("topic", topic, 0, ClientMessage.Message.MAX_TOPIC),
                    ClientMessage.Message.text(topic, fields.text("text"))));
    return ApiReply.json(200, JsonNodeFactory.instance.objectNode().put("recipients", reached));
  }

  /// What leaves a room has begun or ended; nothing is left to be said of one that has closed.
  void egress(RoomId id, UnaryOperator<RoomEgress> change) {
    OpenRoom room = signaling.rooms().find(id);
    if (room != null) {
      signaling.rooms().egress(room, change);
    }
  }

  /// Throws ApiRefusal if it is not open.
  OpenRoom find(RoomId id) {
    OpenRoom room = signaling.rooms().find(id);
    if (room == null) {
      throw ApiRefusal.notFound("room " + id + " is not open");
    }
    return room;
  }

  private RoomSpec spec(JsonFields fields) {
    RoomSettings usual = signaling.rooms().usual().settings();
    int participants =
        fields.integer("maxParticipants", 1, usual.maxParticipants(), usual.maxParticipants());
    long seconds =
        fields.integer(
            "emptySeconds",
            10,
            MAX_EMPTY_SECONDS,
            (int) TimeUnit.NANOSECONDS.toSeconds(usual.emptyNanos()));
    long nanos = TimeUnit.SECONDS.toNanos(seconds);
    String metadata = Objects.requireNonNullElse(fields.optionalText("metadata"), "");
    List<CodecName> codecs =
        fields.optionalParsed("codecs", CodecName.values().length, CodecNames::parse);
    return new RoomSpec(
        // Made by the API, it waits for its first participant as long as for the next.
        new RoomSettings(
            participants,
            usual.maxTracks(),
            usual.maxSlots(),
            nanos,
            nanos,
            Objects.requireNonNullElse(codecs, usual.codecs()),
            fields.flag("p2p", usual.direct())),
        bounded("metadata", metadata, 0, MAX_METADATA),
        true);
  }

  private static String bounded(String field, String text, int least, int most) {
    if (text.length() < least || text.length() > most) {
      throw new InvalidMessageException(
          field, "must have " + least + " to " + most + " characters, not " + text.length());
    }
    return text;
  }
}
