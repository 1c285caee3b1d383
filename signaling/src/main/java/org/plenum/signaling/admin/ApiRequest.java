package org.plenum.signaling.admin;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.plenum.signaling.protocol.InvalidMessageException;
import org.plenum.signaling.protocol.JsonFields;
import org.plenum.signaling.protocol.NearestName;
import org.plenum.signaling.protocol.StrictJson;
import org.plenum.signaling.protocol.WireNames;

/// A request as the API sees it.
///
/// @param path decoded segments below `/api/v1`
/// @param query the first value of each parameter, decoded
/// @param authorization the header, or null
/// @param contentType the header, or null
/// @param source waits for the body: at most [#MAX_BODY] + 1 bytes, one more than is ever taken
///     shows that it is too long; throws UnfinishedBodyException
/// @param local whether it comes from this very host, by no proxy
public record ApiRequest(
    String method,
    List<String> path,
    Map<String, String> query,
    @Nullable String authorization,
    @Nullable String contentType,
    Supplier<byte[]> source,
    boolean local) {
  public static final int MAX_BODY = 64 * 1024;

  private static final StrictJson JSON = new StrictJson(MAX_BODY);
  private static final String BEARER = "bearer ";

  public ApiRequest {
    path = List.copyOf(path);
    query = Map.copyOf(query);
  }

  /// The token in `Authorization: Bearer`, or null.
  @Nullable String token() {
    if (authorization == null
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return null;
    }
    return authorization.substring(BEARER.length()).strip();
  }

  /// The parameters, if there are none but these. Throws InvalidMessageException.
  Map<String, String> query(Set<String> known) {
    for (String name : query.keySet()) {
      if (!known.contains(name)) {
        String shown = WireNames.shorten(name, 40);
        throw new InvalidMessageException(
            shown, "is an unknown parameter here" + NearestName.hint(shown, known));
      }
    }
    return query;
  }

  /// The body's fields. Blocks until it has come. Throws ApiRefusal, InvalidMessageException or
  /// UnfinishedBodyException.
  ///
  /// @param known any other is refused
  JsonFields fields(String... known) {
    // Also what keeps other sites' forms out: they cannot send this type without being asked first.
    String type = contentType == null ? "" : contentType.split(";", 2)[0].strip();
    if (!type.equalsIgnoreCase("application/json")) {
      throw new ApiRefusal(
          415, "Unsupported Media Type", "Content-Type must be application/json, not " + type);
    }
    byte[] body = source.get();
    if (body.length > MAX_BODY) {
      throw new ApiRefusal(413, "Content Too Large", "a body has at most " + MAX_BODY + " bytes");
    }
    return JSON.object(new String(body, StandardCharsets.UTF_8)).only(known);
  }
}
