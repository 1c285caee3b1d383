package org.plenum.signaling.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.sfu.RefusedException;
import org.plenum.signaling.admin.ApiReply;
import org.plenum.signaling.admin.ApiRequest;

/// Two nodes, of which each counts its events by itself.
class RoutedEventsTest {
  /// When the events of each node happened, in seconds; their indices are from 1.
  private final Map<String, List<Integer>> journals = new HashMap<>();

  private final List<String> away = new ArrayList<>();

  RoutedEventsTest() {
    journals.put("n0", List.of(10, 20, 30, 40));
    journals.put("n,1", List.of(15, 20, 50));
  }

  @Test
  void readsEachEventOnceInTheOrderOfTheirTimes() {
    List<String> read = new ArrayList<>();
    String after = "0";
    for (int i = 0; i < 4; i++) {
      JsonNode page = page(Map.of("limit", "2", "after", after));
      page.path("events").forEach(each -> read.add(text(each)));
      after = page.path("next").asText();
    }
    assertEquals(List.of("n0 1", "n,1 1", "n0 2", "n,1 2", "n0 3", "n0 4", "n,1 3"), read);
    assertEquals(after, page(Map.of("after", after)).path("next").asText());
  }

  @Test
  void whatANodeTellsThatWasAwayIsReadLater() {
    away.add("n,1");
    JsonNode first = page(Map.of());
    assertEquals("[\"n,1\"]", first.path("away").toString());
    assertEquals(4, first.path("events").size());
    away.clear();
    JsonNode second = page(Map.of("after", first.path("next").asText()));
    assertEquals(3, second.path("events").size());
    assertTrue(second.path("away").isEmpty());
  }

  @Test
  void whatNodesHaveForgottenIsAddedUp() {
    assertEquals(2 + 2, page(Map.of()).path("missed").asInt());
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "n0", "n0:", "n0:-1", "n0:x", ":1", "n0:1,", "%zz:1"})
  void aPlaceThatCannotBeReadIsRefused(String after) {
    ApiReply reply = list(Map.of("after", after));
    assertEquals(400, reply.status());
    assertTrue(reply.body().contains("after must be"), reply.body());
  }

  private static String text(JsonNode event) {
    return event.path("node").asText() + " " + event.path("index").asInt();
  }

  private JsonNode page(Map<String, String> query) {
    return RoutedRequests.json(list(query).body());
  }

  private ApiReply list(Map<String, String> query) {
    var request =
        new ApiRequest("GET", List.of("events"), query, null, null, () -> new byte[0], true);
    return RoutedEvents.list(request, "n0", Map.of("id1", "n,1"), List.of(), this::ask);
  }

  private ApiReply ask(@Nullable String id, ApiRequest request) {
    String node = id == null ? "n0" : "n,1";
    if (away.contains(node)) {
      throw new RefusedException(RefusedException.Reason.RESTARTING, "it is away");
    }
    ObjectNode page = JsonNodeFactory.instance.objectNode();
    int after = Integer.parseInt(request.query().get("after"));
    List<Integer> times = journals.get(node);
    int limit = Integer.parseInt(request.query().getOrDefault("limit", "100"));
    var events = page.putArray("events");
    int last = after;
    while (last < times.size() && events.size() < limit) {
      events.addObject().put("createdAt", times.get(last)).put("index", ++last);
    }
    return ApiReply.json(200, page.put("next", last).put("missed", 2));
  }
}
