package org.plenum.signaling.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.session.Signaling;
import org.plenum.signaling.store.RoomRulesNow;
import org.plenum.signaling.token.AccessException;
import org.plenum.signaling.token.Token;

/// The rules of rooms, as the nodes that have them know them. Any thread; blocks.
public final class RoutedRules implements RoomRulesNow {
  private static final String SERVICE = "rules";
  private static final long PATIENCE_MILLIS = 5_000;

  private final Nodes nodes;
  private final Signaling signaling;
  private final RoomRulesNow own;

  /// @param own answers for the rooms of this node
  public RoutedRules(Nodes nodes, Signaling signaling, RoomRulesNow own) {
    this.nodes = nodes;
    this.signaling = signaling;
    this.own = own;
    nodes.cluster().links().answer(SERVICE, (_, asked) -> answer(Parcel.read(asked).words()));
  }

  @Override
  public boolean allow(Wish wish, RoomId room, Token token, @Nullable String bearer) {
    String node = nodes.owner(room);
    if (node == null) {
      return own.allow(wish, room, token, bearer);
    }
    if (node.isEmpty()) {
      throw new AccessException(
          AccessException.Kind.UNAVAILABLE, "the node that has room " + room + " is away");
    }
    ObjectNode words =
        Parcel.words("wish", wish.name()).put("room", room.value()).put("token", bearer);
    try {
      return Parcel.read(nodes.ask(node, SERVICE, Parcel.of(words), PATIENCE_MILLIS))
          .words()
          .path("allowed")
          .asBoolean();
    } catch (RefusedException e) {
      throw new AccessException(AccessException.Kind.UNAVAILABLE, "" + e.getMessage());
    }
  }

  private byte[] answer(JsonNode words) {
    boolean allowed;
    try {
      var room = new RoomId(words.path("room").asText());
      JsonNode said = words.path("token");
      String bearer = said.isTextual() ? said.asText() : null;
      Token token = signaling.access().admit(bearer, room);
      allowed = own.allow(Wish.valueOf(words.path("wish").asText()), room, token, bearer);
    } catch (AccessException e) {
      allowed = false;
    }
    return Parcel.of(JsonNodeFactory.instance.objectNode().put("allowed", allowed));
  }
}
