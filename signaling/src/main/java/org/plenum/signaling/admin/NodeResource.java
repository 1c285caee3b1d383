package org.plenum.signaling.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.plenum.cluster.NodeInfo;
import org.plenum.sfu.RoomId;

/// `/nodes`, `/nodes/{node}/drain` and `/rooms/{room}/move`.
final class NodeResource {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final RoomResource rooms;

  /// Null while this server is alone.
  private volatile @Nullable NodeActions actions;

  NodeResource(RoomResource rooms) {
    this.rooms = rooms;
  }

  void begin(NodeActions cluster) {
    actions = cluster;
  }

  ApiReply list(Caller caller) {
    caller.requireList();
    NodeActions cluster = cluster();
    ObjectNode json = NODES.objectNode();
    var list = json.putArray("nodes");
    for (NodeInfo each : cluster.nodes()) {
      ObjectNode node = list.addObject();
      node.put("node", each.name())
          .put("id", each.id())
          .put("region", each.region())
          .put("version", each.version())
          .put("load", each.load() / 1000.0)
          .put("rooms", each.rooms())
          .put("participants", each.participants())
          .put("draining", each.draining());
      each.urls().forEach(node.putArray("urls")::add);
      each.media().forEach(node.putArray("media")::add);
    }
    return ApiReply.json(200, json.put("quorum", cluster.hasQuorum()));
  }

  /// The node is the one that was named: the request was carried there.
  ApiReply drain(Caller caller) {
    caller.requireCreate();
    caller.requireList();
    return ApiReply.json(200, NODES.objectNode().put("moved", cluster().drain()));
  }

  ApiReply move(Caller caller, RoomId room, ApiRequest request) {
    caller.requireCreate();
    String node = request.fields("node").optionalText("node");
    return ApiReply.json(
        200,
        NODES
            .objectNode()
            .put("room", room.value())
            .put("node", cluster().move(rooms.find(room), node)));
  }

  private NodeActions cluster() {
    NodeActions cluster = actions;
    if (cluster == null) {
      throw ApiRefusal.notFound("this server is no node of a cluster");
    }
    return cluster;
  }
}
