package org.plenum.sfu.rtcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.rtp.Hex;

class TransportCcFeedbackReaderTest {
  private final TransportCcFeedbackReader reader = new TransportCcFeedbackReader();

  private boolean parse(String hex) {
    MemorySegment bytes = Hex.segment(hex);
    return reader.parse(bytes, 0, (int) bytes.byteSize());
  }

  private List<String> packets() {
    var packets = new ArrayList<String>();
    reader.forEach(
        new TransportCcFeedbackReader.Handler() {
          @Override
          public void onPacketReceived(int sequenceNumber, int deltaTicks, long arrivalNanos) {
            packets.add(sequenceNumber + " " + deltaTicks + " " + arrivalNanos);
          }

          @Override
          public void onPacketLost(int sequenceNumber) {
            packets.add(sequenceNumber + " lost");
          }
        });
    return packets;
  }

  @Test
  void readsARunOfSmallDeltas() {
    // Base 0xFFFE, 3 packets, reference 2 × 64 ms, message 7; run of 3 small; 0, 1 and 255 ticks.
    assertTrue(parse("FFFE 0003 000002 07 2003 00 01 FF 00"));
    assertEquals(0xFFFE, reader.baseSequenceNumber());
    assertEquals(3, reader.statusCount());
    assertEquals(2, reader.referenceTime());
    assertEquals(7, reader.feedbackCount());
    assertEquals(List.of("65534 0 128000000", "65535 1 128250000", "0 255 192000000"), packets());
  }

  @Test
  void readsAVectorOfOneBitSymbols() { // 10 1000...: packets 1, 3 and 14 received
    assertTrue(parse("0001 000E 000000 00 A801 04 08 0C 00"));
    var expected = new ArrayList<String>();
    for (int i = 1; i <= 14; i++) {
      expected.add(i + " lost");
    }
    expected.set(0, "1 4 1000000");
    expected.set(2, "3 8 3000000");
    expected.set(13, "14 12 6000000");
    assertEquals(expected, packets());
  }

  @Test
  void readsAVectorOfTwoBitSymbols() { // 11 01 10 00 10 01 00 01
    assertTrue(parse("000A 0007 000000 00 D891 01 7FFF 8000 02 03"));
    assertEquals(
        List.of(
            "10 1 250000",
            "11 32767 8192000000",
            "12 lost",
            "13 -32768 0",
            "14 2 500000",
            "15 lost",
            "16 3 1250000"),
        packets());
  }

  @Test
  void readsSeveralChunksAndIgnoresTheSurplusOfTheLast() {
    // Run of 2 lost, run of 1 large, vector of 7 of which one is left and the others are reserved.
    assertTrue(parse("0000 0004 FFFFFF 00 0002 4001 DFFF FFFF 01 000000"));
    assertEquals(-1, reader.referenceTime());
    assertEquals(List.of("0 lost", "1 lost", "2 -1 -64250000", "3 1 -64000000"), packets());
  }

  @Test
  void toleratesAnEmptyRun() {
    assertTrue(parse("0000 0001 000000 00 2000 2001 05"));
    assertEquals(List.of("0 5 1250000"), packets());
  }

  @Test
  void readsAsManyLostPacketsAsTheCountCanSay() {
    assertTrue(parse("0001 FFFF 000000 00" + "1FFF".repeat(9)));
    assertEquals(65_535, packets().size());
    assertFalse(parse("0001 FFFF 000000 00" + "1FFF".repeat(8)));
  }

  @Test
  void refusesLies() {
    assertFalse(parse("0000 0000 000000 00 2001 05"), "no packet");
    assertFalse(parse("0000 0004 000000 00 2003 05 05 05"), "chunks end before the count");
    assertFalse(parse("0000 0003 000000 00 2003 05 05"), "small deltas missing");
    assertFalse(parse("0000 0001 000000 00 4001 05"), "half a large delta");
    assertFalse(parse("0000 0001 000000 00 6001 05 05 05 05"), "reserved symbol in a run");
    assertFalse(parse("0000 0002 000000 00 DC00 05 05 05 05"), "reserved symbol in a vector");
    assertFalse(parse("0000 1FFF 000000 00 3FFF 05"), "a run of 8191 small deltas");
  }

  @Test
  void refusesEveryTruncation() {
    String whole = Hex.strip("000A 0007 000000 00 D891 01 7FFF 8000 02 03");
    for (int length = 0; length < whole.length() / 2; length++) {
      assertFalse(parse(whole.substring(0, 2 * length)), length + " bytes");
    }
  }

  @Test
  void readsRandomMessagesAsTheyWereWritten() {
    var random = new Random(9);
    for (int round = 0; round < 1_000; round++) {
      int base = random.nextInt(0x10000);
      int reference = random.nextInt(1 << 24) - (1 << 23);
      int count = 1 + random.nextInt(100);
      int[] symbols = new int[count];
      var deltas = new StringBuilder();
      var expected = new ArrayList<String>();
      long arrivalNanos = reference * 64_000_000L;
      for (int i = 0; i < count; i++) {
        symbols[i] = random.nextInt(3);
        int sequenceNumber = base + i & 0xFFFF;
        if (symbols[i] == 0) {
          expected.add(sequenceNumber + " lost");
          continue;
        }
        int delta = symbols[i] == 1 ? random.nextInt(256) : random.nextInt(65_536) - 32_768;
        deltas.append(String.format(symbols[i] == 1 ? "%02x" : "%04x", delta & 0xFFFF));
        arrivalNanos += delta * 250_000L;
        expected.add(sequenceNumber + " " + delta + " " + arrivalNanos);
      }
      String head = String.format("%04x%04x%06x00", base, count, reference & 0xFFFFFF);
      assertTrue(parse(head + vectors(symbols) + deltas));
      assertEquals(expected, packets());
    }
  }

  private static String vectors(int[] symbols) {
    var chunks = new StringBuilder();
    for (int i = 0; i < symbols.length; i += 7) {
      int chunk = 0xC000;
      for (int k = 0; k < 7 && i + k < symbols.length; k++) {
        chunk |= symbols[i + k] << 12 - 2 * k;
      }
      chunks.append(String.format("%04x", chunk));
    }
    return chunks.toString();
  }
}
