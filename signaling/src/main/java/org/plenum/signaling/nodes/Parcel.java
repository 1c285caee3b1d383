package org.plenum.signaling.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/// What one node says to another: words, and bytes that need none. Layout: length of the words (4
/// bytes), the words as JSON, the bytes.
record Parcel(JsonNode words, byte[] bytes) {
  /// Beside them, words fit into a frame.
  static final int MOST_BYTES = 3 * 1024 * 1024;

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final byte[] NOTHING = {};

  static ObjectNode words(String name, String value) {
    return JsonNodeFactory.instance.objectNode().put(name, value);
  }

  static byte[] of(JsonNode words) {
    return of(words, NOTHING);
  }

  static byte[] of(JsonNode words, byte[] bytes) {
    try {
      byte[] text = MAPPER.writeValueAsBytes(words);
      return ByteBuffer.allocate(4 + text.length + bytes.length)
          .putInt(text.length)
          .put(text)
          .put(bytes)
          .array();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Throws UncheckedIOException if it is none.
  static JsonNode json(byte[] text) {
    try {
      return MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Throws UncheckedIOException if it is none.
  static Parcel read(byte[] parcel) {
    try {
      ByteBuffer in = ByteBuffer.wrap(parcel);
      if (in.remaining() < 4) {
        throw new IOException("a parcel without words");
      }
      int length = in.getInt();
      if (length < 0 || length > in.remaining()) {
        throw new IOException("a parcel whose words are longer than it is");
      }
      JsonNode words = MAPPER.readTree(parcel, 4, length);
      byte[] bytes = new byte[in.remaining() - length];
      System.arraycopy(parcel, 4 + length, bytes, 0, bytes.length);
      return new Parcel(words, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
