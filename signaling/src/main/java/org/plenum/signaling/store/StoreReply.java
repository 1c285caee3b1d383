package org.plenum.signaling.store;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.plenum.signaling.protocol.Problem;
import org.plenum.signaling.recording.StoredFile;

/// An answer to a [StoreRequest].
///
/// @param headers in order; content's own are not among them
/// @param contentType of what it carries; empty if it carries nothing
/// @param body empty if it carries a file, or nothing
/// @param file null if it carries none; whoever gets the reply closes it. Ranges of it may be sent
public record StoreReply(
    int status,
    Map<String, String> headers,
    String contentType,
    byte[] body,
    @Nullable StoredFile file) {
  private static final byte[] NOTHING = {};

  public static StoreReply json(int status, String json) {
    return new StoreReply(
        status,
        Map.of("Cache-Control", "no-cache"),
        "application/json",
        json.getBytes(StandardCharsets.UTF_8),
        null);
  }

  static StoreReply empty(int status) {
    return new StoreReply(status, Map.of(), "", NOTHING, null);
  }

  static StoreReply file(String contentType, StoredFile file) {
    return new StoreReply(
        200, Map.of("Cache-Control", "private, no-cache"), contentType, NOTHING, file);
  }

  /// A refusal.
  public static StoreReply of(Problem problem) {
    StoreReply reply =
        new StoreReply(
            problem.status(),
            Map.of("Cache-Control", "no-cache"),
            Problem.CONTENT_TYPE,
            problem.toJson().getBytes(StandardCharsets.UTF_8),
            null);
    return problem.retryAfterSeconds() == null
        ? reply
        : reply.with("Retry-After", problem.retryAfterSeconds() + "");
  }

  static StoreReply notAllowed(String allowed) {
    return of(Problem.of(405, "Method Not Allowed", "allowed here: " + allowed))
        .with("Allow", allowed);
  }

  public StoreReply with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new StoreReply(status, more, contentType, body, file);
  }
}
