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
    return ApiReply.json(
        200,
        Page.of(query)
            .of("participants", all(rooms.find(room)), each -> each.id().value(), this::view));
  }

  ApiReply show(Caller caller, RoomId room, ParticipantId id) {
    caller.requireView(room);
    OpenRoom open = rooms.find(room);
    find(open, id);
    ParticipantStatistics before = RoomAnswers.await(open.handle().statistics(id));
    pause();
    ParticipantStatistics now = RoomAnswers.await(open.handle().statistics(id));
    ParticipantDetails found = find(open, id);
    ObjectNode json = view(found);
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

  ApiReply permit(Caller caller, RoomId room, ParticipantId id, ApiRequest request) {
    caller.requireAdmin(room);
    OpenRoom open = rooms.find(room);
    JsonFields wanted = request.fields("permissions").optionalObject("permissions");
    if (wanted == null) {
      throw new InvalidMessageException("permissions", "is missing");
    }
    wanted.only("publish", "subscribe", "messages");
    Permissions before = find(open, id).permissions();
    var permissions =
        new Permissions(
            wanted.has("publish") ? sources(wanted) : before.publish(),
            wanted.flag("subscribe", before.subscribe()));
    Boolean messages = wanted.optionalFlag("messages");
    ParticipantDetails now = RoomAnswers.await(open.handle().permit(id, permissions));
    if (messages != null) {
      signaling.maySendMessages(id, messages);
    }
    return ApiReply.json(200, view(now));
  }

  ApiReply remove(Caller caller, RoomId room, ParticipantId id) {
    caller.requireAdmin(room);
    OpenRoom open = rooms.find(room);
    find(open, id);
    signaling.remove(open, id);
    return ApiReply.empty(204);
  }

  ApiReply silence(
      Caller caller, RoomId room, ParticipantId id, TrackId track, ApiRequest request) {
    caller.requireAdmin(room);
    boolean silenced = request.fields("silenced").flag("silenced");
    return ApiReply.json(
        200, view(RoomAnswers.await(rooms.find(room).handle().silence(id, track, silenced))));
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

  private ObjectNode view(ParticipantDetails participant) {
    return Views.participant(participant, signaling.maySendMessages(participant.id()));
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

  private static Set<TrackSource> sources(JsonFields fields) {
    Set<TrackSource> sources = EnumSet.noneOf(TrackSource.class);
    for (String name : fields.texts("publish", TrackSource.values().length)) {
      sources.add(source(name));
    }
    return sources;
  }

  private static TrackSource source(String name) {
    TrackSource found =
        Arrays.stream(TrackSource.values())
            .filter(source -> WireNames.of(source).equals(name))
            .findFirst()
            .orElse(null);
    if (found == null) {
      throw new InvalidMessageException(
          "permissions.publish", "must name microphone, camera, screen or screen-audio");
    }
    return found;
  }
}
