package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class HeaderExtensionMapTest {
  @Test
  void looksUpBothWays() {
    var map =
        new HeaderExtensionMap(Map.of(HeaderExtension.MID, 14, HeaderExtension.AUDIO_LEVEL, 1));
    assertEquals(14, map.id(HeaderExtension.MID));
    assertEquals(0, map.id(HeaderExtension.TRANSPORT_CC));
    assertEquals(HeaderExtension.AUDIO_LEVEL, map.extension(1));
    assertNull(map.extension(2));
    assertFalse(map.needsTwoByteForm());
    assertTrue(new HeaderExtensionMap(Map.of(HeaderExtension.MID, 16)).needsTwoByteForm());
  }

  @Test
  void refusesReservedAndRepeatedIds() { // RFC 8285 §4.2
    for (int id : new int[] {-1, 0, 15, 256}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new HeaderExtensionMap(Map.of(HeaderExtension.MID, id)));
    }
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new HeaderExtensionMap(Map.of(HeaderExtension.MID, 1, HeaderExtension.AUDIO_LEVEL, 1)));
  }

  @Test
  void mapsAreEqualByTheirIds() {
    var map = new HeaderExtensionMap(Map.of(HeaderExtension.MID, 4));
    assertEquals(new HeaderExtensionMap(Map.of(HeaderExtension.MID, 4)), map);
    assertEquals(new HeaderExtensionMap(Map.of(HeaderExtension.MID, 4)).hashCode(), map.hashCode());
    assertFalse(map.equals(HeaderExtensionMap.EMPTY));
  }
}
