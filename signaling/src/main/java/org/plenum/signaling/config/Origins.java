package org.plenum.signaling.config;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Web origins (RFC 6454 §6.2) as an operator writes them.
final class Origins {
  private static final Pattern FORM =
      Pattern.compile("https?://([\\w.-]+|\\[[0-9a-fA-F:.]+])(:\\d{1,5})?");

  private Origins() {}

  /// In lower case, as browsers send them; null if it is none.
  static @Nullable String parse(String text) {
    String origin = text.toLowerCase(Locale.ROOT);
    return origin.equals("*") || FORM.matcher(origin).matches() ? origin : null;
  }
}
