package org.plenum.sfu.rtcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.rtp.Hex;

class RtcpReaderTest {
  private static final String BLOCK =
      "0000CAFE 40 FFFFFE 0001FFFF 00000010 B7052000 00054000"; // LSR, DLSR of RFC 3550 figure 2
  private static final String BLOCK_READ =
      "fraction=64 lost=-2 highest=0001ffff jitter=16 lsr=b7052000 dlsr=00054000";
  private static final String PLI = "81CE0002 00000001 0000CAFE";

  private static List<String> read(String hex) {
    MemorySegment bytes = Hex.segment(hex);
    var handler = new RecordingHandler();
    assertTrue(RtcpReader.read(bytes, 0, (int) bytes.byteSize(), handler));
    return handler.calls;
  }

  private static void assertRefused(String why, String hex) {
    MemorySegment bytes = Hex.segment(hex);
    var handler = new RecordingHandler();
    assertFalse(RtcpReader.read(bytes, 0, (int) bytes.byteSize(), handler), why);
    assertEquals(List.of(), handler.calls, why);
  }

  @Test
  void readsASenderReportWithItsBlock() { // RFC 3550 §6.4.1
    assertEquals(
        List.of(
            "SR 0000beef ntp=b44db705200000ff rtp=fffffff0 packets=7 octets=1200",
            "block 0000beef of 0000cafe " + BLOCK_READ),
        read("81C8000C 0000BEEF B44DB705 200000FF FFFFFFF0 00000007 000004B0" + BLOCK));
  }

  @Test
  void readsAReceiverReportWithTwoBlocks() { // RFC 3550 §6.4.2
    String block = "block 0000beef of 0000cafe " + BLOCK_READ;
    assertEquals(List.of(block, block), read("82C9000D 0000BEEF" + BLOCK + BLOCK));
    assertEquals(List.of(), read("80C90001 0000BEEF"));
  }

  @Test
  void readsTheReferenceTimeOfAReceiver() { // RFC 3611 §4.4
    String time = "04000002 B44DB705 200000FF";
    String unknown = "09000001 11111111";
    String read = "RRT 0000beef ntp=b44db705200000ff";
    assertEquals(List.of(read), read("80CF0004 0000BEEF" + time));
    assertEquals(List.of(read), read("80CF0006 0000BEEF" + unknown + time));
    assertEquals(List.of(), readAtMost(0, "80CF0004 0000BEEF" + time));
  }

  @Test
  void skipsBlocksOfExtendedReportsWhoseLengthLies() {
    assertEquals(List.of(), read("80CF0000"));
    assertEquals(List.of(), read("80CF0001 0000BEEF"));
    assertEquals(List.of(), read("80CF0004 0000BEEF 04000003 B44DB705 200000FF"));
    assertEquals(List.of(), read("80CF0004 0000BEEF 0400FFFF B44DB705 200000FF"));
    assertEquals(List.of(), read("80CF0003 0000BEEF 04000001 B44DB705"));
  }

  /// A handler that may read so many items more.
  private static List<String> readAtMost(int most, String hex) {
    MemorySegment bytes = Hex.segment(hex);
    var handler = new RecordingHandler();
    handler.allowance = most;
    assertTrue(RtcpReader.read(bytes, 0, (int) bytes.byteSize(), handler));
    return handler.calls;
  }

  @Test
  void readsNoMoreOfAListThanItMay() {
    String nack = "81CD0004 00000001 0000CAFE 00100007 00200000"; // 16 to 19, 32
    assertEquals(
        List.of("NACK 0000cafe 16", "NACK 0000cafe 17", "NACK 0000cafe 18"), readAtMost(3, nack));
    assertEquals(5, readAtMost(5, nack).size());
    assertEquals(1, readAtMost(1, "82C9000D 0000BEEF" + BLOCK + BLOCK).size());
    assertEquals(List.of("BYE 00000001"), readAtMost(1, "82CB0002 00000001 FFFFFFFF"));
    String fir = "84CE0006 00000001 00000000 0000CAFE 07000000 0000BEEF 08000000";
    assertEquals(1, readAtMost(1, fir).size());
    assertEquals(2, readAtMost(2, PLI + PLI + PLI).size());
    assertEquals(List.of(), readAtMost(0, PLI));
  }

  @Test
  void ignoresAProfileSpecificExtension() { // RFC 3550 §6.4.3
    assertEquals(List.of(), read("80C90002 0000BEEF 12345678"));
  }

  @Test
  void readsBye() { // RFC 3550 §6.6, with a reason
    assertEquals(
        List.of("BYE 00000001", "BYE ffffffff"), read("82CB0003 00000001 FFFFFFFF 03627965"));
    assertEquals(List.of(), read("80CB0000"));
  }

  @Test
  void spreadsTheMaskOfANackAndWrapsAround() { // RFC 4585 §6.2.1
    assertEquals(
        List.of(
            "NACK 0000cafe 65534",
            "NACK 0000cafe 65535",
            "NACK 0000cafe 0",
            "NACK 0000cafe 14",
            "NACK 0000cafe 100"),
        read("81CD0004 00000001 0000CAFE FFFE8003 00640000"));
  }

  @Test
  void readsAPictureLossIndication() { // RFC 4585 §6.3.1
    assertEquals(List.of("PLI 0000cafe"), read(PLI));
  }

