package org.plenum.signaling.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.plenum.signaling.protocol.InvalidMessageException;
import org.plenum.signaling.webhook.Event;
import org.plenum.signaling.webhook.Journal;

/// `/events`: the journal, for receivers that missed something.
final class EventResource {
  private final Journal journal;

  EventResource(Journal journal) {
    this.journal = journal;
  }

  ApiReply list(Caller caller, Map<String, String> query) {
    caller.requireList();
    int limit = Page.of(Map.of("limit", query.getOrDefault("limit", "100"))).limit();
    long after = index(query.getOrDefault("after", "0"));
    if (after > journal.newest()) {
      throw new InvalidMessageException(
          "after",
          "must be at most the newest event's index, "
              + journal.newest()
              + "; without data.dir a restart begins anew");
    }
    long oldest = journal.oldest();
    List<Event> events = journal.after(after, limit);
    ObjectNode page = JsonNodeFactory.instance.objectNode();
    var list = page.putArray("events");
    events.forEach(event -> list.add(event.body()));
    page.put("next", events.isEmpty() ? after : events.getLast().index());
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
