package org.plenum.signaling.admin;

import org.plenum.sfu.RefusedException;
import org.plenum.signaling.data.NotStoredException;
import org.plenum.signaling.protocol.InvalidMessageException;
import org.plenum.signaling.protocol.Problem;
import org.plenum.signaling.token.AccessException;

/// A request that is not granted.
final class ApiRefusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// Rooms empty and bursts end within seconds.
  private static final int RETRY_SECONDS = 5;

  private final transient ApiReply reply;

  ApiRefusal(int status, String title, String detail) {
    this(ApiReply.of(Problem.of(status, title, detail)));
  }

  private ApiRefusal(ApiReply reply) {
    super(reply.body());
    this.reply = reply;
  }

  static ApiRefusal notFound(String detail) {
    return new ApiRefusal(404, "Not Found", detail);
  }

  static ApiRefusal notAllowed(String allow) {
    return new ApiRefusal(
        ApiReply.of(Problem.of(405, "Method Not Allowed", "Allowed here: " + allow + "."))
            .with("Allow", allow));
  }

  ApiReply reply() {
    return reply;
  }

  /// RFC 6750 §3 for what is about tokens.
  static ApiReply of(AccessException refusal) {
    String detail = String.valueOf(refusal.getMessage());
    return switch (refusal.kind()) {
      case UNAUTHORIZED ->
          ApiReply.of(Problem.of(401, "Unauthorized", detail).at("Authorization"))
              .with("WWW-Authenticate", "Bearer realm=\"plenum\", error=\"invalid_token\"");
      case FORBIDDEN ->
          ApiReply.of(Problem.of(403, "Forbidden", detail).at("Authorization"))
              .with("WWW-Authenticate", "Bearer realm=\"plenum\", error=\"insufficient_scope\"");
      case UNAVAILABLE ->
          ApiReply.of(Problem.of(503, "Service Unavailable", detail).retryAfter(RETRY_SECONDS));
    };
  }

  /// RFC 4918 §11.5: the disk is full, or cannot be written for another reason.
  static ApiReply of(NotStoredException refusal) {
    return ApiReply.of(
        Problem.of(507, "Insufficient Storage", String.valueOf(refusal.getMessage())));
  }

  static ApiReply of(InvalidMessageException refusal) {
    String field = refusal.field();
    String subject = field == null ? "the body" : field;
    return ApiReply.of(
        Problem.of(400, "Bad Request", subject + " " + refusal.getMessage()).at(field));
  }

  static ApiReply of(RefusedException refusal) {
    String detail = String.valueOf(refusal.getMessage());
    return switch (refusal.reason()) {
      case UNKNOWN_PARTICIPANT, UNKNOWN_TRACK, ROOM_CLOSED ->
          ApiReply.of(Problem.of(404, "Not Found", detail));
      case OVERLOADED, RESTARTING, ROOM_FULL, TOO_MANY ->
          ApiReply.of(Problem.of(503, "Service Unavailable", detail).retryAfter(RETRY_SECONDS));
      case ROOM_LOCKED, FORBIDDEN, DUPLICATE_PARTICIPANT, INVALID_OFFER ->
          ApiReply.of(Problem.of(409, "Conflict", detail));
    };
  }
}
