package org.plenum.signaling.sdp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The attributes of a session or of one media section, in order. Names are case-sensitive (RFC
/// 8866 §5).
public record Attributes(List<Attribute> list) {
  public Attributes {
    list = List.copyOf(list);
  }

  public boolean has(String name) {
    return first(name) != null;
  }

  /// The first attribute of that name, or null.
  public @Nullable Attribute first(String name) {
    for (Attribute attribute : list) {
      if (attribute.name().equals(name)) {
        return attribute;
      }
    }
    return null;
  }

  /// The value of the only attribute of that name, or null if there is none. Throws if there are
  /// several or if it has no value.
  public @Nullable String only(String name) throws SdpException {
    Attribute found = null;
    for (Attribute attribute : list) {
      if (attribute.name().equals(name)) {
        if (found != null) {
          throw attribute.error("is given twice");
        }
        found = attribute;
      }
    }
    return found == null ? null : found.requireValue();
  }

  /// All attributes of that name, in order.
  public List<Attribute> all(String name) {
    var found = new ArrayList<Attribute>();
    for (Attribute attribute : list) {
      if (attribute.name().equals(name)) {
        found.add(attribute);
      }
    }
    return found;
  }
}
