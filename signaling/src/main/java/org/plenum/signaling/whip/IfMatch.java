package org.plenum.signaling.whip;

import org.jspecify.annotations.Nullable;

/// The condition of a PATCH (RFC 9110 §13.1.1): which ICE session it is about.
final class IfMatch {
  private IfMatch() {}

  /// Throws WhipRefusal unless one of the entity-tags is the present one. `*` matches any, and so
  /// does a quoted `*`, which the example of RFC 9725 §4.3.3 has.
  ///
  /// @param value of the header, null if missing
  static void require(@Nullable String value, String present) {
    if (value == null || value.isBlank()) {
      throw new WhipRefusal(
          WhipStatus.PRECONDITION_REQUIRED,
          "If-Match",
          "If-Match must name the ICE session by its ETag, or be * to restart ICE");
    }
    for (String tag : value.split(",", -1)) {
      String stripped = tag.strip();
      // Weak tags never match here: the comparison is the strong one. Several clients drop the
      // quotes, which belong to an entity-tag.
      if (stripped.equals("*")
          || stripped.equals("\"*\"")
          || stripped.equals(present)
          || present.equals('"' + stripped + '"')) {
        return;
      }
    }
    throw new WhipRefusal(
        WhipStatus.PRECONDITION_FAILED,
        "If-Match",
        "If-Match names another ICE session than the present one");
  }
}
