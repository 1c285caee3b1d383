package org.plenum.bench.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.plenum.bench.client.Negotiated;

class AnswerTextTest {
  private static final String ANSWER =
      """
      v=0
      a=ice-lite
      a=fingerprint:sha-256 AB:CD
      m=audio 9 UDP/TLS/RTP/SAVPF 111
      a=candidate:1 1 tcp 1 127.0.0.1 10001 typ host tcptype passive
      a=candidate:1 1 udp 2 2001:db8::1 10000 typ host
      a=candidate:1 1 udp 2 192.0.2.7 10000 typ host
      a=candidate:1 1 udp 1 127.0.0.1 10000 typ host
      a=ice-ufrag:abcd
      a=ice-pwd:abcdefghijklmnopqrstuvwx
      a=mid:a0
      a=ssrc:7 cname:c
      m=video 9 UDP/TLS/RTP/SAVPF 96 97
      a=mid:v0
      a=ssrc-group:FID 4294967295 9
      a=ssrc:4294967295 cname:c
      a=ssrc:9 cname:c
      """;

  @Test
  void slotsHaveTheirSsrcsAndLoopbackIsPreferred() throws Exception {
    Negotiated read = AnswerText.read(ANSWER);

    assertEquals(
        Map.of(
            "a0", new Negotiated.SlotSsrcs(false, 7, 0),
            "v0", new Negotiated.SlotSsrcs(true, -1, 9)),
        read.slots());
    assertTrue(read.server().getAddress().isLoopbackAddress());
    assertEquals(10000, read.server().getPort());
    assertEquals("abcd", read.ice().ufrag());
  }

  @Test
  void everyCandidateOfUdpAndIpv4IsKept() throws Exception {
    Negotiated read = AnswerText.read(ANSWER);

    assertEquals(
        List.of("127.0.0.1", "192.0.2.7"),
        read.candidates().stream().map(each -> each.getAddress().getHostAddress()).toList());
    assertTrue(read.lite());
  }

  @Test
  void whoIsTheDtlsClientIsTakenFromTheAnswer() throws Exception {
    assertFalse(AnswerText.read(ANSWER).accepts());
    assertFalse(AnswerText.read(ANSWER + "a=setup:passive\n").accepts());
    assertTrue(AnswerText.read(ANSWER + "a=setup:active\n").accepts());
  }

  @Test
  void aFingerprintThatCannotBeVerifiedIsRefusedByItsHash() {
    var failure =
        assertThrows(
            RefusedByServerException.class,
            () -> AnswerText.read(ANSWER.replace("sha-256", "sha-512")));
    assertTrue(failure.getMessage().contains("sha-512"), failure::getMessage);
  }

  @Test
  void anAnswerWithoutCandidateIsRefusedByWhatIsMissing() {
    var failure =
        assertThrows(
            RefusedByServerException.class,
            () -> AnswerText.read(ANSWER.replaceAll("a=candidate.*\n", "")));
    assertTrue(failure.getMessage().contains("candidate"), failure::getMessage);
  }

  @Test
  void aRefusedSectionIsNotTakenForASlot() {
    assertThrows(
        RefusedByServerException.class,
        () -> AnswerText.read(ANSWER.replace("m=video 9", "m=video 0")));
  }
}
