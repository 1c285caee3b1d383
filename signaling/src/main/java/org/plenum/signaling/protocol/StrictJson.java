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

/// Parses JSON from strangers: nothing twice, nothing deep, nothing after the end.
public final class StrictJson {
  /// The protocol needs three levels; more are tolerated in fields that we do not know.
  private static final int MAX_DEPTH = 16;

  private final JsonMapper mapper;

  /// @param maxLength of a document, and so of any string in it
  public StrictJson(int maxLength) {
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxDocumentLength(maxLength)
            .maxStringLength(maxLength)
            .maxNameLength(256)
            .maxNumberLength(32)
            .maxNestingDepth(MAX_DEPTH)
            .build();
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(constraints)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    mapper =
        JsonMapper.builder(factory).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  }

  /// The fields of an object; throws InvalidMessageException that says where the text went wrong.
  public JsonFields object(String json) {
    return JsonFields.of(parse(json));
  }

  private JsonNode parse(String json) {
    try {
      return Objects.requireNonNullElseGet(mapper.readTree(json), mapper::missingNode);
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
