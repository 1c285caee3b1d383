package org.plenum.ice.turn;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.ice4j.attribute.Attribute;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.agent.StunFraming;

/// A user name of the REST form (draft-uberti-behave-turn-rest-00 §2.2): `EXPIRY:IDENTITY`.
///
/// @param expirySeconds until when it is good, seconds since 1970
/// @param identity whom it was given to
record TurnUsername(String text, long expirySeconds, String identity) {
  private static final int MAX_BYTES = 128;

  /// Enough until the year 5138, and never too large for a `long`.
  private static final int MAX_EXPIRY_DIGITS = 11;

  /// The one in this message's USERNAME, which nobody has proven; null if it has none of that form.
  /// Never throws on hostile bytes.
  static @Nullable TurnUsername in(MemorySegment bytes, long offset, int length) {
    int position = StunFraming.find(bytes, offset, length, Attribute.USERNAME);
    int said = position < 0 ? 0 : StunFraming.valueLength(bytes, offset, position);
    if (said == 0 || said > MAX_BYTES) {
      return null;
    }
    byte[] value = new byte[said];
    long from = offset + position + StunFraming.ATTRIBUTE_HEADER_BYTES;
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, from, value, 0, said);
    return parse(new String(value, StandardCharsets.ISO_8859_1));
  }

  private static @Nullable TurnUsername parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 1 || colon > MAX_EXPIRY_DIGITS || colon == text.length() - 1) {
      return null;
    }
    long expiry = 0;
    for (int i = 0; i < colon; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return null;
      }
      expiry = 10 * expiry + digit;
    }
    return new TurnUsername(text, expiry, text.substring(colon + 1));
  }

  /// The name under which a media port expects whoever is this user
  /// ([org.plenum.ice.port.MediaPort#expect]). No ufrag has a colon.
  static String expected(String identity) {
    return "turn:" + identity;
  }
}
