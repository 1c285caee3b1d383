package org.plenum.signaling.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads the fields of one JSON object by name and type, and names the field in every refusal.
/// Null counts as missing.
public final class JsonFields {
  private final JsonNode object;
  private final String path;

  /// @param path what stands before a field's name, as `tracks[2].`; empty for the message itself
  private JsonFields(JsonNode object, String path) {
    this.object = object;
    this.path = path;
  }

  static JsonFields of(JsonNode message) {
    if (!message.isObject()) {
      throw new InvalidMessageException(null, "must be a JSON object, not " + kind(message));
    }
    return new JsonFields(message, "");
  }

  /// Refuses any field that is none of these, so that a slip of the pen is not taken for nothing.
  public JsonFields only(String... names) {
    List<String> known = List.of(names);
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (!known.contains(field.getKey())) {
        String shown = WireNames.shorten(field.getKey(), 40);
        throw new InvalidMessageException(
            path + shown, "is unknown here" + NearestName.hint(shown, known));
      }
    }
    return this;
  }

  public String text(String name) {
    String text = optionalText(name);
    if (text == null) {
      throw missing(name);
    }
    return text;
  }

  public @Nullable String optionalText(String name) {
    JsonNode value = value(name);
    if (value != null && !value.isTextual()) {
      throw wrong(name, "a string", value);
    }
    return value == null ? null : value.textValue();
  }

  public long integer(String name) {
    JsonNode value = value(name);
    if (value == null) {
      throw missing(name);
    }
    return integer(name, value);
  }

  public int integer(String name, int least, int most) {
    return inRange(name, integer(name), least, most);
  }

  public int integer(String name, int least, int most, int otherwise) {
    JsonNode value = value(name);
    return value == null ? otherwise : inRange(name, integer(name, value), least, most);
  }

  /// Seconds since the epoch, fractions cut off (NumericDate, RFC 7519 §2); null if missing.
  public @Nullable Long optionalSeconds(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    double seconds = value.isNumber() ? value.doubleValue() : -1;
    if (!(seconds >= 0 && seconds < 1e12)) {
      throw wrong(name, "seconds since 1970", value);
    }
    return (long) seconds;
  }

  /// Null if there is no such field.
  public @Nullable Boolean optionalFlag(String name) {
    return value(name) == null ? null : flag(name, false);
  }

  /// An object within; null if missing.
  public @Nullable JsonFields optionalObject(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (!value.isObject()) {
      throw wrong(name, "an object", value);
    }
    return new JsonFields(value, path + name + ".");
  }

  public boolean has(String name) {
    return object.has(name);
  }

  public boolean flag(String name) {
    if (value(name) == null) {
      throw missing(name);
    }
    return flag(name, false);
  }

  public boolean flag(String name, boolean otherwise) {
    JsonNode value = value(name);
    if (value == null) {
      return otherwise;
    }
    if (!value.isBoolean()) {
      throw wrong(name, "true or false", value);
    }
    return value.booleanValue();
  }

  /// A required string made into something that checks itself.
  public <T> T parsed(String name, Function<String, T> parser) {
    return checked(name, text(name), parser);
  }

  public <T> @Nullable T optionalParsed(String name, Function<String, T> parser) {
    String text = optionalText(name);
    return text == null ? null : checked(name, text, parser);
  }

  /// A list of strings made into something that checks itself; null if missing.
  public <T> @Nullable T optionalParsed(String name, int most, Function<List<String>, T> parser) {
    return value(name) == null ? null : checked(name, texts(name, most), parser);
  }

  /// A list of strings; empty if missing.
  public List<String> texts(String name, int most) {
    List<String> texts = new ArrayList<>();
    for (JsonNode element : elements(name, most)) {
      if (!element.isTextual()) {
        throw wrong(name + "[" + texts.size() + "]", "a string", element);
      }
      texts.add(element.textValue());
    }
    return texts;
  }

  /// A list of objects; empty if missing.
  public <T> List<T> objects(String name, int most, Function<JsonFields, T> reader) {
    List<T> objects = new ArrayList<>();
    for (JsonNode element : elements(name, most)) {
      String field = name + "[" + objects.size() + "]";
      if (!element.isObject()) {
        throw wrong(field, "an object", element);
      }
      objects.add(checked(field, new JsonFields(element, path + field + "."), reader));
    }
    return objects;
  }

  private Iterable<JsonNode> elements(String name, int most) {
    JsonNode array = value(name);
    if (array == null) {
      return List.of();
    }
    if (!array.isArray()) {
      throw wrong(name, "an array", array);
    }
    if (array.size() > most) {
      throw new InvalidMessageException(
          path + name, "must have at most " + most + " elements, not " + array.size());
    }
    return array;
  }

  private <F, T> T checked(String name, F value, Function<F, T> parser) {
    try {
      return parser.apply(value);
    } catch (IllegalArgumentException e) {
      throw InvalidMessageException.of(path + name, e);
    }
  }

  private long integer(String name, JsonNode value) {
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw wrong(name, "a whole number", value);
    }
    return value.longValue();
  }

  private int inRange(String name, long value, int least, int most) {
    if (value < least || value > most) {
      throw new InvalidMessageException(
          path + name, "must be " + least + " to " + most + ", not " + value);
    }
    return (int) value;
  }

  private @Nullable JsonNode value(String name) {
    JsonNode value = object.get(name);
    return value == null || value.isNull() ? null : value;
  }

  private InvalidMessageException missing(String name) {
    return new InvalidMessageException(path + name, "is missing");
  }

  private InvalidMessageException wrong(String name, String expected, JsonNode value) {
    return new InvalidMessageException(path + name, "must be " + expected + ", not " + kind(value));
  }

  private static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case ARRAY -> "an array";
      case OBJECT, POJO -> "an object";
      case STRING, BINARY -> "a string";
      case NUMBER -> "the number " + WireNames.shorten(value.asText(), 40);
      case BOOLEAN -> String.valueOf(value.booleanValue());
      case NULL -> "null";
      case MISSING -> "nothing";
    };
  }
}
