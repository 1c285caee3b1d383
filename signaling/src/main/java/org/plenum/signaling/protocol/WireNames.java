package org.plenum.signaling.protocol;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// Spells enum constants as the protocol does: `SCREEN_AUDIO` is `screen-audio`.
public final class WireNames {
  private WireNames() {}

  public static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Throws IllegalArgumentException that lists what is allowed.
  public static <E extends Enum<E>> E parse(Class<E> type, String name) {
    for (E constant : type.getEnumConstants()) {
      if (of(constant).equals(name)) {
        return constant;
      }
    }
    String allowed =
        Arrays.stream(type.getEnumConstants()).map(WireNames::of).collect(Collectors.joining(", "));
    throw new IllegalArgumentException(
        "must be one of " + allowed + ", not \"" + shorten(name, 40) + "\"");
  }

  /// So that a refusal does not repeat a client's 200 KiB.
  public static String shorten(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most) + "…";
  }
}
