package org.plenum.ice.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.plenum.ice.agent.AgentDriver.LOCAL;
import static org.plenum.ice.agent.AgentDriver.PATH_A;
import static org.plenum.ice.agent.AgentDriver.PATH_B;
import static org.plenum.ice.agent.AgentDriver.USERNAME;

import java.nio.charset.StandardCharsets;
import org.ice4j.attribute.AttributeFactory;
import org.ice4j.message.MessageFactory;
import org.ice4j.message.Request;
import org.ice4j.security.CredentialsAuthority;
import org.ice4j.stack.StunStack;
import org.junit.jupiter.api.Test;

/// Requests laid out as real clients send them.
class RealClientRequestsTest {
  private final AgentDriver driver = new AgentDriver();

  /// libwebrtc: GOOG-NETWORK-INFO, then the role, USE-CANDIDATE with the nomination and PRIORITY;
  /// comprehension-optional
  /// attributes of Google's (GOOG-DELTA, GOOG-MISC-INFO and more) come and go.
  @Test
  void chromium() {
    byte[] request =
        StunMessageBuilder.bindingRequest(USERNAME)
            .attribute(0xC057, new byte[] {0, 1, 0, 10}) // GOOG-NETWORK-INFO: network id, cost
            .attribute(0x802A, new byte[] {0x3F, 1, 2, 3, 4, 5, 6, 7})
            .useCandidate()
            .attribute(0xC001, new byte[] {0, 0, 0, 1}) // nomination
            .attribute(0xC05B, new byte[] {0, 1}) // GOOG-MISC-INFO
            .attribute(0xC05C, new byte[37]) // GOOG-DELTA
            .attribute(
                0xC058, "fUd3".getBytes(StandardCharsets.US_ASCII)) // GOOG-LAST-ICE-CHECK-RECEIVED
            .attribute(0x0024, new byte[] {0x6E, 0x7F, 0x1E, (byte) 0xFF})
            .integrity(LOCAL.password())
            .fingerprint()
            .build();
    assertNominates(request);
  }

  /// nICEr: USE-CANDIDATE, PRIORITY and the role, in this order.
  @Test
  void firefox() {
    byte[] request =
        StunMessageBuilder.bindingRequest(USERNAME)
            .useCandidate()
            .priority()
            .attribute(0x802A, new byte[] {(byte) 0x9A, 1, 2, 3, 4, 5, 6, 7})
            .integrity(LOCAL.password())
            .fingerprint()
            .build();
    assertNominates(request);
  }

  @Test
  void ice4j() throws Exception {
    Request request = MessageFactory.createBindingRequest(0x6E7F1EFFL);
    request.setTransactionID("ice4j-trans!".getBytes(StandardCharsets.US_ASCII));
    request.putAttribute(AttributeFactory.createIceControllingAttribute(42));
    request.putAttribute(AttributeFactory.createUseCandidateAttribute());
    request.putAttribute(AttributeFactory.createUsernameAttribute(USERNAME));
    var integrity = AttributeFactory.createMessageIntegrityAttribute(USERNAME);
    integrity.setMedia("media");
    request.putAttribute(integrity);
    request.putAttribute(AttributeFactory.createFingerprintAttribute());

    StunStack stack = new StunStack();
    stack.getCredentialsManager().registerAuthority(new RemotePassword(LOCAL.password()));
    assertNominates(request.encode(stack));
  }

  private void assertNominates(byte[] request) {
    assertEquals(StunVerdict.ANSWERED, driver.receive(request, PATH_A));
    driver.receive(AgentDriver.check(), PATH_B);
    assertEquals(PATH_A, driver.agent.selectedPath());
  }

  private record RemotePassword(String password) implements CredentialsAuthority {
    @Override
    public byte[] getLocalKey(String username) {
      throw new AssertionError("a request is signed with the remote key");
    }

    @Override
    public byte[] getRemoteKey(String username, String media) {
      return password.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public boolean checkLocalUserName(String username) {
      return true;
    }
  }
}
