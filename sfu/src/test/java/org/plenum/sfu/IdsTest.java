package org.plenum.sfu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "Lobby-2_x.y",
        "...",
        ".hidden",
        "Größe",
        "会议室",
        "комната",
        "חדר",
        "غرفة٣",
        "कमरा",
        "ห้องประชุม",
        "방",
        "ロビー・東",
        "col·laborar",
        "〇",
        "𠀀𐐀"
      })
  void aRoomIsNamedInAnyScript(String name) {
    assertEquals(name, new RoomId(name).value());
  }

  @Test
  void aRoomHasUpTo64CodePoints() {
    assertEquals(256, new RoomId("𠀀".repeat(64)).value().codePoints().mapToLong(_ -> 4).sum());
    assertRefused(RoomId::new, "𠀀".repeat(65), "room must have 1 to 64 characters, not 65");
    assertRefused(RoomId::new, "", "room must have 1 to 64 characters, not 0");
    // 128 code points as typed, 64 once composed
    assertEquals("é".repeat(64), new RoomId("e\u0301".repeat(64)).value());
  }

  @Test
  void aRoomIsTheSameHoweverItWasTyped() {
    assertEquals(new RoomId("Gr\u00F6\u00DFe"), new RoomId("Gro\u0308\u00DFe"));
    assertEquals(new RoomId("\uBC29"), new RoomId("\u1107\u1161\u11BC"));
    assertEquals(new RoomId("\u00C5"), new RoomId("\u212B"));
  }

  static Stream<Arguments> refusedRooms() {
    return Stream.of(
        Arguments.of(".", "must not be"),
        Arguments.of("..", "must not be"),
        Arguments.of("a b", "U+0020"),
        Arguments.of("a;b", "';'"),
        Arguments.of("a/b", "'/'"),
        Arguments.of("a\\b", "'\\'"),
        Arguments.of("a?b", "'?'"),
        Arguments.of("a#b", "'#'"),
        Arguments.of("a%20b", "'%'"),
        Arguments.of("a\nb", "U+000A"),
        Arguments.of("a\u0000", "U+0000"),
        Arguments.of("a\u00A0b", "U+00A0"),
        Arguments.of("a\u3000b", "U+3000"),
        Arguments.of("a\u2028b", "U+2028"),
        Arguments.of("a\u200Bb", "U+200B"),
        Arguments.of("a\u200Db", "U+200D"),
        Arguments.of("\u202Eab", "U+202E"),
        Arguments.of("\uFEFFab", "U+FEFF"),
        Arguments.of("a\u00ADb", "U+00AD"),
        Arguments.of("\u3164", "U+3164"),
        Arguments.of("\u115Fa", "U+115F"),
        Arguments.of("a\uFE0F", "U+FE0F"),
        Arguments.of("a\uDB40\uDD00", "U+E0100"),
        Arguments.of("\u2800", "U+2800"),
        Arguments.of("a\uD800", "U+D800"),
        Arguments.of("\uE000", "U+E000"),
        Arguments.of("\uFFFD", "letters, digits and marks"),
        Arguments.of("\u0301a", "combining mark"));
  }

  @ParameterizedTest
  @MethodSource("refusedRooms")
  void whatSeparatesOrCannotBeSeenIsRefusedByName(String name, String message) {
    assertTrue(assertRefused(RoomId::new, name, message).startsWith("room "));
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "..", "ä", "a b", "a;b", ""})
  void whatProgramsMakeUpIsAscii(String id) {
    assertRefused(ParticipantId::new, id, "participant ");
    assertRefused(TrackId::new, id, "track ");
    assertRefused(Rid::new, id, "rid ");
  }

  @Test
  void aMidIsATokenOfUpTo64Characters() {
    String mid = "!#$%&'*+-.^_`{|}~" + "m".repeat(47);
    assertEquals(mid, new Mid(mid).value());
    assertRefused(Mid::new, mid + "m", "not 65");
    for (String separator : "( ) , / : ; < = > ? @ [ \\ ] \"".split(" ")) {
      assertRefused(Mid::new, "a" + separator, "token characters");
    }
    assertRefused(Mid::new, "a b", "U+0020");
    assertRefused(Mid::new, "ä", "token characters");
  }

  private static String assertRefused(Function<String, ?> id, String value, String message) {
    var refusal = assertThrows(IllegalArgumentException.class, () -> id.apply(value));
    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
    return refusal.getMessage();
  }
}
