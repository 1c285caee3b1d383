package org.plenum.signaling.sdp;

import java.util.Locale;

/// The hash of a certificate: `a=fingerprint` (RFC 8122 §5).
///
/// @param hash lower case, e.g. sha-256
/// @param value upper-case bytes joined by colons
public record Fingerprint(String hash, String value) {
  public static Fingerprint parse(Attribute attribute) throws SdpException {
    String[] fields = attribute.requireValue().trim().split(" +");
    if (fields.length != 2 || !Tokens.isToken(fields[0]) || !isHexBytes(fields[1])) {
      throw attribute.error("must be <hash> <bytes in hexadecimal, joined by colons>");
    }
    return new Fingerprint(fields[0].toLowerCase(Locale.ROOT), fields[1].toUpperCase(Locale.ROOT));
  }

  /// How many bytes the hash has.
  public int lengthBytes() {
    return (value.length() + 1) / 3;
  }

  public Attribute toAttribute() {
    return Attribute.of("fingerprint", hash + " " + value);
  }

  private static boolean isHexBytes(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean fits = i % 3 == 2 ? c == ':' : Character.digit(c, 16) >= 0 && c < 0x7f;
      if (!fits) {
        return false;
      }
    }
    return text.length() % 3 == 2;
  }
}
