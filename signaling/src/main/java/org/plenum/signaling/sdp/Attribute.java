package org.plenum.signaling.sdp;

import org.jspecify.annotations.Nullable;

/// One `a=` line (RFC 8866 §5.13).
///
/// @param value what follows the colon; null for a property attribute such as `a=rtcp-mux`
/// @param line where it was read, counted from 1; 0 if it was not read
public record Attribute(String name, @Nullable String value, int line) {
  /// An attribute without a value, to be written.
  public static Attribute of(String name) {
    return new Attribute(name, null, 0);
  }

  /// An attribute to be written.
  public static Attribute of(String name, String value) {
    return new Attribute(name, value, 0);
  }

  /// The value, where the grammar demands one.
  String requireValue() throws SdpException {
    if (value == null || value.isEmpty()) {
      throw error("needs a value");
    }
    return value;
  }

  SdpException error(String message) {
    return new SdpException("a=" + name, "a=" + name + " " + message, line);
  }
}
