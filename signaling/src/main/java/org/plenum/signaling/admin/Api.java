package org.plenum.signaling.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.live.Recordings;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.TrackId;
import org.plenum.signaling.data.NotStoredException;
import org.plenum.signaling.protocol.InvalidMessageException;
import org.plenum.signaling.protocol.UnfinishedBodyException;
import org.plenum.signaling.session.Signaling;
import org.plenum.signaling.session.SignalingCounter;
import org.plenum.signaling.token.AccessException;
import org.plenum.signaling.token.LiveRooms;
import org.plenum.signaling.webhook.Journal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// Routes a request and answers it. Any thread; blocks while rooms answer.
public final class Api {
  /// Where it is served.
  public static final String PATH = "/api/v1";

  private static final Logger LOG = LoggerFactory.getLogger(Api.class);

  private final Signaling signaling;
  private final RoomResource rooms;
  private final ParticipantResource participants;
  private final InvitationResource invitations;
  private final WaitingResource waiting;
  private final BreakoutResource breakouts;
  private final BroadcastResource broadcasts;
  private final RecordingResource recordings;
  private final EventResource events;
  private final NodeResource nodes;
  private final String openApi = openApi();

  /// @param recordings null: this server keeps none
  public Api(
      Signaling signaling, LiveRooms live, @Nullable Recordings recordings, Journal journal) {
    this.signaling = signaling;
    this.events = new EventResource(journal);
    this.rooms = new RoomResource(signaling);
    this.nodes = new NodeResource(rooms);
    this.invitations = new InvitationResource(signaling, signaling.clock());
    this.waiting = new WaitingResource(signaling);
    this.breakouts = new BreakoutResource(signaling, rooms);
    this.broadcasts = new BroadcastResource(live, rooms);
    this.recordings = new RecordingResource(recordings, rooms);
    this.participants = new ParticipantResource(signaling, rooms);
  }

  /// From now on this server is a node of a cluster.
  public void begin(NodeActions cluster) {
    nodes.begin(cluster);
  }

  /// Never throws.
  public ApiReply answer(ApiRequest request) {
    try {
      if (request.path().equals(List.of("openapi.json"))) {
        requireMethod(request, "GET");
        return new ApiReply(200, java.util.Map.of(), "application/json", openApi);
      }
      return route(Caller.of(signaling, request), request);
    } catch (AccessException e) {
      signaling.counters().count(SignalingCounter.REFUSED_TOKENS);
      return ApiRefusal.of(e);
    } catch (InvalidMessageException e) {
      return ApiRefusal.of(e);
    } catch (RefusedException e) {
      return ApiRefusal.of(e);
    } catch (NotStoredException e) {
      return ApiRefusal.of(e);
    } catch (UnfinishedBodyException e) {
      return ApiReply.of(e.problem());
    } catch (ApiRefusal e) {
      return e.reply();
    } catch (RuntimeException e) {
      logFault(request.path(), e);
      return new ApiRefusal(500, "Internal Server Error", "the server failed at this request")
          .reply();
    }
  }

  /// As much of `rooms/{room}/participants/{participant}` as the path has.
  private static void logFault(List<String> path, RuntimeException fault) {
    LoggingEventBuilder line = LOG.atError().setCause(fault);
    if (path.size() > 1) {
      line = line.addKeyValue("room", path.get(1));
    }
    if (path.size() > 3) {
      line = line.addKeyValue("participant", path.get(3));
    }
    line.log("a request to the API failed");
  }

  private ApiReply route(Caller caller, ApiRequest request) {
    List<String> path = request.path();
    String first = path.isEmpty() ? "" : path.getFirst();
    if (first.equals("server") && path.size() == 1) {
      requireMethod(request, "GET");
      return server();
    }
    if (first.equals("events") && path.size() == 1) {
      requireMethod(request, "GET");
      return events.list(caller, request.query(EventResource.PARAMETERS));
    }
    if (first.equals("nodes") && path.size() == 1) {
      requireMethod(request, "GET");
      return nodes.list(caller);
    }
    if (first.equals("nodes") && path.size() == 3 && path.get(2).equals("drain")) {
      requireMethod(request, "POST");
      return nodes.drain(caller);
    }
    if (!first.equals("rooms")) {
      throw ApiRefusal.notFound("there is nothing here; openapi.json says what there is");
    }
    if (path.size() == 1) {
      requireMethod(request, "GET");
      return rooms.list(caller, request.query(Page.PARAMETERS));
    }
    return room(caller, request, id("room", path.get(1), RoomId::new));
  }

