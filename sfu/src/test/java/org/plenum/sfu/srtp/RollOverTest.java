package org.plenum.sfu.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// RFC 3711 §3.3.1: the packet index from a 16-bit sequence number.
class RollOverTest {
  @Test
  void firstPacketIsInRoundZero() {
    assertEquals(65_535, CipherReceiver.guessIndex(-1, (short) 65_535));
  }

  @Test
  void aStepOverTheWrapEntersTheNextRound() {
    assertEquals(65_536, CipherReceiver.guessIndex(65_535, (short) 0));
    assertEquals(0x5_0003L, CipherReceiver.guessIndex(0x4_FFF0L, (short) 3));
  }

  @Test
  void aLatePacketFromBeforeTheWrapStaysInItsRound() {
    assertEquals(65_535, CipherReceiver.guessIndex(65_536, (short) 65_535));
    assertEquals(0x4_FFF0L, CipherReceiver.guessIndex(0x5_0003L, (short) 0xFFF0));
  }

  @Test
  void thereIsNoRoundBeforeTheFirst() {
    assertEquals(65_535, CipherReceiver.guessIndex(3, (short) 65_535));
  }

  @Test
  void theClosestRoundWinsForEverySequenceNumber() {
    long highest = 0x7_2345L;
    for (int sequence = 0; sequence < 1 << 16; sequence++) {
      long index = CipherReceiver.guessIndex(highest, (short) sequence);
      assertEquals(sequence, index & 0xFFFF);
      assertTrue(Math.abs(index - highest) <= 1 << 15);
    }
  }
}
