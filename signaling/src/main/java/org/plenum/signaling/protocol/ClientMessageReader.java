package org.plenum.signaling.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.SeatParameters;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.TrackSource;
import org.plenum.signaling.protocol.ClientMessage.Hello.Media;

/// Reads a client's JSON. Unknown types and fields are ignored, anything else that is not as
/// PROTOCOL.md says is refused by name.
public final class ClientMessageReader {
  /// The longest message a client may send, in bytes; also the longest string in it.
  public static final int MAX_MESSAGE = 256 * 1024;

  /// The protocol needs three levels; more are tolerated in fields that we do not know.
  private static final int MAX_DEPTH = 16;

  private static final int MAX_SEAT = 255;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxDocumentLength(MAX_MESSAGE)
                          .maxStringLength(MAX_MESSAGE)
                          .maxNameLength(256)
                          .maxNumberLength(32)
                          .maxNestingDepth(MAX_DEPTH)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private ClientMessageReader() {}

  /// Returns null if the type is not one that we know; throws InvalidMessageException.
  public static @Nullable ClientMessage read(String json) {
    JsonFields fields = JsonFields.of(parse(json));
    return switch (fields.text("type")) {
      case "hello" -> hello(fields);
      case "offer" -> offer(fields);
      case "view" ->
          new ClientMessage.View(
              fields.objects("seats", MAX_SEAT + 1, ClientMessageReader::seatView));
      case "mute" -> new ClientMessage.Mute(fields.parsed("mid", Mid::new), fields.flag("muted"));
      case "leave" -> new ClientMessage.Leave();
      default -> null;
    };
  }

  private static ClientMessage hello(JsonFields fields) {
    Media media = fields.optionalParsed("media", text -> WireNames.parse(Media.class, text));
    return new ClientMessage.Hello(
        fields.integer("version", 0, Integer.MAX_VALUE),
        fields.texts("features", ClientMessage.Hello.MAX_FEATURES),
        fields.parsed("room", RoomId::new),
        fields.text("name"),
        fields.optionalText("resume"),
        Objects.requireNonNullElse(media, Media.KEEP));
  }

  private static ClientMessage offer(JsonFields fields) {
    return new ClientMessage.Offer(
        fields.integer("id"),
        fields.text("sdp"),
        fields.objects("tracks", ClientMessage.Offer.MAX_TRACKS, ClientMessageReader::track),
        fields.objects("seats", ClientMessage.Offer.MAX_SEATS, ClientMessageReader::seat));
  }

  private static ClientMessage.Offer.Track track(JsonFields fields) {
    return new ClientMessage.Offer.Track(
        fields.parsed("mid", Mid::new),
        fields.parsed("source", text -> WireNames.parse(TrackSource.class, text)),
        fields.flag("muted", false));
  }

  private static SeatParameters seat(JsonFields fields) {
    return new SeatParameters(
        fields.integer("seat", 0, MAX_SEAT),
        fields.optionalParsed("audio", Mid::new),
        fields.optionalParsed("video", Mid::new));
  }

  private static SeatView seatView(JsonFields fields) {
    return new SeatView(
        fields.integer("seat", 0, MAX_SEAT),
        fields.parsed("participant", ParticipantId::new),
        fields.flag("screen", false),
        fields.integer("maxHeight", 0, 8192, 720));
  }

  private static JsonNode parse(String json) {
    try {
      return Objects.requireNonNullElseGet(MAPPER.readTree(json), MAPPER::missingNode);
    } catch (JsonProcessingException e) {
      String message = WireNames.shorten(firstLine(e.getOriginalMessage()), 160);
      throw new InvalidMessageException(
          fieldAt(e), "is not the JSON that was expected: " + message);
    }
  }

  /// The name of the field where the parser stopped, null outside of any.
  private static @Nullable String fieldAt(JsonProcessingException failure) {
    if (failure.getProcessor() instanceof JsonParser parser) {
      return parser.getParsingContext().getCurrentName();
    }
    return null;
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "" : message.lines().findFirst().orElse("");
  }
}
