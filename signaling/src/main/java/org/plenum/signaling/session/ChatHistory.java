package org.plenum.signaling.session;

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

  /// In order.
  synchronized List<Line> lines() {
    return List.copyOf(lines);
  }
}
