package org.plenum.sfu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShownTextTest {
  static Stream<Arguments> lines() {
    return Stream.of(
        Arguments.of("Ada Lovelace", "Ada Lovelace"),
        Arguments.of("  Ada \t\u00A0\u3000 Lovelace\r\n", "Ada Lovelace"),
        Arguments.of("Ada\n\n\nLovelace", "Ada Lovelace"),
        Arguments.of("Ada\u2028Lovelace\u0085", "Ada Lovelace"),
        Arguments.of("\u202Eevil\u202C", "evil"),
        Arguments.of("a\u2066b\u2069c\u202Ad", "abcd"),
        Arguments.of("e\u0301", "\u00E9"),
        // joiners and selectors have their place in words and emoji
        Arguments.of("\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645", null),
        Arguments.of("👩\u200D🚀", null),
        Arguments.of("❤\uFE0F", null),
        Arguments.of("محمد", null));
  }

  @ParameterizedTest
  @MethodSource("lines")
  void aLineStaysOneLineAndKeepsToItself(String given, String shown) {
    String expected = shown == null ? given : shown;
    assertEquals(expected, ShownText.line("title", given, 64));
    assertEquals(expected, ShownText.line("title", expected, 64), "the same again");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\n",
        "\u200B",
        "\u200B \u2060",
        "\u3164",
        "\u2800",
        "\u202E\u202C",
        "\uFE0F",
        "\u00AD",
        "\uE000",
        "\u115F"
      })
  void whatCannotBeSeenIsRefused(String text) {
    assertRefused("name", () -> ShownText.name(text));
    assertRefused("text", () -> ShownText.lines("text", text, 100));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u0000b", "a\u0007", "\u001B[31mred", "a\u007F", "a\u009Bb", "a\uD800"})
  void controlCharactersAreRefused(String text) {
    String message = assertRefused("title", () -> ShownText.line("title", text, 100));
    assertTrue(message.contains("control characters, but has U+"), message);
    assertRefused("text", () -> ShownText.lines("text", text, 100));
  }

  @Test
  void aNameHas64CodePoints() {
    assertEquals(128, ShownText.name("🐙".repeat(64)).length());
    assertTrue(
        assertRefused("name", () -> ShownText.name("🐙".repeat(65)))
            .contains("at most 64 characters, not 65"));
    assertEquals(64, ShownText.name("e\u0301".repeat(64)).length());
  }

  @Test
  void severalLinesHaveOneEmptyOneInARow() {
    assertEquals("a\n\nb", ShownText.lines("text", "a" + "\n".repeat(90) + "b", 4096));
    assertEquals("a\n\nb", ShownText.lines("text", "a\r\n\r\n \t\r\n\r\nb\r\n\r\n", 4096));
    assertEquals("a\nb\nc", ShownText.lines("text", "\n\na\r\nb\rc\n\n", 4096));
    assertEquals("if x:\n\t  y", ShownText.lines("text", "if x:\n\t  y  ", 4096));
    assertEquals("a b", ShownText.lines("text", "a\u202E b\u2029", 4096));
    assertRefused("text", () -> ShownText.lines("text", "\n".repeat(90), 4096));
    assertRefused("text", () -> ShownText.lines("text", "x".repeat(4097), 4096));
  }

  private static String assertRefused(String field, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.startsWith(field + " "), message);
    return message;
  }
}
