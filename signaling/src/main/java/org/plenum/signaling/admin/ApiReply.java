package org.plenum.signaling.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import org.plenum.signaling.protocol.Problem;

/// An answer, to be written as it is.
///
/// @param body empty for none
public record ApiReply(int status, Map<String, String> headers, String contentType, String body) {
  public ApiReply {
    headers = Map.copyOf(headers);
  }

  public static ApiReply json(int status, JsonNode body) {
    return new ApiReply(status, Map.of(), "application/json", body + "\n");
  }

  static ApiReply empty(int status) {
    return new ApiReply(status, Map.of(), "", "");
  }

  public static ApiReply of(Problem problem) {
    ApiReply reply =
        new ApiReply(problem.status(), Map.of(), Problem.CONTENT_TYPE, problem.toJson());
    return problem.retryAfterSeconds() == null
        ? reply
        : reply.with("Retry-After", problem.retryAfterSeconds().toString());
  }

  ApiReply with(String name, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(name, value);
    return new ApiReply(status, more, contentType, body);
  }
}
