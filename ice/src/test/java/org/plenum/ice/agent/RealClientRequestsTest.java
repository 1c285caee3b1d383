package org.plenum.ice.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.plenum.ice.agent.AgentDriver.LOCAL;
import static org.plenum.ice.agent.AgentDriver.PATH_A;
import static org.plenum.ice.agent.AgentDriver.PATH_B;
import static org.plenum.ice.agent.AgentDriver.USERNAME;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.ice4j.attribute.AttributeFactory;
import org.ice4j.message.MessageFactory;
import org.ice4j.message.Request;
import org.ice4j.security.CredentialsAuthority;
import org.ice4j.stack.StunStack;
import org.junit.jupiter.api.Test;

/// Requests of real clients; the captures are described in `captures/README.md`.
class RealClientRequestsTest {
  private final AgentDriver driver = new AgentDriver();

  @Test
  void chromium() throws IOException {
    byte[] check = capture("stun-chromium-check.bin");
    assertEquals(StunVerdict.ANSWERED, driver.receive(check, PATH_B));
    assertNominates(capture("stun-chromium-nomination.bin"), check);
  }

  @Test
  void firefox() throws IOException {
    byte[] nomination = capture("stun-firefox-nomination.bin");
    assertEquals(StunVerdict.ANSWERED, driver.receive(nomination, PATH_A));
    assertEquals(PATH_A, driver.agent.selectedPath());
  }

  /// All that libwebrtc may add, under field trials or not.
  @Test
  void chromiumWithEveryOptionalAttribute() {
    byte[] request =
        StunMessageBuilder.bindingRequest(USERNAME)
            .attribute(0xC057, new byte[] {0, 1, 0, 10}) // GOOG-NETWORK-INFO: network id, cost
            .controlling()
            .useCandidate()
            .attribute(0xC001, new byte[] {0, 0, 0, 1}) // NOMINATION
            .attribute(0xC05B, new byte[] {0, 1}) // GOOG-MISC-INFO
            .attribute(0xC05C, new byte[37]) // GOOG-DELTA
            .priority()
            .integrity(LOCAL.password())
            .fingerprint()
            .build();
    assertNominates(request, AgentDriver.check());
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
    assertNominates(request.encode(stack), AgentDriver.check());
  }

  private void assertNominates(byte[] nomination, byte[] check) {
    assertEquals(StunVerdict.ANSWERED, driver.receive(nomination, PATH_A));
    driver.receive(check, PATH_B);
    assertEquals(PATH_A, driver.agent.selectedPath());
  }

  /// A captured request; the agent takes its sender's ufrag from it, as from an offer.
  private byte[] capture(String name) throws IOException {
    try (InputStream in = getClass().getResourceAsStream("/captures/" + name)) {
      byte[] request = in.readAllBytes();
      int length = request[23];
      String username = new String(request, 24, length, StandardCharsets.US_ASCII);
      String remoteUfrag = username.substring("evtj:".length());
      driver.agent.remoteCredentials(
          new IceCredentials(remoteUfrag, AgentDriver.REMOTE.password()));
      return request;
    }
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
