package org.plenum.signaling.whip;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.jsep.IceFragment;
import org.plenum.signaling.jsep.InvalidOfferException;
import org.plenum.signaling.protocol.UnfinishedBodyException;
import org.plenum.signaling.session.Signaling;
import org.plenum.signaling.session.SignalingCounter;
import org.plenum.signaling.token.AccessException;

/// WHIP and WHEP as requests and replies. Any thread; blocks while a room answers.
public final class Whip {
  static final String SDP = "application/sdp";
  static final String SDP_FRAGMENT = "application/trickle-ice-sdpfrag";

  private static final String ENDPOINT_METHODS = "GET, HEAD, POST, OPTIONS";
  private static final String SESSION_METHODS = "GET, HEAD, PATCH, DELETE, OPTIONS";

  /// Headers that scripts of other origins may read (FETCH, "CORS-exposed").
  private static final String EXPOSED =
      "Location, ETag, Link, Allow, Accept-Post, Accept-Patch, Retry-After, WWW-Authenticate";

  /// For a day browsers need not ask again.
  private static final String PREFLIGHT_SECONDS = "86400";

  private final Signaling signaling;
  private final WhipSessions sessions = new WhipSessions();
  private final WhipCounters counters = new WhipCounters();
  private final WhipEndpoint endpoint;

  public Whip(Signaling signaling) {
    this.signaling = signaling;
    this.endpoint = new WhipEndpoint(signaling, sessions);
  }

  public WhipCounters counters() {
    return counters;
  }

  /// Sessions at this moment.
  public int sessionCount(WhipProtocol protocol) {
    return sessions.count(protocol);
  }

  /// Whether a path is one of ours.
  public static boolean isPath(String path) {
    return WhipPath.protocol(path) != null;
  }

  /// Answers a request for one of our paths; never throws.
  public WhipReply answer(WhipRequest request) {
    WhipProtocol protocol = WhipPath.protocol(request.path());
    if (protocol == null) {
      throw new IllegalStateException("not a path of WHIP or WHEP: " + request.path());
    }
    WhipReply reply;
    RoomId room = null;
    try {
      WhipPath path = WhipPath.parse(protocol, request.path());
      room = path.room();
      reply = dispatch(path, request);
    } catch (WhipRefusal e) {
      reply = e.reply();
    } catch (InvalidOfferException e) {
      reply = WhipRefusal.of(e).reply();
    } catch (AccessException e) {
      signaling.counters().count(SignalingCounter.REFUSED_TOKENS);
      reply = WhipRefusal.of(e).reply();
    } catch (RefusedException e) {
      reply = WhipRefusal.of(e).reply();
    } catch (UnfinishedBodyException e) {
      reply = WhipRefusal.of(e).reply();
    } catch (RuntimeException e) {
      signaling.counters().count(SignalingCounter.FAULTS);
      signaling.log().fault(room, null, "a request of WHIP or WHEP could not be answered", e);
      reply = new WhipRefusal(WhipStatus.INTERNAL_SERVER_ERROR, null, "the server failed").reply();
    }
    counters.count(protocol, reply.status());
    return reply
        .with("Access-Control-Allow-Origin", "*")
        .with("Access-Control-Expose-Headers", EXPOSED)
        .with("Cache-Control", "no-store");
  }

  private WhipReply dispatch(WhipPath path, WhipRequest request) {
    return path.session() == null ? endpoint(path, request) : session(path, request);
  }

  private WhipReply endpoint(WhipPath path, WhipRequest request) {
    return switch (request.method()) {
      case "POST" -> endpoint.post(path, request);
      case "GET", "HEAD" -> about(path.protocol());
      case "OPTIONS" -> endpointOptions(request);
      default -> throw notAllowed(request, ENDPOINT_METHODS);
    };
  }

