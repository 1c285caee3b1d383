package org.plenum.signaling.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.plenum.signaling.protocol.InvalidMessageException;
import org.plenum.signaling.webhook.Event;
import org.plenum.signaling.webhook.Journal;

/// `/events`: the journal, for receivers that missed something.
final class EventResource {
  static final Set<String> PARAMETERS = Set.of("limit", "after", "room");

  private final Journal journal;

  EventResource(Journal journal) {
    this.journal = journal;
  }

  ApiReply list(Caller caller, Map<String, String> query) {
    caller.requireList();
    int limit = Page.of(Map.of("limit", query.getOrDefault("limit", "100"))).limit();
    long after = index(query.getOrDefault("after", "0"));
    String room = query.get("room");
    long newest = journal.newest();
    if (after > newest) {
      throw new InvalidMessageException(
          "after",
          "must be at most the newest event's index, "
              + newest
              + "; without data.dir a restart begins anew");
    }
    long oldest = journal.oldest();
    List<Event> events =
        journal.after(after, limit, event -> room == null || event.room().equals(room));
    ObjectNode page = JsonNodeFactory.instance.objectNode();
    var list = page.putArray("events");
    events.forEach(event -> list.add(event.body()));
    long last = events.isEmpty() ? after : events.getLast().index();
    page.put("next", events.size() < limit ? Math.max(last, newest) : last);
    page.put("missed", Math.max(0, oldest - 1 - after));
    return ApiReply.json(200, page);
  }

  private static long index(String text) {
    try {
      long index = Long.parseLong(text);
      if (index >= 0) {
        return index;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new InvalidMessageException("after", "must be the index of an event");
  }
}
