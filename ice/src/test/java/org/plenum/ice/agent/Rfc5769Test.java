package org.plenum.ice.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.ice.agent.AgentDriver.LOCAL;
import static org.plenum.ice.agent.AgentDriver.PATH_A;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// The test vectors of RFC 5769; its short-term password is that of [AgentDriver#LOCAL].
class Rfc5769Test {
  /// §2.1; it pads with spaces and carries ICE-CONTROLLED.
  static final byte[] REQUEST =
      hex(
          """
          00010058 2112a442 b7e7a701bc34d686fa87dfae
          80220010 5354554e207465737420636c69656e74
          00240004 6e0001ff
          80290008 932ff9b151263b36
          00060009 6576746a3a68367659202020
          00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2
          80280004 e57a3bcf
          """);

  /// §2.2
  private static final byte[] IPV4_RESPONSE =
      hex(
          """
          0101003c 2112a442 b7e7a701bc34d686fa87dfae
          8022000b 7465737420766563746f7220
          00200008 0001a147e112a643
          00080014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7
          80280004 c07d4c96
          """);

  /// §2.3
  private static final byte[] IPV6_RESPONSE =
      hex(
          """
          01010048 2112a442 b7e7a701bc34d686fa87dfae
          8022000b 7465737420766563746f7220
          00200014 0002a1470113a9faa5d3f179bc25f4b5bed2b9d9
          00080014 a382954e4be67bf11784c97c8292c275bfe3ed41
          80280004 c8fb0b4c
          """);

  /// §2.4, under a long-term credential.
  private static final byte[] LONG_TERM_REQUEST =
      hex(
          """
          00010060 2112a442 78ad3433c6ad72c029da412e
          00060012 e3839ee38388e383aae38383e382afe382b9 0000
          0015001c 662f2f3439396b39353464364f4c33346f4c39465354767936347341
          0014000b 6578616d706c652e6f726700
          00080014 f67024656dd64a3e02b8e0712e85c9a28ca89666
          """);

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
  }

  @Test
  void integrityAndFingerprintOfEveryMessageAreRight() {
    for (byte[] message : new byte[][] {REQUEST, IPV4_RESPONSE, IPV6_RESPONSE}) {
      int fingerprint = message.length - 8;
      assertTrue(StunFraming.isWellFormed(MemorySegment.ofArray(message), 0, message.length));
      assertTrue(new StunIntegrity(LOCAL.password()).verify(message, fingerprint - 24));
      assertFalse(new StunIntegrity(LOCAL.password() + "x").verify(message, fingerprint - 24));
      assertEquals(
          ByteBuffer.wrap(message).getInt(fingerprint + 4),
          StunIntegrity.fingerprint(message, fingerprint));
    }
  }

  @Test
  void theRequestIsAuthenticAndARoleConflict() {
    AgentDriver driver = new AgentDriver();
    assertEquals(StunVerdict.ANSWERED_WITH_ERROR, driver.receive(REQUEST, PATH_A));
  }

  @Test
  void theRequestIsMeantForUfragEvtj() {
    assertEquals(
        "evtj", StunUsername.localUfrag(MemorySegment.ofArray(REQUEST), 0, REQUEST.length));
  }

  @Test
  void theResponsesAreIgnored() {
    AgentDriver driver = new AgentDriver();
    assertEquals(StunVerdict.IGNORED, driver.receive(IPV4_RESPONSE, PATH_A));
    assertEquals(StunVerdict.IGNORED, driver.receive(IPV6_RESPONSE, PATH_A));
    assertTrue(driver.responses.isEmpty());
  }

  @Test
  void integrityUnderALongTermCredentialIsRight() throws Exception {
    String credential = "マトリックス:example.org:TheMatrIX";
    byte[] key = MessageDigest.getInstance("MD5").digest(credential.getBytes(UTF_8));
    int integrity = LONG_TERM_REQUEST.length - 24;
    assertTrue(new StunIntegrity(key).verify(LONG_TERM_REQUEST, integrity));
    key[0]++;
    assertFalse(new StunIntegrity(key).verify(LONG_TERM_REQUEST, integrity));
  }
}
