package org.plenum.signaling.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/// The rules of a room.
///
/// @param on those that say yes
public record RoomRules(Set<Rule> on) {
  /// Where nobody has decided otherwise.
  public static final RoomRules USUAL = usual();

  public RoomRules {
    on = Set.copyOf(on);
  }

  public boolean allow(Rule rule) {
    return on.contains(rule);
  }

  public RoomRules with(Rule rule, boolean allowed) {
    Set<Rule> next = EnumSet.noneOf(Rule.class);
    next.addAll(on);
    if (allowed) {
      next.add(rule);
    } else {
      next.remove(rule);
    }
    return new RoomRules(next);
  }

  /// With those changes that an object of flags names. Throws InvalidMessageException if a name is
  /// that of no rule.
  public RoomRules with(JsonFields flags) {
    flags.only(Arrays.stream(Rule.values()).map(Rule::json).toArray(String[]::new));
    RoomRules next = this;
    for (Rule rule : Rule.values()) {
      next = next.with(rule, flags.flag(rule.json(), allow(rule)));
    }
    return next;
  }

  /// With those changes that stand on the disk; what is no flag is left out.
  public RoomRules with(JsonNode stored) {
    RoomRules next = this;
    for (Rule rule : Rule.values()) {
      next = next.with(rule, stored.path(rule.json()).asBoolean(allow(rule)));
    }
    return next;
  }

  /// Puts a flag for each rule into this object.
  public void putInto(ObjectNode json) {
    for (Rule rule : Rule.values()) {
      json.put(rule.json(), allow(rule));
    }
  }

  private static RoomRules usual() {
    Set<Rule> on = EnumSet.noneOf(Rule.class);
    for (Rule rule : Rule.values()) {
      if (rule.usual()) {
        on.add(rule);
      }
    }
    return new RoomRules(on);
  }
}
