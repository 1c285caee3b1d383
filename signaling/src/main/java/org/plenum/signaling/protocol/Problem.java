package org.plenum.signaling.protocol;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/// A refusal over HTTP (RFC 9457, `application/problem+json`). Of type `about:blank`, so its title
/// is that of the status.
///
/// @param detail for a person: what was wrong, and what is allowed
/// @param field what was wrong: of the body, the query or the headers, if one was
/// @param retryAfterSeconds when another attempt may succeed, or null
public record Problem(
    int status,
    String title,
    String detail,
    @Nullable String field,
    @Nullable Integer retryAfterSeconds) {
  public static final String CONTENT_TYPE = "application/problem+json";

  private static final JsonMapper MAPPER = new JsonMapper();

  public static Problem of(int status, String title, String detail) {
    return new Problem(status, title, detail, null, null);
  }

  public Problem at(@Nullable String where) {
    return new Problem(status, title, detail, where, retryAfterSeconds);
  }

  public Problem retryAfter(int seconds) {
    return new Problem(status, title, detail, field, seconds);
  }

  public String toJson() {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("title", title).put("status", status).put("detail", detail);
    if (field != null) {
      json.put("field", field);
    }
    return json.toString() + "\n";
  }
}
