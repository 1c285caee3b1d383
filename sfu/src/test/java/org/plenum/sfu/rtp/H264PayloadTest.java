package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class H264PayloadTest {
  /// STAP-A (NRI 3, type 24): SPS of 4 bytes (67 42 C0 1F), PPS of 3 (68 CE 3C), IDR slice of 2
  /// whose first bit says macroblock 0 (65 88).
  private static final String KEY_FRAME = "78 0004 6742C01F 0003 68CE3C 0002 6588";

  private final H264Payload payload = new H264Payload();

  private boolean parse(String hex) {
    return parse(Hex.bytes(hex));
  }

  private boolean parse(byte[] bytes) {
    return payload.parse(MemorySegment.ofArray(bytes), 0, bytes.length);
  }

  @Test
  void readsASingleSlice() { // NRI 2, type 1; first_mb_in_slice 0
    MemorySegment slab = Hex.segment("FFFF 41 9A 00");
    assertTrue(payload.parse(slab, 2, 3));
    assertEquals(1, payload.nalType());
    assertTrue(payload.mayStartAccessUnit());
    assertFalse(payload.hasParameterSets());
    assertFalse(payload.startsIdr());
  }

  @Test
  void readsASingleIdrSliceAndASingleParameterSet() {
    assertTrue(parse("65 88 84"));
    assertEquals(5, payload.nalType());
    assertTrue(payload.startsIdr());
    assertFalse(payload.hasParameterSets());
    assertTrue(parse("67 42 C0 1F"));
    assertTrue(payload.hasParameterSets());
    assertFalse(payload.startsIdr());
    assertTrue(payload.mayStartAccessUnit());
  }

  @Test
  void aPictureParameterSetAloneStartsNoDecoder() {
    assertTrue(parse("68 CE 3C"));
    assertFalse(payload.hasParameterSets());
  }

  @Test
  void aLaterSliceStartsNothing() { // first_mb_in_slice 1 is Exp-Golomb 010
    assertTrue(parse("65 40 00"));
    assertFalse(payload.startsIdr());
    assertFalse(payload.mayStartAccessUnit());
    assertTrue(parse("41 40 00"));
    assertFalse(payload.mayStartAccessUnit());
  }

  @Test
  void walksAnAggregationPacket() {
    assertTrue(parse(KEY_FRAME));
    assertEquals(7, payload.nalType());
    assertTrue(payload.hasParameterSets());
    assertTrue(payload.startsIdr());
    assertTrue(payload.mayStartAccessUnit());
  }

  @Test
  void onlyTheFirstNalUnitSaysWhereTheAccessUnitStarts() { // SEI, then a later slice
    assertTrue(parse("78 0002 0605 0002 4140"));
    assertTrue(payload.mayStartAccessUnit());
    assertTrue(parse("78 0002 4140 0002 4140"));
    assertFalse(payload.mayStartAccessUnit());
  }

  @Test
  void readsFragments() { // FU-A (NRI 3, type 28): S, neither, E of an IDR slice
    assertTrue(parse("7C 85 88 00"));
    assertEquals(5, payload.nalType());
    assertTrue(payload.startsIdr());
    assertTrue(payload.mayStartAccessUnit());
    for (String later : new String[] {"7C 05 88 00", "7C 45 88 00"}) {
      assertTrue(parse(later));
      assertEquals(5, payload.nalType());
      assertFalse(payload.startsIdr());
      assertFalse(payload.mayStartAccessUnit());
    }
  }

  @Test
  void aFragmentedLaterSliceStartsNothing() {
    assertTrue(parse("7C 85 40 00"));
    assertFalse(payload.startsIdr());
    assertFalse(payload.mayStartAccessUnit());
  }

  @Test
  void readsTheFirstFragmentOfInterleavedMode() { // FU-B: S, decoding order number 7
    assertTrue(parse("7D 85 0007 88"));
    assertTrue(payload.startsIdr());
    assertFalse(parse("7D 05 0007 88"), "FU-B only begins a NAL unit, RFC 6184 §5.8");
    assertFalse(parse("7D 85 0007"));
  }

  @Test
  void aFragmentIsNotBothFirstAndLast() { // RFC 6184 §5.8
    assertFalse(parse("7C C5 88 00"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 25, 26, 27, 30, 31})
  void refusesReservedAndInterleavedTypes(int type) {
    assertFalse(parse(new byte[] {(byte) type, 0, 1, 0x65, 0, 0, 0, 0}));
    assertFalse(parse(new byte[] {0x7C, (byte) (0x80 | type), 0, 0}), "in a fragment");
    assertFalse(parse(new byte[] {0x7C, (byte) type, 0, 0}), "in a later fragment");
    assertFalse(parse(new byte[] {0x78, 0, 2, (byte) type, 0}), "in an aggregation packet");
  }

  @Test
  void aggregationPacketsDoNotNest() {
    assertFalse(parse("78 0005 78 0002 6588"));
    assertFalse(parse("7C 98 88 00"));
    assertFalse(parse("7C 9C 88 00"));
  }

  @Test
  void sizesMustAddUp() {
    assertFalse(parse("78"), "no NAL unit");
    assertFalse(parse("78 0000"), "an empty NAL unit");
    assertFalse(parse("78 0003 6588"), "a byte short");
    assertFalse(parse("78 0002 6588 00"), "half a size");
    assertFalse(parse("78 FFFF 6588"));
  }

  @Test
  void forgetsThePacketBefore() {
    assertTrue(parse(KEY_FRAME));
    assertTrue(parse("7C 41 00"));
    assertFalse(payload.hasParameterSets());
    assertFalse(payload.startsIdr());
    assertTrue(parse("41 9A"));
    assertTrue(payload.mayStartAccessUnit());
  }

  @Test
  void refusesEveryTruncationInsideANalUnit() {
    HostileBytes.truncations(
        Hex.bytes(KEY_FRAME),
        bytes ->
            // Cut after the SPS or after the PPS it is a shorter packet, but a whole one.
            assertEquals(bytes.length == 7 || bytes.length == 12, parse(bytes), "" + bytes.length));
    HostileBytes.truncations(Hex.bytes("7C 85 88"), bytes -> assertFalse(parse(bytes)));
  }

  @Test
  void staysInBoundsWhateverComes() {
    HostileBytes.flippedBits(Hex.bytes(KEY_FRAME), this::check);
    HostileBytes.flippedBits(Hex.bytes("7C 85 88 84"), this::check);
    HostileBytes.flippedBits(Hex.bytes("7D 85 0007 88"), this::check);
    HostileBytes.noise(this::check);
  }

  private void check(byte[] bytes) {
    H264PayloadFuzzTest.check(payload, bytes);
  }
}
