package org.plenum.signaling.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.plenum.signaling.protocol.InvalidMessageException;

/// Part of a list: what comes after `after`, at most `limit`.
///
/// @param after key of the last one seen, empty to begin
record Page(int limit, String after) {
  /// What a request for a list may say.
  static final Set<String> PARAMETERS = Set.of("limit", "after");

  private static final int USUAL = 100;
  private static final int MOST = 1000;

  static Page of(Map<String, String> query) {
    String limit = query.getOrDefault("limit", String.valueOf(USUAL));
    int number;
    try {
      number = Integer.parseInt(limit);
    } catch (NumberFormatException e) {
      number = 0;
    }
    if (number < 1 || number > MOST) {
      throw new InvalidMessageException("limit", "must be a number from 1 to " + MOST);
    }
    return new Page(number, query.getOrDefault("after", ""));
  }

  /// In the answer `next` is null at the end, else what to give as `after`.
  ///
  /// @param all in the order that lasts; who is gone leaves no gap
  <T> ObjectNode of(String name, List<T> all, Function<T, String> key, Function<T, JsonNode> json) {
    int from = 0;
    if (!after.isEmpty()) {
      while (from < all.size() && !key.apply(all.get(from)).equals(after)) {
        from++;
      }
      if (from == all.size()) {
        throw new InvalidMessageException("after", "is not in the list any more: begin anew");
      }
      from++;
    }
    List<T> part = all.subList(from, Math.min(all.size(), from + limit));
    ObjectNode page = JsonNodeFactory.instance.objectNode();
    var list = page.putArray(name);
    part.forEach(element -> list.add(json.apply(element)));
    boolean more = from + part.size() < all.size();
    page.put("next", more ? key.apply(part.getLast()) : null);
    return page;
  }
}
