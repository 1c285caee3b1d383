package org.plenum.sfu.rtcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.rtp.Hex;

class RtcpWriterTest {
  private final byte[] array = new byte[4096];
  private final MemorySegment slab = MemorySegment.ofArray(array);
  private final RtcpWriter writer = new RtcpWriter();

  RtcpWriterTest() {
    Arrays.fill(array, (byte) 0xFF);
    writer.begin(slab, 8, 2_000);
  }

  private void assertWritten(String hex) {
    assertEquals(Hex.strip(hex), Hex.of(slab, 8, writer.length()));
  }

  private List<String> read() {
    var handler = new RecordingHandler();
    assertTrue(RtcpReader.read(slab, 8, writer.length(), handler));
    return handler.calls;
  }

  @Test
  void writesASenderReportWithABlock() { // RFC 3550 §6.4.1
    assertTrue(writer.senderReport(0xBEEF, 0xB44DB705200000FFL, -16, 7, 1200));
    assertTrue(writer.reportBlock(0xCAFE, 64, -2, 0x1FFFF, 16, 0xB7052000, 0x54000));
    assertWritten(
        "81C8000C 0000BEEF B44DB705 200000FF FFFFFFF0 00000007 000004B0"
            + "0000CAFE 40 FFFFFE 0001FFFF 00000010 B7052000 00054000");
  }

  @Test
  void writesTheReportOfAParticipantWithCname() { // RFC 3550 §6.4.2 and §6.5
    assertTrue(writer.receiverReport(1));
    assertTrue(writer.sdes(1, "ab".getBytes(StandardCharsets.US_ASCII)));
    assertTrue(writer.sdes(2, "a".getBytes(StandardCharsets.US_ASCII)));
    assertWritten(
        "80C90001 00000001 81CA0003 00000001 01026162 00000000 81CA0002 00000002 01016100");
  }

  @Test
  void answersTheReferenceTimeOfAReceiver() { // RFC 3611 §4.5
    assertTrue(writer.delaySinceLastReceiverReport(1, 0xBEEF, 0xB7052000, 0x54000));
    assertWritten("80CF0005 00000001 05000003 0000BEEF B7052000 00054000");
    assertEquals(List.of(), read());
  }

  @Test
  void clampsTheCumulativeLossTo24Bits() { // RFC 3550 §A.3
    assertTrue(writer.receiverReport(1));
    assertTrue(writer.reportBlock(2, 0, Integer.MAX_VALUE, 0, 0, 0, 0));
    assertTrue(writer.reportBlock(2, 0, Integer.MIN_VALUE, 0, 0, 0, 0));
    assertTrue(read().get(0).contains("lost=8388607 "));
    assertTrue(read().get(1).contains("lost=-8388608 "));
  }

  @Test
  void packsANackIntoPidAndMask() { // RFC 4585 §6.2.1
    int[] lost = {65_534, 65_535, 0, 14, 15, 100, 100, 117};
    assertTrue(writer.nack(1, 0xCAFE, lost, lost.length));
    assertWritten("81CD0006 00000001 0000CAFE FFFE8003 000F0000 00640000 00750000");
  }

  @Test
  void writesKeyFrameRequests() { // RFC 4585 §6.3.1, RFC 5104 §4.3.1
    assertTrue(writer.pictureLossIndication(1, 0xCAFE));
    assertTrue(writer.fullIntraRequest(1, 0xCAFE, 255));
    assertWritten("81CE0002 00000001 0000CAFE 84CE0004 00000001 00000000 0000CAFE FF000000");
  }

  @Test
  void padsTransportCcWithZeros() {
    byte[] fci = Hex.bytes("0001 0001 00000A 00 2001 07 FFFF");
    assertTrue(writer.transportCc(1, 2, fci, 11));
    assertTrue(writer.bye(9));
    assertWritten("8FCD0005 00000001 00000002 00010001 00000A00 20010700 81CB0001 00000009");
  }

