package org.plenum.signaling.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.plenum.cluster.NodeInfo;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.admin.ApiReply;
import org.plenum.signaling.admin.ApiRequest;
import org.plenum.signaling.protocol.PathSegment;
import org.plenum.signaling.protocol.Problem;
import org.plenum.signaling.protocol.UnfinishedBodyException;
import org.plenum.signaling.whip.WhipReply;
import org.plenum.signaling.whip.WhipRequest;
import org.plenum.signaling.whip.WhipStatus;

/// Requests for a room of another node are carried there; lists are the union of all nodes'.
public final class RoutedRequests {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String API = "api";
  private static final String WHIP = "whip";

  /// Longer than a room may take to answer.
  private static final long PATIENCE_MILLIS = 15_000;

  private static final byte[] NOTHING = {};
  private static final int USUAL_PAGE = 100;
  private static final int MOST_PAGE = 1000;

  private final Nodes nodes;
  private final Function<ApiRequest, ApiReply> api;
  private final Function<WhipRequest, WhipReply> whip;

  /// @param api answers for this node alone
  /// @param whip the same
  public RoutedRequests(
      Nodes nodes, Function<ApiRequest, ApiReply> api, Function<WhipRequest, WhipReply> whip) {
    this.nodes = nodes;
    this.api = api;
    this.whip = whip;
    nodes.cluster().links().answer(API, (_, body) -> bytes(write(api.apply(apiRequest(body)))));
    nodes.cluster().links().answer(WHIP, (_, body) -> bytes(write(whip.apply(whipRequest(body)))));
  }

  /// Never throws.
  public ApiReply api(ApiRequest request) {
    try {
      List<String> path = request.path();
      if (path.equals(List.of("rooms"))) {
        return rooms(request);
      }
      if (path.equals(List.of("events")) && request.method().equals("GET")) {
        return events(request);
      }
      if (path.equals(List.of("server"))) {
        return server(request);
      }
      String node = apiNode(request);
      ApiReply reply = node == null ? api.apply(request) : ask(node, request);
      return isRoom(request, reply) ? withNode(reply, node) : reply;
    } catch (RefusedException e) {
      return refusal(503, "Service Unavailable", "" + e.getMessage());
    } catch (UnfinishedBodyException e) {
      return api.apply(request); // which says so
    }
  }

  private static boolean isRoom(ApiRequest request, ApiReply reply) {
    List<String> path = request.path();
    return reply.status() == 200
        && request.method().equals("GET")
        && path.size() == 2
        && path.getFirst().equals("rooms");
  }

  private ApiReply withNode(ApiReply reply, @Nullable String node) {
    ObjectNode json = (ObjectNode) json(reply.body());
    json.put("node", nameOf(node));
    return new ApiReply(reply.status(), reply.headers(), reply.contentType(), json + "\n");
  }

  /// @param node null: this one
  private String nameOf(@Nullable String node) {
    return nodes.nameOf(node == null ? nodes.cluster().self() : node);
  }

  /// Never throws.
  public WhipReply whip(WhipRequest request) {
    try {
      String node = whipNode(request);
      if (node == null) {
        return whip.apply(request);
      }
      return whipReply(nodes.ask(node, WHIP, bytes(write(request)), PATIENCE_MILLIS));
    } catch (RefusedException e) {
      return new WhipReply(
          WhipStatus.SERVICE_UNAVAILABLE,
          List.of(
              new WhipReply.Header("Retry-After", "1"),
              new WhipReply.Header("Access-Control-Allow-Origin", "*")),
          "");
    } catch (UnfinishedBodyException e) {
      return whip.apply(request); // which says so
    }
  }

  private @Nullable String apiNode(ApiRequest request) {
    List<String> path = request.path();
    if (path.size() == 3 && path.getFirst().equals("nodes")) {
      return namedNode(path.get(1));
    }
    if (path.size() < 2 || !path.getFirst().equals("rooms")) {
      return null;
    }
    try {
      boolean opens = path.size() == 2 && request.method().equals("PUT");
      return nodes.remote(new RoomId(path.get(1)), opens);
    } catch (IllegalArgumentException e) {
      return null; // the API says what is wrong with the name
    }
  }