  private WhipReply session(WhipPath path, WhipRequest request) {
    if (request.method().equals("OPTIONS")) {
      // A preflight asks about the server, not about the session.
      return options(request, SESSION_METHODS).with("Accept-Patch", SDP_FRAGMENT);
    }
    WhipSession session = sessions.find(path);
    if (session == null) {
      throw noSession();
    }
    return switch (request.method()) {
      case "PATCH" -> patch(session, request);
      case "DELETE" -> delete(session);
      case "GET", "HEAD" -> WhipReply.of(WhipStatus.NO_CONTENT);
      default -> throw notAllowed(request, SESSION_METHODS);
    };
  }

  /// A resource without a representation (RFC 9725 §4.1). The type tells a player that this is an
  /// endpoint of WHEP (draft-ietf-wish-whep-03 §4.2).
  private static WhipReply about(WhipProtocol protocol) {
    return switch (protocol) {
      case WHIP -> WhipReply.of(WhipStatus.NO_CONTENT);
      case WHEP -> WhipReply.of(WhipStatus.OK).body(SDP, "");
    };
  }

  private WhipReply patch(WhipSession session, WhipRequest request) {
    if (!request.contentType().equals(SDP_FRAGMENT)) {
      throw new WhipRefusal(
              WhipStatus.UNSUPPORTED_MEDIA_TYPE,
              "Content-Type",
              "Content-Type must be " + SDP_FRAGMENT)
          .with("Accept-Patch", SDP_FRAGMENT);
    }
    if (request.body().length > IceFragment.MAX_LENGTH) {
      throw new WhipRefusal(
          WhipStatus.CONTENT_TOO_LARGE,
          null,
          "a fragment has at most " + IceFragment.MAX_LENGTH + " bytes");
    }
    // Before the condition: RFC 9110 §13.2.1 looks at it only if the rest is right.
    IceFragment fragment = fragment(new String(request.body(), StandardCharsets.UTF_8));
    WhipReply reply = session.patch(fragment, request.header("If-Match"));
    // A restart is also when a client can take new passwords for relays.
    return reply.status() == WhipStatus.OK ? reply.with(endpoint.iceServers(session)) : reply;
  }

  /// Whatever ICE session it is in: a condition does not matter here (RFC 9725 §4.3.1).
  private static WhipReply delete(WhipSession session) {
    if (!session.leave()) {
      throw noSession();
    }
    return WhipReply.of(WhipStatus.OK);
  }

  private static WhipRefusal noSession() {
    return new WhipRefusal(
        WhipStatus.NOT_FOUND, "session", "there is no such session, or it has ended");
  }

  private static IceFragment fragment(String text) {
    try {
      return IceFragment.read(text);
    } catch (InvalidOfferException e) {
      throw new WhipRefusal(WhipStatus.BAD_REQUEST, e.field(), String.valueOf(e.getMessage()));
    }
  }

  /// TURN credentials wait for the POST: whoever asks here has shown nothing yet.
  private WhipReply endpointOptions(WhipRequest request) {
    WhipReply reply = options(request, ENDPOINT_METHODS).with("Accept-Post", SDP);
    return isPreflight(request) ? reply : reply.with(endpoint.iceServers(null));
  }

  private static WhipReply options(WhipRequest request, String methods) {
    var headers = new ArrayList<WhipReply.Header>();
    headers.add(new WhipReply.Header("Allow", methods));
    headers.add(new WhipReply.Header("Access-Control-Allow-Methods", methods));
    if (isPreflight(request)) {
      headers.add(
          new WhipReply.Header(
              "Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match"));
      headers.add(new WhipReply.Header("Access-Control-Max-Age", PREFLIGHT_SECONDS));
    }
    return WhipReply.of(WhipStatus.OK).with(List.copyOf(headers));
  }

  private static boolean isPreflight(WhipRequest request) {
    return request.header("Access-Control-Request-Method") != null;
  }

  private static WhipRefusal notAllowed(WhipRequest request, String methods) {
    return new WhipRefusal(
            WhipStatus.METHOD_NOT_ALLOWED,
            null,
            "there is no " + shown(request.method()) + " here, but " + methods)
        .with("Allow", methods);
  }

  private static String shown(String method) {
    return method.length() > 20 ? "such method" : method;
  }
}
