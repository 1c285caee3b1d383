package org.plenum.signaling.http;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.limit.AddressLimits;
import org.plenum.signaling.protocol.InvalidMessageException;
import org.plenum.signaling.protocol.Problem;
import org.plenum.signaling.recording.RecordingException;
import org.plenum.signaling.token.AccessException;
import org.plenum.signaling.token.Token;

/// What requests for recordings and for the files of a chat, which are kept alike, have in common.
final class StoreRequests {
  private StoreRequests() {}

  /// The bearer token; null if there is none.
  static @Nullable String token(Request request) {
    String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    return header != null && header.startsWith("Bearer ") ? header.substring(7) : null;
  }

  /// Whose it counts as: somebody with an identity, or else with an address.
  static String owner(Token sender, Request request, ClientAddress addresses) {
    if (sender.identity() != null) {
      return "identity " + sender.identity();
    }
    String address = addresses.limitedAs(request);
    return address.equals(AddressLimits.EXEMPT) ? "" : "address " + address;
  }

  /// The room that a part of a path names.
  ///
  /// @throws InvalidMessageException it is no name of a room
  static RoomId room(String segment) {
    try {
      return new RoomId(segment);
    } catch (IllegalArgumentException e) {
      throw InvalidMessageException.of("room", e);
    }
  }

  /// Answers 405.
  static void notAllowed(String allowed, Response response, Callback callback) {
    response.getHeaders().put(HttpHeader.ALLOW, allowed);
    PlainReply.send(
        response, callback, Problem.of(405, "Method Not Allowed", "allowed here: " + allowed));
  }

  static Problem problem(RecordingException refusal) {
    String detail = String.valueOf(refusal.getMessage());
    return switch (refusal.reason()) {
      case UNKNOWN -> Problem.of(404, "Not Found", detail);
      case INVALID, BROKEN_OFF -> Problem.of(400, "Bad Request", detail);
      case STALLED -> Problem.of(408, "Request Timeout", detail);
      case FORBIDDEN -> Problem.of(403, "Forbidden", detail);
      case WRONG_OFFSET, COMPLETE -> Problem.of(409, "Conflict", detail);
      case UNAVAILABLE -> Problem.of(503, "Service Unavailable", detail).retryAfter(10);
      case BUSY -> Problem.of(409, "Conflict", detail).retryAfter(1);
      case TOO_MANY -> Problem.of(429, "Too Many Requests", detail).retryAfter(60);
      case TOO_LARGE -> Problem.of(413, "Content Too Large", detail);
    };
  }

  static Problem problem(AccessException refusal) {
    String detail = String.valueOf(refusal.getMessage());
    return switch (refusal.kind()) {
      case UNAUTHORIZED -> Problem.of(401, "Unauthorized", detail);
      case FORBIDDEN -> Problem.of(403, "Forbidden", detail);
      case UNAVAILABLE -> Problem.of(503, "Service Unavailable", detail).retryAfter(5);
    };
  }
}
