package org.plenum.sfu;

/// Names a media section of one transport (RFC 9143 §8, RFC 5888).
///
/// @param value 1 to 64 token characters (RFC 8866 §9); it also travels in the MID header
/// extension, of which the one-byte form holds 16 (RFC 8285 §4.2)
public record Mid(String value) {
  public Mid {
    Ids.requireToken("mid", value, 64);
  }

  @Override
  public String toString() {
    return value;
  }
}
