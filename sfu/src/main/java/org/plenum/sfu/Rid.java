package org.plenum.sfu;

/// Names one encoding of a simulcast track (RFC 8851 §3, RFC 8852).
///
/// @param value 1 to 16 characters: letters, digits, '-', '_'; it also travels in a header
/// extension
public record Rid(String value) {
  public Rid {
    Ids.require("rid", value, 16);
    if (value.indexOf('.') >= 0) {
      throw new IllegalArgumentException("rid may hold letters, digits, '_' and '-' only");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