  private @Nullable String namedNode(String name) {
    String self = nodes.cluster().self();
    for (NodeInfo each : nodes.nodes()) {
      if (each.name().equals(name) || each.id().equals(name)) {
        return each.id().equals(self) ? null : each.id();
      }
    }
    throw new RefusedException(
        RefusedException.Reason.RESTARTING, "there is no node of this name now");
  }

  private @Nullable String whipNode(WhipRequest request) {
    String[] segments = request.path().split("/", -1);
    if (segments.length < 3 || request.method().equals("OPTIONS")) {
      return null;
    }
    try {
      boolean opens = request.method().equals("POST");
      return nodes.remote(new RoomId(PathSegment.decode(segments[2])), opens);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private ApiReply ask(String node, ApiRequest request) {
    return apiReply(nodes.ask(node, API, bytes(write(request)), PATIENCE_MILLIS));
  }

  private ApiReply events(ApiRequest request) {
    Map<String, String> others = new LinkedHashMap<>();
    nodes.others().forEach(id -> others.put(id, nodes.nameOf(id)));
    return RoutedEvents.list(
        request,
        nameOf(null),
        others,
        nodes.away(),
        (node, asked) -> node == null ? api.apply(asked) : ask(node, asked));
  }

  /// The rooms of all nodes, in order of their names.
  private ApiReply rooms(ApiRequest request) {
    ApiReply checked = api.apply(with(request, Map.of("limit", query(request, "limit"))));
    if (checked.status() != 200 || !request.method().equals("GET")) {
      return checked;
    }
    for (String name : request.query().keySet()) {
      if (!name.equals("limit") && !name.equals("after")) {
        return api.apply(request); // which says that there is no such parameter
      }
    }
    List<JsonNode> all = new ArrayList<>();
    collect(request, api, nameOf(null), all);
    for (String node : nodes.others()) {
      collect(request, page -> ask(node, page), nameOf(node), all);
    }
    all.sort(Comparator.comparing(room -> room.path("room").asText()));
    String after = request.query().getOrDefault("after", "");
    int limit = Integer.parseInt(query(request, "limit"));
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode list = json.putArray("rooms");
    String last = null;
    boolean more = false;
    for (JsonNode room : all) {
      String name = room.path("room").asText();
      if (name.compareTo(after) <= 0 || name.equals(last)) {
        continue;
      }
      if (list.size() == limit) {
        more = true;
        break;
      }
      list.add(room);
      last = name;
    }
    json.put("next", more ? last : null);
    return new ApiReply(200, Map.of(), "application/json", json + "\n");
  }

  private static String query(ApiRequest request, String name) {
    return request.query().getOrDefault(name, USUAL_PAGE + "");
  }

  /// All rooms of one node, page by page.
  private static void collect(
      ApiRequest request, Function<ApiRequest, ApiReply> node, String name, List<JsonNode> all) {
    String after = "";
    do {
      Map<String, String> query = new HashMap<>(Map.of("limit", MOST_PAGE + ""));
      if (!after.isEmpty()) {
        query.put("after", after);
      }
      ApiReply reply = node.apply(with(request, query));
      if (reply.status() != 200) {
        return; // it closed between two pages: the list is as of then
      }
      JsonNode page = json(reply.body());
      page.path("rooms").forEach(room -> all.add(((ObjectNode) room).put("node", name)));
      after = page.path("next").asText("");
    } while (!after.isEmpty() && !after.equals("null"));
  }

  private ApiReply server(ApiRequest request) {
    ApiReply own = api.apply(request);
    if (own.status() != 200) {
      return own;
    }
    ObjectNode json = (ObjectNode) json(own.body());
    List<NodeInfo> all = nodes.nodes();
    json.put("rooms", all.stream().mapToInt(NodeInfo::rooms).sum());
    json.put("participants", all.stream().mapToInt(NodeInfo::participants).sum());
    json.put("nodes", all.size());
    return new ApiReply(200, own.headers(), own.contentType(), json + "\n");
  }

  static ApiRequest with(ApiRequest request, Map<String, String> query) {
    return new ApiRequest(
        request.method(),
        request.path(),
        query,
        request.authorization(),
        request.contentType(),
        request.source(),
        request.local());
  }

  private static ApiReply refusal(int status, String title, String detail) {
    Problem problem = Problem.of(status, title, detail).retryAfter(1);
    return new ApiReply(status, Map.of("Retry-After", "1"), Problem.CONTENT_TYPE, problem.toJson());
  }

  private static ObjectNode write(ApiRequest request) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("method", request.method());
    request.path().forEach(json.putArray("path")::add);
    texts(json.putObject("query"), request.query());
    json.put("authorization", request.authorization());
    json.put("contentType", request.contentType());
    json.put("local", request.local());
    json.put("body", hasBody(request.method()) ? request.source().get() : NOTHING);
    return json;
  }

  private static boolean hasBody(String method) {
    return !method.equals("GET") && !method.equals("HEAD");
  }

  private static ApiRequest apiRequest(byte[] bytes) {
    JsonNode json = json(bytes);
    List<String> path = new ArrayList<>();
    json.path("path").forEach(segment -> path.add(segment.asText()));
    byte[] body = binary(json.path("body"));
    return new ApiRequest(
        json.path("method").asText(),
        path,
        texts(json.path("query")),
        text(json.path("authorization")),
        text(json.path("contentType")),
        () -> body,
        json.path("local").asBoolean());
  }

  private static ObjectNode write(ApiReply reply) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("status", reply.status());
    texts(json.putObject("headers"), reply.headers());
    json.put("contentType", reply.contentType());
    json.put("body", reply.body());
    return json;
  }

