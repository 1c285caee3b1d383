package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class PcapTest {
  /// Ports 5000 and 65 535, payload 01 02 03.
  private static final String UDP = "1388 FFFF 000B 0000 010203";

  private static final String IPV4 = "4500001F 00004000 40110000 7F000001 7F000001" + UDP;
  private static final String IPV6 =
      "60000000 000B1140" + "00".repeat(15) + "01" + "00".repeat(15) + "01" + UDP;
  private static final String MACS = "000000000000 000000000000";

  /// A big-endian file of one record, taken at 1.5 s.
  private static List<Pcap.Datagram> read(int linkType, String frame) {
    int length = Hex.bytes(frame).length;
    return Pcap.read(
        Hex.bytes(
            "A1B2C3D4 0002 0004 00000000 00000000 00040000"
                + String.format("%08x", linkType)
                + String.format("00000001 0007A120 %08x %08x", length, length)
                + frame));
  }

  private static void assertOneDatagram(List<Pcap.Datagram> datagrams) {
    assertEquals(1, datagrams.size());
    Pcap.Datagram datagram = datagrams.get(0);
    assertEquals(1_500_000_000L, datagram.timeNanos());
    assertEquals(5000, datagram.sourcePort());
    assertEquals(65_535, datagram.destinationPort());
    assertArrayEquals(new byte[] {1, 2, 3}, datagram.payload());
  }

  @Test
  void readsEveryLinkType() {
    assertOneDatagram(read(1, MACS + "0800" + IPV4));
    assertOneDatagram(read(1, MACS + "86DD" + IPV6));
    assertOneDatagram(read(101, IPV4));
    assertOneDatagram(read(101, IPV6));
    assertOneDatagram(read(108, "00000002" + IPV4));
    assertOneDatagram(read(0, "1E000000" + IPV6));
    assertOneDatagram(read(276, "0800 0000 00000001 0304 00 06 0000000000000000" + IPV4));
    assertOneDatagram(read(276, "86DD 0000 00000001 0304 00 06 0000000000000000" + IPV6));
  }

  @Test
  void readsALittleEndianFileInNanoseconds() {
    assertOneDatagram(
        Pcap.read(
            Hex.bytes(
                "4D3CB2A1 0200 0400 00000000 00000000 00000400 65000000"
                    + "01000000 0065CD1D 1F000000 1F000000"
                    + IPV4)));
  }

  @Test
  void theMinimumSizeOfAnEthernetFrameAddsNothingToThePayload() {
    assertOneDatagram(read(1, MACS + "0800" + IPV4 + "00".repeat(15)));
  }

  @Test
  void leavesOutWhatIsNoWholeDatagram() {
    assertEquals(List.of(), read(1, MACS + "0806" + IPV4), "ARP");
    assertEquals(List.of(), read(101, IPV4.replace("40110000", "40060000")), "TCP");
    assertEquals(List.of(), read(101, IPV4.replace("00004000", "00002000")), "first fragment");
    assertEquals(List.of(), read(101, IPV4.replace("00004000", "00000001")), "later fragment");
    assertEquals(List.of(), read(101, IPV4.replace("000B 0000", "000C 0000")), "cut payload");
    String frame = Hex.strip(MACS + "0800" + IPV4);
    for (int length = 0; length < frame.length() / 2; length++) {
      assertEquals(List.of(), read(1, frame.substring(0, 2 * length)), length + " bytes");
    }
  }

  @Test
  void refusesWhatIsNoWholeFile() {
    assertThrows(IllegalArgumentException.class, () -> Pcap.read(new byte[24]));
    assertThrows(IllegalArgumentException.class, () -> Pcap.read(new byte[3]));
    assertThrows(IllegalArgumentException.class, () -> read(147, IPV4));
    String head = "A1B2C3D4 0002 0004 00000000 00000000 00040000 00000065";
    assertEquals(List.of(), Pcap.read(Hex.bytes(head)));
    assertThrows(IllegalArgumentException.class, () -> Pcap.read(Hex.bytes(head + "00")));
    assertThrows(
        IllegalArgumentException.class,
        () -> Pcap.read(Hex.bytes(head + "00000001 00000000 00000002 00000002 45")));
    assertThrows(IllegalArgumentException.class, () -> Pcap.resource("/captures/none.pcap"));
  }
}
