package org.plenum.sfu;

/// Names a media section of one transport (RFC 8843 §8, RFC 5888).
///
/// @param value 1 to 16 token characters; it also travels in the MID header extension
public record Mid(String value) {
  public Mid {
    Ids.require("mid", value, 16);
  }

  @Override
  public String toString() {
    return value;
  }
}