  private static ApiReply apiReply(byte[] bytes) {
    JsonNode json = json(bytes);
    return new ApiReply(
        json.path("status").asInt(),
        texts(json.path("headers")),
        json.path("contentType").asText(),
        json.path("body").asText());
  }

  private static ObjectNode write(WhipRequest request) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("method", request.method());
    json.put("path", request.path());
    texts(json.putObject("query"), request.query());
    texts(json.putObject("headers"), request.headers());
    json.put("body", hasBody(request.method()) ? request.source().get() : NOTHING);
    return json;
  }

  private static WhipRequest whipRequest(byte[] bytes) {
    JsonNode json = json(bytes);
    byte[] body = binary(json.path("body"));
    return new WhipRequest(
        json.path("method").asText(),
        json.path("path").asText(),
        texts(json.path("query")),
        texts(json.path("headers")),
        () -> body);
  }

  private static ObjectNode write(WhipReply reply) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("status", reply.status().code());
    ArrayNode headers = json.putArray("headers");
    for (WhipReply.Header each : reply.headers()) {
      headers.addObject().put("name", each.name()).put("value", each.value());
    }
    json.put("body", reply.body());
    return json;
  }

  private static WhipReply whipReply(byte[] bytes) {
    JsonNode json = json(bytes);
    List<WhipReply.Header> headers = new ArrayList<>();
    for (JsonNode each : json.path("headers")) {
      headers.add(new WhipReply.Header(each.path("name").asText(), each.path("value").asText()));
    }
    int code = json.path("status").asInt();
    for (WhipStatus status : WhipStatus.values()) {
      if (status.code() == code) {
        return new WhipReply(status, headers, json.path("body").asText());
      }
    }
    return new WhipReply(WhipStatus.INTERNAL_SERVER_ERROR, headers, json.path("body").asText());
  }

  private static void texts(ObjectNode json, Map<String, String> texts) {
    texts.forEach(json::put);
  }

  private static Map<String, String> texts(JsonNode json) {
    Map<String, String> texts = new HashMap<>();
    json.properties().forEach(each -> texts.put(each.getKey(), each.getValue().asText()));
    return texts;
  }

  private static @Nullable String text(JsonNode json) {
    return json.isTextual() ? json.asText() : null;
  }

  private static byte[] binary(JsonNode json) {
    try {
      byte[] value = json.binaryValue();
      return value == null ? new byte[0] : value;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(JsonNode json) {
    try {
      return MAPPER.writeValueAsBytes(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode json(byte[] bytes) {
    try {
      return MAPPER.readTree(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
