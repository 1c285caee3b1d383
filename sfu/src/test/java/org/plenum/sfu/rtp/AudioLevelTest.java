package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class AudioLevelTest {
  private static RtpPacket packet(String block) {
    MemorySegment bytes = Hex.segment("FF 90 6F 0001 00000000 00000001" + block);
    var packet = new RtpPacket();
    assertTrue(packet.parse(bytes, 1, (int) bytes.byteSize() - 1));
    return packet;
  }

  @Test
  void readsLevelAndVoiceInTheOneByteForm() { // RFC 6464 §3, figure 1
    RtpPacket packet = packet("BEDE 0001 10 9E 20 7F");
    assertEquals(30, AudioLevel.level(packet, 1));
    assertTrue(AudioLevel.isVoice(packet, 1));
    assertEquals(AudioLevel.SILENCE, AudioLevel.level(packet, 2));
    assertFalse(AudioLevel.isVoice(packet, 2));
  }

  @Test
  void readsTheTwoByteForm() { // RFC 6464 §3, figure 2
    RtpPacket packet = packet("1000 0001 01 01 80 00");
    assertEquals(0, AudioLevel.level(packet, 1));
    assertTrue(AudioLevel.isVoice(packet, 1));
  }

  @Test
  void saysSoIfThePacketHasNone() {
    RtpPacket packet = packet("1000 0001 01 00 00 00");
    assertEquals(-1, AudioLevel.level(packet, 1), "an empty element");
    assertFalse(AudioLevel.isVoice(packet, 1));
    assertEquals(-1, AudioLevel.level(packet, 2));
    assertEquals(-1, AudioLevel.level(packet, 0), "not negotiated");
  }
}
