package org.plenum.ice.agent;

import org.ice4j.attribute.Attribute;
import org.ice4j.message.Request;

/// Which comprehension-required attributes (RFC 8489 §14) a Binding request may carry. ice4j
/// decodes those of TURN and of RFC 3489 too, but this agent does nothing that they ask for.
final class UnderstoodAttributes {
  private static final int FIRST_COMPREHENSION_OPTIONAL = 0x8000;
  private static final char[] NONE = {};

  private UnderstoodAttributes() {}

  /// The types that must be refused, in the order of the request; empty if there are none.
  static char[] unknownIn(Request request) {
    StringBuilder unknown = null;
    for (Attribute attribute : request.getAttributes()) {
      char type = attribute.getAttributeType();
      if (type < FIRST_COMPREHENSION_OPTIONAL && !isUnderstood(type)) {
        unknown = unknown == null ? new StringBuilder() : unknown;
        unknown.append(type);
      }
    }
    return unknown == null ? NONE : unknown.toString().toCharArray();
  }

  /// Whether a request with an attribute of this type may be answered with success.
  static boolean mayCarry(int type) {
    return type >= FIRST_COMPREHENSION_OPTIONAL || isUnderstood((char) type);
  }

  private static boolean isUnderstood(char type) {
    return switch (type) {
      case Attribute.USERNAME,
          Attribute.MESSAGE_INTEGRITY,
          Attribute.PRIORITY,
          Attribute.USE_CANDIDATE,
          // Known, and without meaning in a request: ignored (RFC 8489 §6.3).
          Attribute.MAPPED_ADDRESS,
          Attribute.XOR_MAPPED_ADDRESS,
          Attribute.ERROR_CODE,
          Attribute.UNKNOWN_ATTRIBUTES,
          Attribute.REALM,
          Attribute.NONCE ->
          true;
      default -> false;
    };
  }
}
