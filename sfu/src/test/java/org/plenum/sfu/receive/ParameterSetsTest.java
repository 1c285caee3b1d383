package org.plenum.sfu.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.rtp.Hex;

class ParameterSetsTest {
  private static final String SPS = "6742C01F";
  private static final String PPS = "68CE3C80";

  private final ParameterSets sets = new ParameterSets();

  private void note(CodecName codec, String hex, int timestamp) {
    MemorySegment bytes = Hex.segment(hex);
    sets.note(codec, bytes, 0, (int) bytes.byteSize(), timestamp);
  }

  private void h264(String hex, int timestamp) {
    note(CodecName.H264, hex, timestamp);
  }

  private List<String> kept() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < sets.count(); i++) {
      byte[] bytes = new byte[sets.length(i)];
      sets.copy(i, MemorySegment.ofArray(bytes), 0);
      var text = new StringBuilder();
      for (byte each : bytes) {
        text.append(String.format("%02X", each));
      }
      all.add(text.toString());
    }
    return all;
  }

  @Test
  void keepsSingleAndAggregatedSets() {
    h264(SPS, 1);
    assertFalse(sets.mustPrecede(CodecName.H264, 2), "a decoder needs both");
    h264(PPS, 1);
    assertEquals(List.of(SPS, PPS), kept());
    assertTrue(sets.mustPrecede(CodecName.H264, 2));
    h264("78 0004 6764001F 0004 68EE3C80 0003 658880", 3); // STAP-A with an IDR slice
    assertEquals(List.of("6764001F", "68EE3C80"), kept());
    h264("658880", 4);
    h264("419A", 5);
    assertEquals(2, sets.count());
  }

  @Test
  void keyFrameWithSetsOfItsOwnNeedsNoOthers() {
    h264(SPS, 7);
    h264(PPS, 7);
    assertFalse(sets.mustPrecede(CodecName.H264, 7));
    assertTrue(sets.mustPrecede(CodecName.H264, 8));
  }

  @Test
  void severalOfOneAccessUnitAreKeptTogether() {
    h264(SPS, 1);
    h264(PPS, 1);
    h264("68CE3C81", 1);
    assertEquals(3, sets.count());
    h264("68CE3C82", 2);
    assertEquals(List.of(SPS, "68CE3C82"), kept());
  }

  @Test
  void setsOfH265AreThree() { // RFC 7798 §4.4.2: an aggregation packet, then a slice alone
    note(CodecName.H265, "6001 0004 40010C01 0004 42010101 0004 4401C172", 1);
    assertEquals(List.of("40010C01", "42010101", "4401C172"), kept());
    assertTrue(sets.mustPrecede(CodecName.H265, 2));
    assertFalse(sets.mustPrecede(CodecName.H264, 2));
    h264(SPS, 3);
    assertEquals(List.of(SPS), kept(), "another codec begins anew");
  }

  @Test
  void tooManyOrTooLargeOnesAreWorthNothing() {
    for (int i = 0; i < ParameterSets.MOST_SETS; i++) {
      h264(PPS, 1);
    }
    h264(SPS, 1);
    assertFalse(sets.mustPrecede(CodecName.H264, 2));
    h264(SPS, 3);
    byte[] huge = new byte[ParameterSets.MOST_BYTES + 1];
    huge[0] = 0x68;
    MemorySegment bytes = MemorySegment.ofArray(huge);
    sets.note(CodecName.H264, bytes, 0, huge.length, 3);
    assertEquals(0, sets.count());
  }

  @Test
  void liesAboutLengthsAreNotBelieved() {
    h264("78 FFFF 6764001F", 1);
    h264("78 0000 6764001F", 1);
    h264("78 00", 1);
    h264("78 0004 6764", 1);
    assertEquals(0, sets.count());
  }
}
