package org.plenum.sfu;

/// The one check that all ids share.
final class Ids {
  private Ids() {}

  static void require(String name, String value, int mostCharacters) {
    if (value.isEmpty() || value.length() > mostCharacters) {
      throw new IllegalArgumentException(
          name + " must have 1 to " + mostCharacters + " characters, not " + value.length());
    }
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
  }
}
