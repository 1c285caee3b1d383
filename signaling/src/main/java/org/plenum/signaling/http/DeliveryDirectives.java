package org.plenum.signaling.http;

import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.live.LiveRequest;

/// Reads the query of a request for a playlist (RFC 8216bis §6.2.5). Other parameters are left out.
final class DeliveryDirectives {
  /// More digits than any broadcast lives to see.
  private static final int MOST_DIGITS = 9;

  /// Says which directive cannot be obeyed, and why.
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  private DeliveryDirectives() {}

  /// @param path of the file, relative to the room's folder
  /// @param query as the request has it, without the question mark; null if there is none
  static LiveRequest read(String path, @Nullable String query) throws RefusedException {
    Integer number = null;
    Integer part = null;
    boolean delta = false;
    for (String pair : query == null ? new String[0] : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String value = pair.substring(equals + 1);
      switch (equals < 0 ? pair : pair.substring(0, equals)) {
        case "_HLS_msn" -> number = once("_HLS_msn", number, value);
        case "_HLS_part" -> part = once("_HLS_part", part, value);
        case "_HLS_skip" -> delta = skips(value);
        default -> {}
      }
    }
    if (part != null && number == null) {
      throw new RefusedException("_HLS_part without _HLS_msn");
    }
    return new LiveRequest(path, number == null ? null : Long.valueOf(number), part, delta);
  }

  private static int once(String name, @Nullable Integer before, String value)
      throws RefusedException {
    if (before != null) {
      throw new RefusedException(name + " is there twice");
    }
    boolean digits = !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits || value.length() > MOST_DIGITS) {
      throw new RefusedException(name + " must be a number of at most " + MOST_DIGITS + " digits");
    }
    return Integer.parseInt(value);
  }

  private static boolean skips(String value) throws RefusedException {
    if (!value.equals("YES") && !value.equals("v2")) {
      throw new RefusedException("_HLS_skip must be YES or v2");
    }
    return true;
  }
}