  @Test
  void refusesThe32ndBlock() {
    assertTrue(writer.receiverReport(1));
    for (int i = 0; i < 31; i++) {
      assertTrue(writer.reportBlock(i, 0, 0, 0, 0, 0, 0));
    }
    int length = writer.length();
    assertFalse(writer.reportBlock(31, 0, 0, 0, 0, 0, 0));
    assertEquals(length, writer.length());
    assertEquals(31, read().size());
  }

  @Test
  void aBlockNeedsAReport() {
    assertThrows(IllegalStateException.class, () -> writer.reportBlock(1, 0, 0, 0, 0, 0, 0));
    assertTrue(writer.receiverReport(1));
    assertTrue(writer.bye(1));
    assertThrows(IllegalStateException.class, () -> writer.reportBlock(1, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void refusesArgumentsWithoutMeaning() {
    assertThrows(IllegalArgumentException.class, () -> writer.nack(1, 2, new int[0], 0));
    assertThrows(IllegalArgumentException.class, () -> writer.sdes(1, new byte[0]));
    assertThrows(IllegalArgumentException.class, () -> writer.sdes(1, new byte[256]));
  }

  @Test
  void nothingIsWrittenPastTheLimit() {
    writer.begin(slab, 8, 12);
    assertFalse(writer.senderReport(1, 2, 3, 4, 5));
    assertFalse(writer.fullIntraRequest(1, 2, 3));
    assertFalse(writer.nack(1, 2, new int[] {1}, 1));
    assertFalse(writer.transportCc(1, 2, new byte[8], 8));
    assertFalse(writer.sdes(1, new byte[] {'a', 'b', 'c', 'd'}));
    assertEquals(0, writer.length());
    assertTrue(writer.receiverReport(1));
    assertFalse(writer.reportBlock(1, 0, 0, 0, 0, 0, 0));
    assertFalse(writer.bye(1));
    assertFalse(writer.pictureLossIndication(1, 2));
    assertFalse(writer.receiverReport(1));
    assertWritten("80C90001 00000001");
    assertEquals("ff".repeat(100), Hex.of(slab, 16, 100));
  }

  @Test
  void aRefusedReportTakesNoBlocksForAnEarlierOne() {
    writer.begin(slab, 8, 34);
    assertTrue(writer.receiverReport(1));
    assertFalse(writer.senderReport(2, 0, 0, 0, 0));
    assertThrows(IllegalStateException.class, () -> writer.reportBlock(1, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void theReaderFindsEveryRandomNack() {
    var random = new Random(5);
    for (int round = 0; round < 200; round++) {
      int[] lost = new int[1 + random.nextInt(60)];
      int next = 65_000 + random.nextInt(1_000);
      var expected = new ArrayList<String>();
      for (int i = 0; i < lost.length; i++) {
        next += 1 + random.nextInt(20);
        lost[i] = next & 0xFFFF;
        expected.add(String.format("NACK 0000cafe %d", lost[i]));
      }
      writer.begin(slab, 8, 2_000);
      assertTrue(writer.nack(1, 0xCAFE, lost, lost.length));
      assertEquals(expected, read());
    }
  }

  @Test
  void theReaderFindsARandomReport() {
    var random = new Random(6);
    for (int round = 0; round < 200; round++) {
      int ssrc = random.nextInt();
      long ntp = random.nextLong();
      int rtp = random.nextInt();
      int packets = random.nextInt(1 << 30);
      int highest = random.nextInt();
      int lsr = random.nextInt();
      int fraction = random.nextInt(256);
      int lost = random.nextInt(1 << 24) - (1 << 23);
      writer.begin(slab, 8, 2_000);
      assertTrue(writer.senderReport(ssrc, ntp, rtp, packets, packets / 2));
      assertTrue(writer.reportBlock(rtp, fraction, lost, highest, packets, lsr, ~lsr));
      var expected = new RecordingHandler();
      expected.onSenderReport(ssrc, ntp, rtp, packets, packets / 2);
      expected.onReportBlock(ssrc, rtp, fraction, lost, highest, packets, lsr, ~lsr);
      assertEquals(expected.calls, read());
    }
  }
}
