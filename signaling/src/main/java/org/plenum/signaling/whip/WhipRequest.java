package org.plenum.signaling.whip;

import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A request as the resources see it.
///
/// @param path percent-encoded, without the query
/// @param query the first value of each parameter, decoded
/// @param headers by name in lower case; several of a name joined by commas (RFC 9110 §5.3)
/// @param source waits for the body: at most [#MAX_BODY] + 1 bytes, one more than is ever taken
///     shows that it is too long; throws UnfinishedBodyException
public record WhipRequest(
    String method,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    Supplier<byte[]> source) {
  /// An offer's bound, half of the WebSocket's: nobody has that many seats here.
  public static final int MAX_BODY = 192 * 1024;

  private static final String BEARER = "Bearer ";

  public WhipRequest {
    query = Map.copyOf(query);
    headers = Map.copyOf(headers);
  }

  /// Blocks until it has come. Throws UnfinishedBodyException.
  byte[] body() {
    return source.get();
  }

  @Nullable String header(String name) {
    return headers.get(name.toLowerCase(Locale.ROOT));
  }

  /// The token in `Authorization: Bearer` (RFC 6750 §2.1), or null.
  @Nullable String token() {
    String value = header("Authorization");
    return value != null && value.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? value.substring(BEARER.length()).strip()
        : null;
  }

  /// The media type of the body in lower case, without parameters; empty if none is given.
  String contentType() {
    String value = header("Content-Type");
    return value == null ? "" : mediaType(value);
  }

  /// Whether its sender takes an answer of this type: says so, or says nothing (RFC 9110 §12.5.1).
  boolean accepts(String mediaType) {
    String accepted = header("Accept");
    if (accepted == null || accepted.isBlank()) {
      return true;
    }
    String wholeKind = mediaType.substring(0, mediaType.indexOf('/') + 1) + "*";
    for (String range : accepted.split(",", -1)) {
      String named = mediaType(range);
      if (named.equals(mediaType) || named.equals(wholeKind) || named.equals("*/*")) {
        return true;
      }
    }
    return false;
  }

  private static String mediaType(String value) {
    int semicolon = value.indexOf(';');
    String type = semicolon < 0 ? value : value.substring(0, semicolon);
    return type.strip().toLowerCase(Locale.ROOT);
  }
}
