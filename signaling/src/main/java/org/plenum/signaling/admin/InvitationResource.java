package org.plenum.signaling.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.ShownText;
import org.plenum.sfu.TrackSource;
import org.plenum.signaling.data.NotStoredException;
import org.plenum.signaling.protocol.JsonFields;
import org.plenum.signaling.protocol.PathSegment;
import org.plenum.signaling.protocol.WireNames;
import org.plenum.signaling.session.Signaling;
import org.plenum.signaling.session.SignalingCounter;
import org.plenum.signaling.token.Invitation;
import org.plenum.signaling.token.Invitations;

/// `/rooms/{room}/invitations` and what is below it. The room need not be open.
final class InvitationResource {
  private static final int LEAST_SECONDS = 60;
  private static final int MOST_SECONDS = 30 * 86_400;
  private static final int USUAL_SECONDS = 86_400;

  private final Signaling signaling;
  private final InstantSource clock;

  InvitationResource(Signaling signaling, InstantSource clock) {
    this.signaling = signaling;
    this.clock = clock;
  }

  ApiReply list(Caller caller, RoomId room) {
    caller.requireAdmin(room);
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    var list = json.putArray("invitations");
    invitations().of(room, now()).forEach(each -> list.add(view(each)));
    return ApiReply.json(200, json);
  }

  ApiReply make(Caller caller, RoomId room, ApiRequest request) {
    caller.requireAdmin(room);
    JsonFields fields =
        request.fields("name", "publish", "subscribe", "messages", "seconds", "once");
    var wish =
        new Invitation.Wish(
            fields.optionalParsed("name", ShownText::name),
            fields.has("publish")
                ? ParticipantResource.sources(fields, "publish")
                : Set.of(TrackSource.values()),
            fields.flag("subscribe", true),
            fields.flag("messages", true),
            fields.integer("seconds", LEAST_SECONDS, MOST_SECONDS, USUAL_SECONDS),
            fields.flag("once", false));
    if (!signaling.access().requiresTokens()) {
      throw new ApiRefusal(
          409, "Conflict", "this server asks for no tokens: the room's address lets anybody in");
    }
    Invitation made = counted(() -> invitations().make(room, wish, now()));
    if (made == null) {
      throw new ApiRefusal(
          409,
          "Conflict",
          "there are too many invitations, in this room (at most %d) or in all: take some back"
              .formatted(Invitations.MOST_OF_ROOM));
    }
    String path = "/api/v1/rooms/" + PathSegment.encode(room) + "/invitations/" + made.id();
    return ApiReply.json(201, view(made)).with("Location", path);
  }

  ApiReply revoke(Caller caller, RoomId room, String id) {
    caller.requireAdmin(room);
    boolean revoked = counted(() -> invitations().revoke(room, id));
    if (!revoked) {
      throw ApiRefusal.notFound("room " + room + " has no such invitation");
    }
    return ApiReply.empty(204);
  }

  private <T> T counted(java.util.function.Supplier<T> change) {
    try {
      return change.get();
    } catch (NotStoredException e) {
      signaling.counters().count(SignalingCounter.NOT_STORED);
      throw e;
    }
  }

  private Invitations invitations() {
    return signaling.access().invitations();
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }

  private static ObjectNode view(Invitation invitation) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("invitation", invitation.id())
            .put("room", invitation.room().value())
            .put("name", invitation.name());
    var publish = json.putArray("publish");
    invitation.publish().stream().sorted().map(WireNames::of).forEach(publish::add);
    return json.put("subscribe", invitation.subscribe())
        .put("messages", invitation.messages())
        .put("created", Instant.ofEpochSecond(invitation.createdSeconds()).toString())
        .put("expires", Instant.ofEpochSecond(invitation.expirySeconds()).toString())
        .put("once", invitation.once())
        .put("used", invitation.used())
        .put("token", invitation.token());
  }
}
