package org.plenum.signaling.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.ParticipantStatistics;
import org.plenum.sfu.Permissions;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;
import org.plenum.signaling.protocol.InvalidMessageException;
import org.plenum.signaling.protocol.JsonFields;
import org.plenum.signaling.protocol.WireNames;
import org.plenum.signaling.session.OpenRoom;
import org.plenum.signaling.session.RoomAnswers;
import org.plenum.signaling.session.Signaling;
import org.plenum.signaling.token.Token;

/// `/rooms/{room}/participants` and what is below it.
final class ParticipantResource {
  /// For which bitrates are measured.
  private static final Duration SAMPLE = Duration.ofMillis(500);

  private final Signaling signaling;
  private final RoomResource rooms;

  ParticipantResource(Signaling signaling, RoomResource rooms) {
    this.signaling = signaling;
    this.rooms = rooms;
  }

  ApiReply list(Caller caller, RoomId room, Map<String, String> query) {
    caller.requireView(room);
    OpenRoom open = rooms.find(room);
    return ApiReply.json(
        200,
        Page.of(query)
            .of("participants", all(open), each -> each.id().value(), each -> view(open, each)));
  }

  ApiReply show(Caller caller, RoomId room, ParticipantId id) {
    caller.requireView(room);
    OpenRoom open = rooms.find(room);
    find(open, id);
    ParticipantStatistics before = RoomAnswers.await(open.handle().statistics(id));
    pause();
    ParticipantStatistics now = RoomAnswers.await(open.handle().statistics(id));
    ParticipantDetails found = find(open, id);
    ObjectNode json = view(open, found);
    json.set(
        "media", new MediaView(before, now, found.quality()).json(found.path(), found.playback()));
    return ApiReply.json(200, json);
  }

  /// Between two readings: requests have virtual threads of their own.
  private static void pause() {
    try {
      Thread.sleep(SAMPLE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  ApiReply change(Caller caller, RoomId room, ParticipantId id, ApiRequest request) {
    caller.requireAdmin(room);
    OpenRoom open = rooms.find(room);
    JsonFields fields = request.fields("permissions", "silenced", "host");
    ParticipantDetails now = find(open, id);
    caller.requireOver(room, open.token(id));
    JsonFields wanted = fields.optionalObject("permissions");
    Boolean host = fields.optionalFlag("host");
    if (wanted == null && host == null && !fields.has("silenced")) {
      throw new InvalidMessageException("permissions", "is missing, and so are silenced and host");
    }
    Set<TrackSource> silenced = fields.has("silenced") ? sources(fields, "silenced") : null;
    if (wanted != null) {
      now = permit(open, now, wanted);
    }
    if (silenced != null) {
      now = signaling.rooms().silence(open, handle -> handle.silence(id, silenced));
      signaling.hosting().decided(open, now);
    }
    if (host != null) {
      makeHost(open, id, host);
      now = find(open, id);
    }
    return ApiReply.json(200, view(open, now));
  }

  private void makeHost(OpenRoom open, ParticipantId id, boolean wanted) {
    Token token = open.token(id);
    if (!signaling.access().requiresTokens()) {
      throw new ApiRefusal(409, "Conflict", "this server asks for no tokens: nobody is a host");
    }
    if (signaling.hosting().isHostByToken(token)) {
      if (!wanted) {
        throw new ApiRefusal(
            409, "Conflict", "participant " + id + " is a host by their token; remove them");
      }
      return;
    }
    if (token == null || token.identity() == null) {
      throw new ApiRefusal(
          409,
          "Conflict",
          "participant "
              + id
              + " has no identity by which a host is known again: no sub in their token");
    }
    signaling.hosting().host(open.home(), token.identity(), wanted);
  }

  private ParticipantDetails permit(OpenRoom open, ParticipantDetails before, JsonFields wanted) {
    wanted.only("publish", "subscribe", "messages");
    var permissions =
        new Permissions(
            wanted.has("publish") ? sources(wanted, "publish") : before.permissions().publish(),
            wanted.flag("subscribe", before.permissions().subscribe()));
    Boolean messages = wanted.optionalFlag("messages");
    ParticipantDetails now = signaling.hosting().permit(open, before.id(), permissions);
    if (messages != null) {
      signaling.maySendMessages(before.id(), messages);
    }
    return now;
  }

  ApiReply remove(Caller caller, RoomId room, ParticipantId id) {
    caller.requireAdmin(room);
    OpenRoom open = rooms.find(room);
    find(open, id);
    caller.requireOver(room, open.token(id));
    signaling.remove(open, id);
    return ApiReply.empty(204);
  }

  ApiReply silence(
      Caller caller, RoomId room, ParticipantId id, TrackId track, ApiRequest request) {
    caller.requireAdmin(room);
    boolean silenced = request.fields("silenced").flag("silenced");
    OpenRoom open = rooms.find(room);
    caller.requireOver(room, open.token(id));
    ParticipantDetails now =
        signaling.rooms().silence(open, handle -> handle.silence(id, track, silenced));
    signaling.hosting().decided(open, now);
    return ApiReply.json(200, view(open, now));
  }

  ApiReply move(Caller caller, RoomId room, ParticipantId id, ApiRequest request) {
    caller.requireAdmin(room);
    find(rooms.find(room), id);
    JsonFields fields = request.fields("room", "token");
    RoomId target = fields.parsed("room", RoomId::new);
    if (!signaling.move(id, target, fields.optionalText("token"))) {
      throw new ApiRefusal(
          409, "Conflict", "participant " + id + " has no WebSocket over which to be asked");
    }
    return ApiReply.empty(202);
  }

  private ObjectNode view(OpenRoom room, ParticipantDetails participant) {
    return Views.participant(
        participant,
        signaling.maySendMessages(participant.id()),
        signaling.hosting().isHost(room, participant.id()));
  }

  private static List<ParticipantDetails> all(OpenRoom room) {
    return RoomAnswers.await(room.handle().participants());
  }

  private static ParticipantDetails find(OpenRoom room, ParticipantId id) {
    return all(room).stream()
        .filter(participant -> participant.id().equals(id))
        .findFirst()
        .orElseThrow(() -> ApiRefusal.notFound("there is no participant " + id + " in the room"));
  }

  /// Throws InvalidMessageException if a name is that of no source.
  static Set<TrackSource> sources(JsonFields fields, String field) {
    Set<TrackSource> sources = EnumSet.noneOf(TrackSource.class);
    for (String name : fields.texts(field, TrackSource.values().length)) {
      sources.add(source(field, name));
    }
    return sources;
  }

  private static TrackSource source(String field, String name) {
    TrackSource found =
        Arrays.stream(TrackSource.values())
            .filter(source -> WireNames.of(source).equals(name))
            .findFirst()
            .orElse(null);
    if (found == null) {
      throw new InvalidMessageException(
          field.equals("publish") ? "permissions.publish" : field,
          "must name microphone, camera, screen or screen-audio");
    }
    return found;
  }
}
