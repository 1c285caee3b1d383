package org.plenum.signaling.token;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.protocol.InvalidMessageException;
import org.plenum.signaling.protocol.JsonFields;
import org.plenum.signaling.protocol.StrictJson;

/// Removals as text: a line that says the version, then a line for each in JSON, the oldest first.
final class RemovalLines {
  /// What a text holds.
  ///
  /// @param damaged lines that could not be read
  record Content(List<Removal> removals, int damaged) {}

  static final int VERSION = 1;

  /// A line holds three short texts and two numbers.
  private static final int MAX_LINE = 4096;

  private static final int DIGEST_LENGTH = 64;
  private static final StrictJson JSON = new StrictJson(MAX_LINE);

  private RemovalLines() {}

  /// Throws IllegalStateException with one sentence if another version wrote the text.
  static Content read(String text) {
    List<Removal> removals = new ArrayList<>();
    int damaged = 0;
    boolean first = true;
    for (String line : text.lines().toList()) {
      try {
        JsonFields fields = JSON.object(line);
        if (first) {
          requireVersion(fields.integer("version"));
        } else {
          removals.add(removal(fields));
        }
      } catch (InvalidMessageException e) {
        damaged++;
      }
      first = false;
    }
    return new Content(List.copyOf(removals), damaged);
  }

  static String write(Collection<Removal> removals) {
    var text = new StringBuilder("{\"version\":" + VERSION + "}\n");
    removals.forEach(removal -> text.append(line(removal)));
    return text.toString();
  }

  static String line(Removal removal) {
    ObjectNode line =
        JsonNodeFactory.instance
            .objectNode()
            .put("room", removal.room().value())
            .put("digest", removal.digest())
            .put("identity", removal.identity())
            .put("at", removal.atSeconds())
            .put("until", removal.untilSeconds());
    return line + "\n";
  }

  private static void requireVersion(long version) {
    if (version != VERSION) {
      throw new IllegalStateException("it is of version " + version + ", not " + VERSION);
    }
  }

  private static Removal removal(JsonFields fields) {
    String digest = fields.text("digest");
    if (digest.length() != DIGEST_LENGTH) {
      throw new InvalidMessageException("digest", "must have " + DIGEST_LENGTH + " characters");
    }
    return new Removal(
        fields.parsed("room", RoomId::new),
        digest,
        fields.optionalText("identity"),
        fields.integer("at"),
        fields.integer("until"));
  }
}