  @Test
  void readsEveryEntryOfAFullIntraRequest() { // RFC 5104 §4.3.1.1
    assertEquals(
        List.of("FIR 0000cafe 255", "FIR 0000beef 1"),
        read("84CE0006 00000001 00000000 0000CAFE FF000000 0000BEEF 01000000"));
  }

  @Test
  void readsRemb() { // exponent 2, mantissa 0x3FFFF
    assertEquals(
        List.of("REMB 1048572"), read("8FCE0005 00000001 00000000 52454D42 010BFFFF 0000CAFE"));
  }

  @Test
  void aRembBeyond63BitsIsTheLargestNumber() {
    assertEquals(
        List.of("REMB " + (0x3FFFFL << 45)), read("8FCE0004 00000001 00000000 52454D42 00B7FFFF"));
    String largest = "REMB " + Long.MAX_VALUE;
    assertEquals(List.of(largest), read("8FCE0004 00000001 00000000 52454D42 00BBFFFF"));
    assertEquals(List.of(largest), read("8FCE0004 00000001 00000000 52454D42 00FFFFFF"));
    assertEquals(List.of(largest), read("8FCE0004 00000001 00000000 52454D42 00FC0001"));
    assertEquals(List.of("REMB 0"), read("8FCE0004 00000001 00000000 52454D42 00FC0000"));
  }

  @Test
  void handsOverTransportCcWithoutItsPadding() {
    assertEquals(
        List.of("TCC 0001000100000a002001ff00"),
        read("8FCD0005 00000001 0000CAFE 00010001 00000A00 2001FF00"));
    assertEquals(
        List.of("TCC 0001000100000a002001ff00"),
        read("AFCD0006 00000001 0000CAFE 00010001 00000A00 2001FF00 00000004"));
  }

  @Test
  void skipsWhatItDoesNotKnow() {
    String sdes = "81CA0002 00000001 00000000";
    String app = "80CC0002 00000001 41424344";
    String extendedReport = "80CF0001 00000001";
    String sliceLoss = "82CE0003 00000001 00000002 00000003";
    String otherApplication = "8FCE0003 00000001 00000002 41424344";
    String otherTransport = "83CD0002 00000001 00000002";
    assertEquals(
        List.of("PLI 0000cafe"),
        read(sdes + app + extendedReport + sliceLoss + otherApplication + otherTransport + PLI));
  }

  @Test
  void readsACompoundInTheMiddleOfASlab() {
    var handler = new RecordingHandler();
    assertTrue(RtcpReader.read(Hex.segment("FFFFFF" + PLI + PLI + "FF"), 3, 24, handler));
    assertEquals(List.of("PLI 0000cafe", "PLI 0000cafe"), handler.calls);
  }

  @Test
  void readsPaddedPacketsWhereverTheyStand() {
    assertEquals(List.of("PLI 0000cafe", "BYE 00000001"), read(PLI + "A1CB0002 00000001 00000004"));
    assertEquals(List.of("BYE 00000001", "PLI 0000cafe"), read("A1CB0002 00000001 00000004" + PLI));
  }

  @Test
  void readsFeedbackThatChromiumPadsByLessThanAWord() {
    assertEquals(
        List.of("TCC 0001000100000a002001ff", "PLI 0000cafe"),
        read("AFCD0005 00000001 0000CAFE 00010001 00000A00 2001FF01" + PLI));
  }

  @Test
  void refusesPaddingThatLies() {
    assertRefused("count of 0", "A1CB0002 00000001 00000000");
    assertRefused("takes a byte of the SSRC away", "A1CB0002 00000001 00000005");
    assertRefused("more than the packet", "A1CB0002 00000001 0000000C");
    assertRefused("takes the SSRC away", "A1CB0002 00000001 00000008");
    assertRefused("no byte for the count", "A0CB0000");
  }

  @Test
  void refusesLengthsThatLieWithoutACall() {
    assertRefused("too long", PLI + "81CE0003 00000001 0000CAFE");
    assertRefused("a rest of less than a header", PLI + "80");
    assertRefused("too short for feedback", PLI + "81CE0001 00000001");
    assertRefused("empty", "");
    assertRefused("65 536 words", "81CEFFFF 00000001 0000CAFE");
  }

  @Test
  void refusesOtherVersions() {
    assertRefused("version 1", PLI + "41CE0002 00000001 0000CAFE");
    assertRefused("version 3", "C1CE0002 00000001 0000CAFE");
  }

  @Test
  void refusesCountsThatLie() {
    assertRefused("SR", "81C80006 0000BEEF B44DB705 200000FF FFFFFFF0 00000007 000004B0");
    assertRefused(
        "SR without its numbers", "80C80005 0000BEEF 00000000 00000000 00000000 00000000");
    assertRefused("RR", PLI + "82C90007 0000BEEF" + BLOCK);
    assertRefused("RR without SSRC", "80C90000");
    assertRefused("SDES", "82CA0002 00000001 00000000");
    assertRefused("BYE", "82CB0001 00000001");
    assertRefused("FIR, half an entry", "84CE0003 00000001 00000000 0000CAFE");
    assertRefused("REMB", "8FCE0004 00000001 00000000 52454D42 010BFFFF");
    assertRefused("transport-cc", "8FCD0003 00000001 00000000 00010001");
  }

  @Test
  void refusesEveryTruncation() {
    String whole = Hex.strip("82C9000D 0000BEEF" + BLOCK + BLOCK);
    for (int length = 0; length < whole.length() / 2; length++) {
      assertRefused(length + " bytes", whole.substring(0, 2 * length));
    }
  }
}
