package org.plenum.signaling.store;

import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.limit.AddressLimits;
import org.plenum.signaling.protocol.InvalidMessageException;
import org.plenum.signaling.protocol.PathSegment;
import org.plenum.signaling.token.Token;

/// What is asked of recordings, or of the files of a chat.
///
/// @param segments of the path behind the prefix, percent-encoded: a room, maybe a recording, maybe
///     one of its files
/// @param query the first value of each parameter, decoded
/// @param headers those of [#HEADERS] that are there, by name in lower case
/// @param limitedAs the address that bounds count; [AddressLimits#EXEMPT] if none do
public record StoreRequest(
    String method,
    List<String> segments,
    Map<String, String> query,
    Map<String, String> headers,
    String limitedAs,
    Body body) {
  public static final String KEY = "Recording-Key";
  public static final String OFFSET = "Upload-Offset";
  public static final String COMPLETE = "Upload-Complete";

  /// What is read of a request's headers.
  public static final List<String> HEADERS =
      List.of("Authorization", "Content-Type", KEY, OFFSET, COMPLETE);

  /// The bytes that come with it; either way is gone once. Both throw UnfinishedBodyException.
  public interface Body {
    /// Bytes that it says it has; -1 if it does not say.
    long length();

    /// All of it, or as many bytes as are asked for.
    byte[] read(int most);

    /// As it comes.
    InputStream upload();
  }

  public StoreRequest {
    segments = List.copyOf(segments);
    query = Map.copyOf(query);
    headers = Map.copyOf(headers);
  }

  @Nullable String header(String name) {
    return headers.get(name.toLowerCase(Locale.ROOT));
  }

  /// The bearer token; null if there is none.
  public @Nullable String token() {
    String header = header("Authorization");
    return header != null && header.startsWith("Bearer ") ? header.substring(7) : null;
  }

  /// The room that it is about.
  ///
  /// @throws InvalidMessageException it is no name of a room
  public RoomId room() {
    try {
      return new RoomId(PathSegment.decode(segments.getFirst()));
    } catch (IllegalArgumentException e) {
      throw InvalidMessageException.of("room", e);
    }
  }

  /// Whose what is stored counts as: somebody with an identity, or else with an address.
  String owner(Token sender) {
    if (sender.identity() != null) {
      return "identity " + sender.identity();
    }
    return limitedAs.equals(AddressLimits.EXEMPT) ? "" : "address " + limitedAs;
  }
}
