package org.plenum.signaling.whip;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Identity;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.Permissions;
import org.plenum.sfu.RoomHandle;
import org.plenum.sfu.ShownText;
import org.plenum.sfu.TransportAnswer;
import org.plenum.signaling.jsep.Negotiation;
import org.plenum.signaling.jsep.Negotiator;
import org.plenum.signaling.jsep.OneWayOffer;
import org.plenum.signaling.protocol.IceServer;
import org.plenum.signaling.protocol.PathSegment;
import org.plenum.signaling.session.RoomAnswers;
import org.plenum.signaling.session.Signaling;
import org.plenum.signaling.token.AccessException;
import org.plenum.signaling.token.Token;

/// The resource `/whip/{room}`: a POST makes a participant (RFC 9725 §4.2).
final class WhipEndpoint {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Signaling signaling;
  private final WhipSessions sessions;

  WhipEndpoint(Signaling signaling, WhipSessions sessions) {
    this.signaling = signaling;
    this.sessions = sessions;
  }

  /// Blocks for the room's answer. Throws WhipRefusal, AccessException, RefusedException,
  /// InvalidOfferException.
  WhipReply post(WhipPath path, WhipRequest request) {
    Token token = admit(path, request);
    requireOffer(request);
    requireNoWait(path, token);
    String name = token.name() == null ? name(path.protocol(), request) : token.name();
    Identity identity =
        token.identity() == null ? identity(request) : new Identity(token.identity());
    boolean seesOwn = seesOwnTracks(path.protocol(), token, request);
    OneWayOffer offer = path.protocol().read(new String(request.body(), StandardCharsets.UTF_8));
    Negotiation negotiation =
        new Negotiator(RANDOM.nextLong() & Long.MAX_VALUE)
            .negotiate(offer.sdp(), List.of(), offer.seats());
    return signaling
        .rooms()
        .enter(
            path.room(),
            open -> {
              RoomHandle room = open.handle();
              var session =
                  new WhipSession(
                      path.protocol(),
                      room,
                      negotiation.offer(),
                      offer.tagged(),
                      sessions,
                      signaling.log());
              JoinRequest joining =
                  new JoinRequest(
                      session.participant(),
                      name,
                      path.protocol().isHidden() || token.grants().hidden(),
                      null,
                      identity,
                      token.metadata(),
                      signaling.hosting().permissions(open, token, token.grants().permissions()),
                      signaling.access().requiresTokens() && token.grants().roomAdmin(),
                      seesOwn);
              open.admitted(session.participant(), token);
              signaling.hosting().joining(open, session.participant(), identity, token);
              try {
                WhipReply reply = created(session, begin(session, room, joining, negotiation));
                signaling
                    .hosting()
                    .joined(open, session.participant(), token, joining.permissions());
                return reply;
              } catch (RuntimeException e) {
                open.left(session.participant());
                throw e;
              }
            });
  }

  /// Whoever comes this way cannot wait to be let in. Throws WhipRefusal.
  private void requireNoWait(WhipPath path, Token token) {
    if (signaling.mustWait(path.room(), token)) {
      throw new WhipRefusal(
          WhipStatus.FORBIDDEN,
          null,
          "room "
              + path.room()
              + " has a waiting room, and nobody can wait here: come with a host's token, or as"
              + " somebody whom a host has let in before");
    }
  }

  /// Throws AccessException if the token does not allow what the endpoint is for.
  private Token admit(WhipPath path, WhipRequest request) {
    Token token = signaling.access().admit(request.token(), path.room());
    Permissions permissions = token.grants().permissions();
    boolean allowed =
        switch (path.protocol()) {
          case WHIP -> !permissions.publish().isEmpty();
          case WHEP -> permissions.subscribe();
        };
    if (!allowed) {
      throw AccessException.forbidden(
          "the token does not grant "
              + (path.protocol() == WhipProtocol.WHIP ? "canPublish" : "canSubscribe"));
    }
    return token;
  }

