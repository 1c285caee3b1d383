package org.plenum.signaling.sdp;

import org.jspecify.annotations.Nullable;

/// The small grammar rules that all lines share (RFC 8866 §9).
final class Tokens {
  private Tokens() {}

  /// Whether all characters are token-char.
  static boolean isToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7f || "\"(),/:;<=>?@[\\]".indexOf(c) >= 0) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /// A decimal number from 0 to `most`, or -1.
  static long number(@Nullable String text, long most) {
    if (text == null || text.isEmpty() || text.length() > 18) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value <= most ? value : -1;
  }

  static void requireDigits(String what, String text, int line) throws SdpException {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        throw new SdpException(what + " must be a number", line);
      }
    }
  }

  /// What an error message shows of a text: at most 40 characters of it.
  static String shown(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }
}
