package org.plenum.sfu;

import java.text.Normalizer;

/// The grammars of all ids, and the only place that checks them. Whoever reads an id, from
/// whichever door, makes the record, whose constructor comes here and refuses by name.
final class Ids {
  /// RFC 5892 appendix A.3 to A.7: punctuation that belongs into words, such as the Catalan middle
  /// dot and that of Katakana.
  private static final String WORD_PUNCTUATION = "\u00B7\u0375\u05F3\u05F4\u30FB";

  private Ids() {}

  /// What programs make up: letters, digits, '.', '_', '-' of ASCII.
  static void require(String name, String value, int mostCharacters) {
    requireLength(name, value, mostCharacters);
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean allowed =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '.'
              || c == '_'
              || c == '-';
      if (!allowed) {
        throw new IllegalArgumentException(
            name + " may hold letters, digits, '.', '_' and '-' only");
      }
    }
    refuseDots(name, value);
  }

  /// What SDP calls a token (RFC 8866 §9).
  static void requireToken(String name, String value, int mostCharacters) {
    requireLength(name, value, mostCharacters);
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c <= ' ' || c >= 0x7F || "\"(),/:;<=>?@[\\]".indexOf(c) >= 0) {
        throw new IllegalArgumentException(
            name + " may hold token characters (RFC 8866 §9) only, not " + shown(c));
      }
    }
  }

  /// What people make up: letters, marks and digits of any script, and '.', '_', '-'. Nothing that
  /// separates, nothing that cannot be seen, so that two names that look alike in one script are
  /// one.
  ///
  /// @return the name in normalization form C: one text however it was typed
  static String name(String name, String value, int mostCodePoints) {
    String normal = Normalizer.normalize(value, Normalizer.Form.NFC);
    int length = normal.codePointCount(0, normal.length());
    if (length < 1 || length > mostCodePoints) {
      throw new IllegalArgumentException(
          name + " must have 1 to " + mostCodePoints + " characters, not " + length);
    }
    for (int i = 0; i < normal.length(); ) {
      int codePoint = normal.codePointAt(i);
      if (!isOfName(codePoint)) {
        throw new IllegalArgumentException(
            name
                + " may hold letters, digits and marks of any script, '.', '_' and '-' only, not "
                + shown(codePoint));
      }
      if (i == 0 && isMark(codePoint)) {
        throw new IllegalArgumentException(
            name + " must not begin with a combining mark, " + shown(codePoint));
      }
      i += Character.charCount(codePoint);
    }
    refuseDots(name, normal);
    return normal;
  }

  private static boolean isOfName(int codePoint) {
    if (codePoint < 0x80) {
      return codePoint >= 'a' && codePoint <= 'z'
          || codePoint >= 'A' && codePoint <= 'Z'
          || codePoint >= '0' && codePoint <= '9'
          || codePoint == '.'
          || codePoint == '_'
          || codePoint == '-';
    }
    return switch (Character.getType(codePoint)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER,
          Character.NON_SPACING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.DECIMAL_DIGIT_NUMBER,
          Character.LETTER_NUMBER,
          Character.OTHER_NUMBER ->
          !ShownText.isInvisible(codePoint);
      default -> WORD_PUNCTUATION.indexOf(codePoint) >= 0;
    };
  }

  private static boolean isMark(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          true;
      default -> false;
    };
  }

  /// Every client resolves these in a path before it asks, so such a thing could not be reached.
  private static void refuseDots(String name, String value) {
    if (value.equals(".") || value.equals("..")) {
      throw new IllegalArgumentException(name + " must not be \".\" or \"..\"");
    }
  }

  private static void requireLength(String name, String value, int mostCharacters) {
    if (value.isEmpty() || value.length() > mostCharacters) {
      throw new IllegalArgumentException(
          name + " must have 1 to " + mostCharacters + " characters, not " + value.length());
    }
  }

  private static String shown(int codePoint) {
    return ShownText.isInvisible(codePoint) || Character.isSpaceChar(codePoint) || isMark(codePoint)
        ? String.format("U+%04X", codePoint)
        : "'" + Character.toString(codePoint) + "'";
  }
}
