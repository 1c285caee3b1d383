package org.plenum.signaling.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.plenum.sfu.ParticipantId;

/// What was written to everybody in a room, for those who come later: the latest, in memory, while
/// the room lives. Any thread.
final class ChatHistory {
  /// PROTOCOL.md promises these bounds; the second in UTF-16 units.
  static final int MOST = 100;

  static final int MOST_TEXT = 32_768;

  /// @param person whose it is, as [org.plenum.sfu.Silence#person] names them
  /// @param atMillis since the epoch
  record Line(
      ParticipantId from, String person, String name, String topic, String text, long atMillis) {
    /// Without what it says: it must never get into a log.
    @Override
    public String toString() {
      return "Line[from=" + from + "]";
    }
  }

  private static final JsonMapper MAPPER = new JsonMapper();

  private final Deque<Line> lines = new ArrayDeque<>();
  private int length;

  synchronized void add(Line line) {
    lines.addLast(line);
    length += line.text().length();
    while (lines.size() > MOST || length > MOST_TEXT) {
      length -= lines.removeFirst().text().length();
    }
  }

  /// It was not sent after all.
  synchronized void remove(Line line) {
    if (lines.removeIf(each -> each == line)) {
      length -= line.text().length();
    }
  }

  synchronized void clear() {
    lines.clear();
    length = 0;
  }

  /// What another node is told of it, when the room goes there.
  String text() {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (Line line : lines()) {
      all.addObject()
          .put("from", line.from().value())
          .put("person", line.person())
          .put("name", line.name())
          .put("topic", line.topic())
          .put("text", line.text())
          .put("at", line.atMillis());
    }
    return all.toString();
  }

  /// Lines of a room that came from another node, before any of its own.
  ///
  /// @param text as [#text] writes it; throws IllegalArgumentException if it is none
  void inherit(String text) {
    try {
      for (JsonNode line : MAPPER.readTree(text)) {
        add(
            new Line(
                new ParticipantId(line.path("from").asText()),
                line.path("person").asText(),
                line.path("name").asText(),
                line.path("topic").asText(),
                line.path("text").asText(),
                line.path("at").asLong()));
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no history of a chat", e);
    }
  }

  /// In order.
  synchronized List<Line> lines() {
    return List.copyOf(lines);
  }
}
