package org.plenum.bench.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.ice4j.TransportAddress;
import org.ice4j.attribute.Attribute;
import org.ice4j.attribute.XorMappedAddressAttribute;
import org.ice4j.message.Message;
import org.junit.jupiter.api.Test;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.agent.ConnectivityCheck;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.ice.agent.StunIntegrity;

/// RFC 8445 §7.3: what a full agent learns from our answer.
class CheckAnswerTest {
  private static final NetworkPath FROM =
      NetworkPath.to(new InetSocketAddress("192.0.2.7", 40_000), null);

  private final IceCredentials ours = IceCredentials.random();
  private final CheckAnswer answers = new CheckAnswer(ours.password());
  private final byte[] request =
      new ConnectivityCheck(ours, "theirs", 1)
          .request(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, false);

  @Test
  void theAnswerNamesWhereTheRequestCameFromUnderOurPassword() throws Exception {
    byte[] answer = answers.to(request, FROM);

    assertNotNull(answer);
    Message read = Message.decode(answer, 0, answer.length);
    assertEquals(Message.BINDING_SUCCESS_RESPONSE, read.getMessageType());
    assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, read.getTransactionID());
    var mapped = (XorMappedAddressAttribute) read.getAttribute(Attribute.XOR_MAPPED_ADDRESS);
    TransportAddress address = mapped.getAddress(read.getTransactionID());
    assertEquals("192.0.2.7", address.getHostAddress());
    assertEquals(40_000, address.getPort());
    assertTrue(StunIntegrity.hasGoodFingerprint(answer, answer.length));
    var key = new StunIntegrity(ours.password().getBytes(StandardCharsets.UTF_8));
    assertTrue(key.verify(answer, 32));
  }

  @Test
  void whoDoesNotKnowThePasswordGetsNoAnswer() {
    assertNull(new CheckAnswer("somebody-elses-password").to(request, FROM));
  }

  @Test
  void whatIsNoRequestGetsNoAnswer() {
    request[0] = 1;
    request[1] = 1;
    assertNull(answers.to(request, FROM));
    assertNull(answers.to(new byte[] {0, 1, 2}, FROM));
  }
}
