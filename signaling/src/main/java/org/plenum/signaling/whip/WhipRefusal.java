package org.plenum.signaling.whip;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RefusedException;
import org.plenum.signaling.jsep.InvalidOfferException;
import org.plenum.signaling.protocol.Problem;
import org.plenum.signaling.protocol.UnfinishedBodyException;
import org.plenum.signaling.token.AccessException;

/// A request that is not granted, answered with a problem statement (RFC 9457).
final class WhipRefusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// After that time another attempt may well succeed: a room has emptied, a burst is over.
  private static final String RETRY_SECONDS = "5";

  private final transient WhipStatus status;
  private final @Nullable String field;
  private final transient List<WhipReply.Header> headers = new ArrayList<>();

  /// @param field the line, header or parameter that was wrong, if one was
  WhipRefusal(WhipStatus status, @Nullable String field, String message) {
    super(message);
    this.status = status;
    this.field = field;
  }

  /// Of a body: what breaks its grammar is a bad request, what cannot be served is not (RFC 9725
  /// §4.4.3).
  static WhipRefusal of(InvalidOfferException refusal) {
    WhipStatus status =
        refusal.isMalformed() ? WhipStatus.BAD_REQUEST : WhipStatus.UNPROCESSABLE_CONTENT;
    return new WhipRefusal(status, refusal.field(), String.valueOf(refusal.getMessage()));
  }

  /// Of a body that did not come to its end.
  static WhipRefusal of(UnfinishedBodyException refusal) {
    WhipStatus status = refusal.late() ? WhipStatus.REQUEST_TIMEOUT : WhipStatus.BAD_REQUEST;
    return new WhipRefusal(status, null, String.valueOf(refusal.getMessage()));
  }

  /// Of the room.
  static WhipRefusal of(RefusedException refusal) {
    String message = String.valueOf(refusal.getMessage());
    return switch (refusal.reason()) {
      case INVALID_OFFER -> new WhipRefusal(WhipStatus.UNPROCESSABLE_CONTENT, null, message);
      case ROOM_FULL, ROOM_CLOSED, OVERLOADED, RESTARTING, TOO_MANY, UNKNOWN_PARTICIPANT ->
          tryLater(message);
      case ROOM_LOCKED, FORBIDDEN -> new WhipRefusal(WhipStatus.FORBIDDEN, null, message);
      case DUPLICATE_PARTICIPANT, UNKNOWN_TRACK ->
          new WhipRefusal(WhipStatus.INTERNAL_SERVER_ERROR, null, message);
    };
  }

  /// Of the token (RFC 6750 §3).
  static WhipRefusal of(AccessException refusal) {
    String message = String.valueOf(refusal.getMessage());
    return switch (refusal.kind()) {
      case UNAUTHORIZED -> refusal(WhipStatus.UNAUTHORIZED, "invalid_token", message);
      case FORBIDDEN -> refusal(WhipStatus.FORBIDDEN, "insufficient_scope", message);
      case UNAVAILABLE -> tryLater(message);
    };
  }

  private static WhipRefusal refusal(WhipStatus status, String error, String message) {
    return new WhipRefusal(status, "Authorization", message)
        .with("WWW-Authenticate", "Bearer realm=\"plenum\", error=\"" + error + "\"");
  }

  static WhipRefusal tryLater(String message) {
    return new WhipRefusal(WhipStatus.SERVICE_UNAVAILABLE, null, message)
        .with("Retry-After", RETRY_SECONDS);
  }

  WhipRefusal with(String name, String value) {
    headers.add(new WhipReply.Header(name, value));
    return this;
  }

  WhipReply reply() {
    Problem problem =
        Problem.of(status.code(), status.title(), String.valueOf(getMessage())).at(field);
    return WhipReply.of(status).with(headers).body(Problem.CONTENT_TYPE, problem.toJson());
  }
}
