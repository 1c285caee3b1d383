package org.plenum.signaling.store;

import org.plenum.signaling.protocol.Problem;
import org.plenum.signaling.recording.RecordingException;
import org.plenum.signaling.token.AccessException;

/// How refusals are told to whoever asked.
final class StoreProblems {
  private StoreProblems() {}

  static Problem of(RecordingException refusal) {
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

  static Problem of(AccessException refusal) {
    String detail = String.valueOf(refusal.getMessage());
    return switch (refusal.kind()) {
      case UNAUTHORIZED -> Problem.of(401, "Unauthorized", detail);
      case FORBIDDEN -> Problem.of(403, "Forbidden", detail);
      case UNAVAILABLE -> Problem.of(503, "Service Unavailable", detail).retryAfter(5);
    };
  }
}