  /// Each server as a link (RFC 9725 §4.6).
  ///
  /// @param session who is told those with a credential too; null: nobody is
  List<WhipReply.Header> iceServers(@Nullable WhipSession session) {
    List<IceServer> servers =
        session == null
            ? signaling.iceServers()
            : signaling.iceServers(session.handle(), session.participant());
    var links = new ArrayList<WhipReply.Header>();
    for (IceServer server : servers) {
      if (session != null || server.credential() == null) {
        server.urls().forEach(url -> links.add(new WhipReply.Header("Link", link(server, url))));
      }
    }
    return links;
  }

  /// Returns the answer in SDP; whatever goes wrong leaves no participant behind.
  private String begin(
      WhipSession session, RoomHandle room, JoinRequest joining, Negotiation negotiation) {
    sessions.add(session);
    try {
      RoomAnswers.await(room.join(joining, session));
      TransportAnswer answer =
          RoomAnswers.await(room.negotiate(session.participant(), negotiation.offer()));
      session.beginIce(answer);
      signaling.log().joined(room.id(), session.participant());
      return negotiation.answer(answer);
    } catch (RuntimeException e) {
      sessions.remove(session);
      room.leave(session.participant(), LeaveReason.REMOVED);
      throw e;
    }
  }

  private WhipReply created(WhipSession session, String answer) {
    String location =
        "/"
            + session.protocol().label()
            + "/"
            + PathSegment.encode(session.room())
            + "/"
            + session.id();
    return WhipReply.of(WhipStatus.CREATED)
        .with("Location", location)
        .with("ETag", session.etag())
        .with("Accept-Patch", Whip.SDP_FRAGMENT)
        .with(iceServers(session))
        .body(Whip.SDP, answer);
  }

  private static void requireOffer(WhipRequest request) {
    if (!request.contentType().equals(Whip.SDP)) {
      throw new WhipRefusal(
              WhipStatus.UNSUPPORTED_MEDIA_TYPE, "Content-Type", "Content-Type must be " + Whip.SDP)
          .with("Accept-Post", Whip.SDP);
    }
    if (!request.accepts(Whip.SDP)) {
      throw new WhipRefusal(
          WhipStatus.NOT_ACCEPTABLE, "Accept", "the answer is " + Whip.SDP + ", nothing else");
    }
    if (request.body().length > WhipRequest.MAX_BODY) {
      throw new WhipRefusal(
          WhipStatus.CONTENT_TOO_LARGE,
          null,
          "an offer has at most " + WhipRequest.MAX_BODY + " bytes");
    }
  }

  private static String name(WhipProtocol protocol, WhipRequest request) {
    String given = request.query().get("name");
    if (given == null) {
      return protocol.name();
    }
    try {
      return ShownText.name(given);
    } catch (IllegalArgumentException e) {
      throw new WhipRefusal(WhipStatus.BAD_REQUEST, "name", String.valueOf(e.getMessage()));
    }
  }

  /// Whoever comes to view is shown everybody, unless they ask to be spared what they publish
  /// themselves: by `own=false`, or by naming an identity where no token says who they are, which
  /// would mean nothing else.
  private static boolean seesOwnTracks(WhipProtocol protocol, Token token, WhipRequest request) {
    String own = request.query().get("own");
    if (protocol == WhipProtocol.WHIP) {
      return false;
    }
    if (own == null) {
      return token.identity() != null || !request.query().containsKey("identity");
    }
    if (!own.equals("true") && !own.equals("false")) {
      throw new WhipRefusal(WhipStatus.BAD_REQUEST, "own", "own must be true or false");
    }
    return own.equals("true");
  }

  private static @Nullable Identity identity(WhipRequest request) {
    String given = request.query().get("identity");
    try {
      return given == null ? null : new Identity(given);
    } catch (IllegalArgumentException e) {
      throw new WhipRefusal(WhipStatus.BAD_REQUEST, "identity", String.valueOf(e.getMessage()));
    }
  }

  private static String link(IceServer server, String url) {
    var link = new StringBuilder("<").append(url).append(">; rel=\"ice-server\"");
    if (server.username() != null) {
      link.append("; username=").append(quoted(server.username()));
    }
    if (server.credential() != null) {
      link.append("; credential=").append(quoted(server.credential()));
      link.append("; credential-type=\"password\"");
    }
    return link.toString();
  }

  /// RFC 9110 §5.6.4.
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
