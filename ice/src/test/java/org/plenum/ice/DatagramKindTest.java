package org.plenum.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DatagramKindTest {
  /// RFC 7983 §7; ZRTP is not served here, and of TURN channels those of RFC 8656 §12 only.
  @Test
  void everyFirstByteIsOfTheKindThatRfc7983Gives() {
    for (int first = 0; first < 256; first++) {
      DatagramKind expected = DatagramKind.UNKNOWN;
      if (first <= 3) {
        expected = DatagramKind.STUN;
      } else if (first >= 20 && first <= 63) {
        expected = DatagramKind.DTLS;
      } else if (first >= 64 && first <= 79) {
        expected = DatagramKind.TURN_CHANNEL;
      } else if (first >= 128 && first <= 191) {
        expected = DatagramKind.RTP;
      }
      assertEquals(expected, DatagramKind.of(first, 96), "first byte " + first);
    }
  }

  /// RFC 5761 §4: packet types 192 to 223 are RTCP, marker bit included.
  @Test
  void theSecondByteTellsRtcpFromRtp() {
    for (int second = 0; second < 256; second++) {
      DatagramKind expected = second >= 192 && second <= 223 ? DatagramKind.RTCP : DatagramKind.RTP;
      assertEquals(expected, DatagramKind.of(0x80, second), "second byte " + second);
    }
  }

  @Test
  void theSecondByteMeansNothingToTheOthers() {
    assertEquals(DatagramKind.STUN, DatagramKind.of(0, 200));
    assertEquals(DatagramKind.DTLS, DatagramKind.of(22, 200));
    assertEquals(DatagramKind.UNKNOWN, DatagramKind.of(192, 200));
  }
}
