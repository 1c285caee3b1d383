package org.plenum.signaling.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RefusedException;
import org.plenum.signaling.admin.ApiReply;
import org.plenum.signaling.admin.ApiRequest;
import org.plenum.signaling.protocol.Problem;

/// The journals of all nodes as one list. Each node counts its events by itself, so what a reader
/// gives as `after` says how far it has come at each of them: `n0:12,n1:40`. A node that is away
/// keeps its place until it is back. Any thread; blocks.
final class RoutedEvents {
  private static final String AFTER = "after";
  private static final int USUAL_PAGE = 100;

  /// @param node its name
  /// @param next what it says to give as `after`
  /// @param missed events that it has forgotten
  private record Part(String node, List<JsonNode> events, long next, long missed) {}

  private RoutedEvents() {}

  /// @param self this node's name
  /// @param others names by id
  /// @param away names of nodes that should be there and are not
  /// @param ask a node, of which null is this one; throws RefusedException if no answer comes
  static ApiReply list(
      ApiRequest request,
      String self,
      Map<String, String> others,
      List<String> away,
      BiFunction<@Nullable String, ApiRequest, ApiReply> ask) {
    Map<String, Long> places = places(request.query().getOrDefault(AFTER, ""));
    if (places == null) {
      return ApiReply.of(
          Problem.of(
              400,
              "Bad Request",
              "after must be `next` of a page before this one: each node counts its events by"
                  + " itself"));
    }
    ApiReply own = ask.apply(null, at(request, places, self));
    if (own.status() != 200) {
      return own;
    }
    List<Part> parts = new ArrayList<>();
    parts.add(part(self, own));
    List<String> silent = new ArrayList<>(away);
    for (Map.Entry<String, String> other : others.entrySet()) {
      try {
        ApiReply reply = ask.apply(other.getKey(), at(request, places, other.getValue()));
        if (reply.status() != 200) {
          return reply;
        }
        parts.add(part(other.getValue(), reply));
      } catch (RefusedException e) {
        silent.add(other.getValue());
      }
    }
    int limit = Integer.parseInt(request.query().getOrDefault("limit", USUAL_PAGE + ""));
    return ApiReply.json(200, merge(parts, places, silent, limit));
  }

  private static ApiRequest at(ApiRequest request, Map<String, Long> places, String node) {
    Map<String, String> query = new HashMap<>(request.query());
    query.put(AFTER, places.getOrDefault(node, 0L) + "");
    return RoutedRequests.with(request, query);
  }

  private static Part part(String node, ApiReply reply) {
    JsonNode page = RoutedRequests.json(reply.body());
    List<JsonNode> events = new ArrayList<>();
    page.path("events").forEach(events::add);
    return new Part(node, events, page.path("next").asLong(), page.path("missed").asLong());
  }

  /// By their times, of each node in its order: clocks of nodes need not agree.
  private static ObjectNode merge(
      List<Part> parts, Map<String, Long> places, List<String> away, int limit) {
    ObjectNode page = JsonNodeFactory.instance.objectNode();
    ArrayNode list = page.putArray("events");
    Map<String, Long> next = new TreeMap<>(places);
    int[] taken = new int[parts.size()];
    int from = earliest(parts, taken);
    while (from >= 0 && list.size() < limit) {
      Part part = parts.get(from);
      JsonNode event = part.events().get(taken[from]++);
      list.add(((ObjectNode) event).put("node", part.node()));
      next.put(part.node(), event.path("index").asLong());
      from = earliest(parts, taken);
    }
    long missed = 0;
    for (int i = 0; i < taken.length; i++) {
      Part part = parts.get(i);
      missed += part.missed();
      if (taken[i] == part.events().size()) {
        next.put(part.node(), part.next());
      }
    }
    page.put("next", text(next));
    page.put("missed", missed);
    away.forEach(page.putArray("away")::add);
    return page;
  }

  private static int earliest(List<Part> parts, int[] taken) {
    int earliest = -1;
    long time = 0;
    for (int i = 0; i < taken.length; i++) {
      List<JsonNode> events = parts.get(i).events();
      if (taken[i] < events.size()) {
        long its = events.get(taken[i]).path("createdAt").asLong();
        if (earliest < 0 || its < time) {
          earliest = i;
          time = its;
        }
      }
    }
    return earliest;
  }

  private static String text(Map<String, Long> places) {
    StringBuilder text = new StringBuilder();
    places.forEach(
        (node, index) ->
            text.append(text.isEmpty() ? "" : ",")
                .append(URLEncoder.encode(node, StandardCharsets.UTF_8))
                .append(':')
                .append(index));
    return text.toString();
  }

  /// @return null if it is not what [#text] makes
  private static @Nullable Map<String, Long> places(String text) {
    Map<String, Long> places = new HashMap<>();
    if (text.isEmpty() || text.equals("0")) {
      return places;
    }
    try {
      for (String place : text.split(",", -1)) {
        int colon = place.indexOf(':');
        long index = colon < 1 ? -1 : Long.parseLong(place.substring(colon + 1));
        if (index < 0) {
          return null;
        }
        places.put(URLDecoder.decode(place.substring(0, colon), StandardCharsets.UTF_8), index);
      }
      return places;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