  private ApiReply room(Caller caller, ApiRequest request, RoomId room) {
    List<String> path = request.path();
    if (path.size() == 2) {
      return switch (request.method()) {
        case "GET" -> rooms.show(caller, room);
        case "PUT" -> rooms.create(caller, room, request);
        case "PATCH" -> rooms.change(caller, room, request);
        case "DELETE" -> rooms.close(caller, room);
        default -> throw ApiRefusal.notAllowed("GET, PUT, PATCH, DELETE");
      };
    }
    if (path.size() == 3 && path.get(2).equals("messages")) {
      requireMethod(request, "POST");
      return rooms.send(caller, room, request);
    }
    if (path.size() == 3 && path.get(2).equals("move")) {
      requireMethod(request, "POST");
      return nodes.move(caller, room, request);
    }
    if (path.get(2).equals("invitations")) {
      return invitation(caller, request, room);
    }
    if (path.get(2).equals("waiting")) {
      return waiting(caller, request, room);
    }
    if (path.get(2).equals("breakouts")) {
      return breakouts(caller, request, room);
    }
    if (path.size() == 3 && path.get(2).equals("broadcast")) {
      return switch (request.method()) {
        case "GET" -> broadcasts.show(caller, room);
        case "POST" -> broadcasts.start(caller, room, request);
        case "DELETE" -> broadcasts.stop(caller, room);
        default -> throw ApiRefusal.notAllowed("GET, POST, DELETE");
      };
    }
    if (path.size() == 3 && path.get(2).equals("recording")) {
      return switch (request.method()) {
        case "GET" -> recordings.show(caller, room);
        case "POST" -> recordings.start(caller, room, request);
        case "DELETE" -> recordings.stop(caller, room);
        default -> throw ApiRefusal.notAllowed("GET, POST, DELETE");
      };
    }
    if (!path.get(2).equals("participants")) {
      throw ApiRefusal.notFound(
          "a room has participants, waiting, breakouts, messages, invitations, a broadcast and a"
              + " recording");
    }
    if (path.size() == 3) {
      requireMethod(request, "GET");
      return participants.list(caller, room, request.query(Page.PARAMETERS));
    }
    return participant(caller, request, room, id("participant", path.get(3), ParticipantId::new));
  }

  private ApiReply waiting(Caller caller, ApiRequest request, RoomId room) {
    List<String> path = request.path();
    if (path.size() == 3) {
      return switch (request.method()) {
        case "GET" -> waiting.list(caller, room);
        case "POST" -> waiting.admit(caller, room, request);
        case "DELETE" -> waiting.refuseAll(caller, room);
        default -> throw ApiRefusal.notAllowed("GET, POST, DELETE");
      };
    }
    if (path.size() > 4) {
      throw ApiRefusal.notFound("there is nothing below somebody who waits");
    }
    requireMethod(request, "DELETE");
    return waiting.refuse(caller, room, path.get(3));
  }

  private ApiReply breakouts(Caller caller, ApiRequest request, RoomId room) {
    List<String> path = request.path();
    if (path.size() == 3) {
      return switch (request.method()) {
        case "GET" -> breakouts.show(caller, room);
        case "PUT" -> breakouts.make(caller, room, request);
        case "PATCH" -> breakouts.change(caller, room, request);
        case "DELETE" -> breakouts.end(caller, room);
        default -> throw ApiRefusal.notAllowed("GET, PUT, PATCH, DELETE");
      };
    }
    if (path.size() > 4 || !path.get(3).equals("messages")) {
      throw ApiRefusal.notFound("breakouts have messages");
    }
    requireMethod(request, "POST");
    return breakouts.say(caller, room, request);
  }

  private ApiReply invitation(Caller caller, ApiRequest request, RoomId room) {
    List<String> path = request.path();
    if (path.size() == 3) {
      return switch (request.method()) {
        case "GET" -> invitations.list(caller, room);
        case "POST" -> invitations.make(caller, room, request);
        default -> throw ApiRefusal.notAllowed("GET, POST");
      };
    }
    if (path.size() > 4) {
      throw ApiRefusal.notFound("there is nothing below an invitation");
    }
    requireMethod(request, "DELETE");
    return invitations.revoke(caller, room, path.get(3));
  }

  private ApiReply participant(
      Caller caller, ApiRequest request, RoomId room, ParticipantId participant) {
    List<String> path = request.path();
    if (path.size() == 4) {
      return switch (request.method()) {
        case "GET" -> participants.show(caller, room, participant);
        case "PATCH" -> participants.change(caller, room, participant, request);
        case "DELETE" -> participants.remove(caller, room, participant);
        default -> throw ApiRefusal.notAllowed("GET, PATCH, DELETE");
      };
    }
    if (path.size() == 5 && path.get(4).equals("move")) {
      requireMethod(request, "POST");
      return participants.move(caller, room, participant, request);
    }
    if (path.size() == 6 && path.get(4).equals("tracks")) {
      requireMethod(request, "PATCH");
      TrackId track = id("track", path.get(5), TrackId::new);
      return participants.silence(caller, room, participant, track, request);
    }
    throw ApiRefusal.notFound("a participant has move and tracks");
  }

  private ApiReply server() {
    String version = Api.class.getPackage().getImplementationVersion();
    var rooms = signaling.rooms().all();
    return ApiReply.json(
        200,
        JsonNodeFactory.instance
            .objectNode()
            .put("version", version == null ? "development" : version)
            .put("tokens", signaling.access().requiresTokens())
            .put("rooms", rooms.size())
            .put("participants", rooms.stream().mapToInt(room -> room.size()).sum()));
  }

  private static void requireMethod(ApiRequest request, String method) {
    if (!request.method().equals(method)) {
      throw ApiRefusal.notAllowed(method);
    }
  }

  private static <T> T id(String field, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw InvalidMessageException.of(field, e);
    }
  }

  private static String openApi() {
    try (InputStream in = Api.class.getResourceAsStream("openapi.json")) {
      if (in == null) {
        throw new IllegalStateException("openapi.json is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
