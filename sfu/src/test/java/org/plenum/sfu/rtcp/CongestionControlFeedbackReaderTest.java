package org.plenum.sfu.rtcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.rtp.Hex;

class CongestionControlFeedbackReaderTest {
  private final CongestionControlFeedbackReader reader = new CongestionControlFeedbackReader();

  private boolean parse(String hex) {
    MemorySegment bytes = Hex.segment(hex);
    return reader.parse(bytes, 0, (int) bytes.byteSize());
  }

  private List<String> packets() {
    var packets = new ArrayList<String>();
    reader.forEach(
        new CongestionControlFeedbackReader.Handler() {
          @Override
          public void onPacketReceived(int ssrc, int sequenceNumber, int ecn, long arrivalNanos) {
            long ago = (reader.reportNanos() - arrivalNanos) / 1_000_000;
            packets.add(String.format("%x %d ecn=%d %d ms ago", ssrc, sequenceNumber, ecn, ago));
          }

          @Override
          public void onPacketLost(int ssrc, int sequenceNumber) {
            packets.add(String.format("%x %d lost", ssrc, sequenceNumber));
          }
        });
    return packets;
  }

  @Test
  void readsTheStreamsInTurn() {
    // Two streams; the first has three metric blocks and is padded, its numbers wrap.
    assertTrue(
        parse("00000001 FFFF 0003 8400 0000 A200 0000 00000002 0007 0002 8000 FFFF 00018000"));
    assertEquals(1_500_000_000L, reader.reportNanos());
    assertEquals(
        List.of(
            "1 65535 ecn=0 1000 ms ago",
            "1 0 lost",
            "1 1 ecn=1 500 ms ago",
            "2 7 ecn=0 0 ms ago"), // 8 came, nobody knows when
        packets());
  }

  @Test
  void refusesBlocksThatLie() {
    assertFalse(parse("00018000"));
    assertFalse(parse("00000001 0000 0003 8400 0000 00018000"));
    assertFalse(parse("00000001 0000 4001 8400 0000 00018000"));
    assertFalse(parse("00000001 0000 0001 8400 0000 0000 00018000"));
    assertFalse(parse("0000"));
  }

  @Test
  void isFoundInACompound() {
    var found = new ArrayList<Integer>();
    MemorySegment bytes = Hex.segment("8B CD 0006 0000000A 00000001 0005 0001 8000 0000 00018000");
    bytes.set(java.lang.foreign.ValueLayout.JAVA_BYTE, 3, (byte) 5);
    assertTrue(
        RtcpReader.read(
            bytes,
            0,
            24,
            new RecordingHandler() {
              @Override
              public void onCongestionControlFeedback(MemorySegment slab, long at, int length) {
                assertTrue(reader.parse(slab, at, length));
                found.add(length);
              }
            }));
    assertEquals(List.of(16), found);
  }

  @Tag("fuzz")
  @FuzzTest(maxDuration = "5s")
  void everyPacketLiesWithinTheMessage(byte[] bytes) {
    if (reader.parse(MemorySegment.ofArray(bytes), 0, bytes.length)) {
      assertTrue(packets().size() <= bytes.length / 2);
    }
  }
}
