package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
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
  void aUnionKnowsTheIdsOfAllSections() { // RFC 9143 §12
    var audio =
        new HeaderExtensionMap(Map.of(HeaderExtension.MID, 1, HeaderExtension.AUDIO_LEVEL, 3));
    var video =
        new HeaderExtensionMap(Map.of(HeaderExtension.MID, 2, HeaderExtension.TRANSPORT_CC, 4));
    var union = HeaderExtensionMap.union(List.of(audio, video, audio));
    assertEquals(1, union.id(HeaderExtension.MID));
    assertEquals(HeaderExtension.MID, union.extension(1));
    assertEquals(HeaderExtension.MID, union.extension(2));
    assertEquals(4, union.id(HeaderExtension.TRANSPORT_CC));
    assertFalse(union.equals(audio));
    assertEquals(HeaderExtensionMap.union(List.of(audio, video)), union);
    assertEquals(audio, HeaderExtensionMap.union(List.of(audio)));
    assertEquals(HeaderExtensionMap.EMPTY, HeaderExtensionMap.union(List.of()));
  }

  @Test
  void aUnionRefusesAnIdForTwo() {
    var one = new HeaderExtensionMap(Map.of(HeaderExtension.MID, 1));
    var other = new HeaderExtensionMap(Map.of(HeaderExtension.MID, 2, HeaderExtension.RID, 1));
    assertThrows(
        IllegalArgumentException.class, () -> HeaderExtensionMap.union(List.of(one, other)));
  }

  @Test
  void mapsAreEqualByTheirIds() {
    var map = new HeaderExtensionMap(Map.of(HeaderExtension.MID, 4));
    assertEquals(new HeaderExtensionMap(Map.of(HeaderExtension.MID, 4)), map);
    assertEquals(new HeaderExtensionMap(Map.of(HeaderExtension.MID, 4)).hashCode(), map.hashCode());
    assertFalse(map.equals(HeaderExtensionMap.EMPTY));
  }
}
