package org.plenum.sfu;

import java.text.Normalizer;

/// The one place that all texts pass which people see: names, titles, chat. What could change how
/// other text looks, or take more room than it says, is taken out or refused; what is left is in
/// normalization form C.
public final class ShownText {
  /// Of a participant's name.
  public static final int MAX_NAME = 64;

  /// Between two lines of text: more would push what others wrote off the screen.
  private static final int MOST_LINE_FEEDS = 2;

  private ShownText() {}

  /// A participant's name.
  ///
  /// @throws IllegalArgumentException as [#line]
  public static String name(String value) {
    return line("name", value, MAX_NAME);
  }

  /// A text of one line, such as a name or a title: white space of any kind, line breaks included,
  /// becomes single spaces, none at the ends; marks that turn the direction of writing are taken
  /// out.
  ///
  /// @param field for the message
  /// @param mostCodePoints of what is left
  /// @throws IllegalArgumentException if control characters are in it, if nothing of it can be
  ///     seen, or if it is too long
  public static String line(String field, String value, int mostCodePoints) {
    var line = new StringBuilder(value.length());
    boolean space = false;
    for (int codePoint : normal(value)) {
      if (isSpace(codePoint)) {
        space = true;
      } else if (!isDirection(codePoint)) {
        refuseControl(field, codePoint);
        if (space && !line.isEmpty()) {
          line.append(' ');
        }
        space = false;
        line.appendCodePoint(codePoint);
      }
    }
    return checked(field, line.toString(), mostCodePoints);
  }

  /// A text of several lines, such as chat: no more than one empty line in a row, none at the ends;
  /// marks that turn the direction of writing are taken out.
  ///
  /// @param field for the message
  /// @param mostCharacters in UTF-16 units, of what is left
  /// @throws IllegalArgumentException if control characters other than tabs and line breaks are in
  ///     it, if nothing of it can be seen, or if it is too long
  public static String lines(String field, String value, int mostCharacters) {
    var lines = new StringBuilder(value.length());
    int feeds = 0;
    boolean afterReturn = false;
    var blanks = new StringBuilder();
    for (int codePoint : normal(value)) {
      boolean isReturn = codePoint == '\r';
      if (isLineBreak(codePoint)) {
        if (codePoint != '\n' || !afterReturn) { // CR LF is one
          feeds++;
        }
        blanks.setLength(0); // at the end of a line
      } else if (isSpace(codePoint)) {
        blanks.appendCodePoint(codePoint);
      } else if (!isDirection(codePoint)) {
        refuseControl(field, codePoint);
        if (!lines.isEmpty()) {
          lines.repeat('\n', Math.min(feeds, MOST_LINE_FEEDS)).append(blanks);
        }
        feeds = 0;
        lines.appendCodePoint(codePoint);
        blanks.setLength(0);
      }
      afterReturn = isReturn;
    }
    String left = lines.toString();
    if (left.length() > mostCharacters) {
      throw tooLong(field, mostCharacters, left.length());
    }
    return checked(field, left, mostCharacters);
  }

  private static int[] normal(String value) {
    return Normalizer.normalize(value, Normalizer.Form.NFC).codePoints().toArray();
  }

  private static String checked(String field, String text, int mostCodePoints) {
    int length = text.codePointCount(0, text.length());
    if (length > mostCodePoints) {
      throw tooLong(field, mostCodePoints, length);
    }
    if (text.codePoints().allMatch(each -> isInvisible(each) || isSpace(each))) {
      throw new IllegalArgumentException(
          field + " must have 1 to " + mostCodePoints + " characters that can be seen");
    }
    return text;
  }

  private static IllegalArgumentException tooLong(String field, int most, int length) {
    return new IllegalArgumentException(
        field + " must have at most " + most + " characters, not " + length);
  }

  private static void refuseControl(String field, int codePoint) {
    int type = Character.getType(codePoint);
    if (type == Character.CONTROL || type == Character.SURROGATE) {
      throw new IllegalArgumentException(
          field
              + " must not hold control characters, but has "
              + String.format("U+%04X", codePoint));
    }
  }

  private static boolean isLineBreak(int codePoint) {
    return switch (codePoint) {
      case '\n', '\r', 0x0B, '\f', 0x85, 0x2028, 0x2029 -> true;
      default -> false;
    };
  }

  private static boolean isSpace(int codePoint) {
    return isLineBreak(codePoint) || codePoint == '\t' || Character.isSpaceChar(codePoint);
  }

  /// Embeddings, overrides and isolates (UAX #9 §2.1 to §2.4): they reach beyond their own text.
  private static boolean isDirection(int codePoint) {
    return codePoint >= 0x202A && codePoint <= 0x202E || codePoint >= 0x2066 && codePoint <= 0x2069;
  }

  /// Whether a character leaves no ink where it stands alone: control and format characters, what
  /// Unicode calls default ignorable, what is not assigned or private. Joiners and variation
  /// selectors are among them, which have their place within words and emoji. Ordinary spaces are
  /// not.
  static boolean isInvisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> isIgnorable(codePoint);
    };
  }

  /// Default_Ignorable_Code_Point (UAX #44) among letters and marks, and the empty Braille pattern.
  private static boolean isIgnorable(int codePoint) {
    return switch (codePoint) {
      case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0 -> true;
      default ->
          codePoint >= 0x180B && codePoint <= 0x180F
              || codePoint >= 0xFE00 && codePoint <= 0xFE0F
              || codePoint >= 0xE0100 && codePoint <= 0xE01EF;
    };
  }
}
