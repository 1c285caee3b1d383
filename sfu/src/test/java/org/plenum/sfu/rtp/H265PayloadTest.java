package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A NAL unit header is F (1 bit), type (6), layer (6), temporal id + 1 (3): type 19 (IDR_W_RADL)
/// is 26 01, VPS 40 01, SPS 42 01, PPS 44 01, TRAIL_R 02 01, AP 60 01, FU 62 01, PACI 64 01.
class H265PayloadTest {
  private static final String KEY_FRAME =
      "6001 0004 40010C01 0003 420101 0003 4401C1 0004 2601AF00";

  private final H265Payload payload = new H265Payload();

  private boolean parse(String hex) {
    return parse(Hex.bytes(hex));
  }

  private boolean parse(byte[] bytes) {
    return payload.parse(MemorySegment.ofArray(bytes), 0, bytes.length);
  }

  @Test
  void readsASingleSlice() { // TRAIL_R, TemporalId 1, the first slice segment of its picture
    MemorySegment slab = Hex.segment("FFFF 02 02 D0");
    assertTrue(payload.parse(slab, 2, 3));
    assertEquals(1, payload.nalType());
    assertEquals(1, payload.temporalLayer());
    assertTrue(payload.mayStartAccessUnit());
    assertFalse(payload.hasParameterSets());
    assertFalse(payload.startsIrap());
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 17, 18, 19, 20, 21})
  void everyRandomAccessPointIsOne(int type) {
    assertTrue(parse(new byte[] {(byte) (type << 1), 1, (byte) 0x80}));
    assertTrue(payload.startsIrap());
    assertTrue(parse(new byte[] {0x62, 1, (byte) (0x80 | type), (byte) 0x80}));
    assertTrue(payload.startsIrap());
    assertTrue(parse(new byte[] {(byte) (type << 1), 1, 0x7F}), "a later slice segment");
    assertFalse(payload.startsIrap());
    assertFalse(payload.mayStartAccessUnit());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 9, 15, 22, 23})
  void noOtherSliceIsARandomAccessPoint(int type) {
    assertTrue(parse(new byte[] {(byte) (type << 1), 1, (byte) 0x80}));
    assertFalse(payload.startsIrap());
    assertTrue(payload.mayStartAccessUnit());
  }

  @ParameterizedTest
  @ValueSource(ints = {32, 33, 34})
  void everyParameterSetCounts(int type) {
    assertTrue(parse(new byte[] {(byte) (type << 1), 1, 0}));
    assertTrue(payload.hasParameterSets());
    assertTrue(payload.mayStartAccessUnit());
    assertTrue(parse("4E01 05"), "SEI");
    assertFalse(payload.hasParameterSets());
  }

  @Test
  void walksAnAggregationPacket() {
    assertTrue(parse(KEY_FRAME));
    assertEquals(32, payload.nalType());
    assertTrue(payload.hasParameterSets());
    assertTrue(payload.startsIrap());
    assertTrue(payload.mayStartAccessUnit());
  }

  @Test
  void readsFragments() { // FU: S, neither, E of IDR_W_RADL (0x13)
    assertTrue(parse("6201 93 AF"));
    assertEquals(19, payload.nalType());
    assertTrue(payload.startsIrap());
    assertTrue(payload.mayStartAccessUnit());
    for (String later : new String[] {"6201 13 AF", "6201 53 AF"}) {
      assertTrue(parse(later));
      assertEquals(19, payload.nalType());
      assertFalse(payload.startsIrap());
      assertFalse(payload.mayStartAccessUnit());
    }
    assertFalse(parse("6201 D3 AF"), "first and last, RFC 7798 §4.4.3");
  }

  @Test
  void looksThroughPaci() { // A 0, cType 19, PHSsize 3, F0 1, F1 F2 Y 0: 0 010011 00011 1 000
    assertTrue(parse("6401 2638 010203 AF00"));
    assertEquals(19, payload.nalType());
    assertTrue(payload.startsIrap());
    // cType 49, PHSsize 0: 0 110001 00000 0000; then the FU header, S of IDR_W_RADL.
    assertTrue(parse("6401 6200 93 AF"));
    assertTrue(payload.startsIrap());
    assertTrue(payload.mayStartAccessUnit());
    assertFalse(parse("6401 6400 2638 AF"), "PACI in PACI");
    assertFalse(parse("6401 2638 010203"), "nothing behind the extensions");
    assertFalse(parse("6401 2638 01"), "extensions cut");
  }

  @Test
  void refusesWhatIsReserved() {
    assertFalse(parse("6601 0000 00"), "type 51");
    assertFalse(parse("7E01 0000 00"), "type 63");
    assertFalse(parse("0200 D0"), "nuh_temporal_id_plus1 0");
    assertFalse(parse("6201 B0 AF"), "an aggregation packet in fragments");
    assertFalse(parse("6201 30 AF"));
    assertFalse(parse("6001 0004 6001 0000"), "aggregation packets do not nest");
  }

  @Test
  void sizesMustAddUp() {
    assertFalse(parse("6001"), "no NAL unit");
    assertFalse(parse("6001 0001 40"), "less than a header");
    assertFalse(parse("6001 0004 400101"), "a byte short");
    assertFalse(parse("6001 0003 400101 00"), "half a size");
  }

  @Test
  void forgetsThePacketBefore() {
    assertTrue(parse(KEY_FRAME));
    assertTrue(parse("6201 41 00"));
    assertFalse(payload.hasParameterSets());
    assertFalse(payload.startsIrap());
    assertTrue(parse("0201 D0"));
    assertTrue(payload.mayStartAccessUnit());
  }

  @Test
  void refusesEveryTruncationInsideANalUnit() {
    HostileBytes.truncations(
        Hex.bytes(KEY_FRAME),
        bytes -> {
          int length = bytes.length;
          boolean whole = length == 8 || length == 13 || length == 18; // after VPS, SPS, PPS
          assertEquals(whole, parse(bytes), length + " bytes");
        });
    HostileBytes.truncations(Hex.bytes("6201 93 AF"), bytes -> assertFalse(parse(bytes)));
    HostileBytes.truncations(Hex.bytes("6401 2638 010203 AF"), bytes -> assertFalse(parse(bytes)));
  }

  @Test
  void staysInBoundsWhateverComes() {
    HostileBytes.flippedBits(Hex.bytes(KEY_FRAME), this::check);
    HostileBytes.flippedBits(Hex.bytes("6201 93 AF00"), this::check);
    HostileBytes.flippedBits(Hex.bytes("6401 2638 010203 AF00"), this::check);
    HostileBytes.noise(this::check);
  }

  private void check(byte[] bytes) {
    H265PayloadFuzzTest.check(payload, bytes);
  }
}
