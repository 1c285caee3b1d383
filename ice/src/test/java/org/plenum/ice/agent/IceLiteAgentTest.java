package org.plenum.ice.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.ice.agent.AgentDriver.LOCAL;
import static org.plenum.ice.agent.AgentDriver.PATH_A;
import static org.plenum.ice.agent.AgentDriver.PATH_B;
import static org.plenum.ice.agent.AgentDriver.START;
import static org.plenum.ice.agent.AgentDriver.USERNAME;

import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.ice4j.attribute.Attribute;
import org.ice4j.attribute.ErrorCodeAttribute;
import org.ice4j.attribute.UnknownAttributesAttribute;
import org.ice4j.attribute.XorMappedAddressAttribute;
import org.ice4j.message.Message;
import org.ice4j.message.Response;
import org.junit.jupiter.api.Test;
import org.plenum.ice.NetworkPath;

class IceLiteAgentTest {
  private final AgentDriver driver = new AgentDriver();
  private final IceLiteAgent agent = driver.agent;

  @Test
  void answersAnAuthenticatedRequestOverThePathItCame() throws Exception {
    assertEquals(StunVerdict.ANSWERED, driver.receive(AgentDriver.check(), PATH_A));

    Response response = driver.onlyResponse();
    assertEquals(Message.BINDING_SUCCESS_RESPONSE, response.getMessageType());
    assertEquals(List.of(PATH_A), driver.destinations);
    assertEquals(
        Arrays.asList(
            Attribute.XOR_MAPPED_ADDRESS, Attribute.MESSAGE_INTEGRITY, Attribute.FINGERPRINT),
        response.getAttributes().stream().map(Attribute::getAttributeType).toList());
  }

  @Test
  void tellsThePeerItsIpv4Address() throws Exception {
    driver.receive(AgentDriver.check(), PATH_A);
    assertMapped("192.0.2.1", 32_853);
  }

  @Test
  void tellsThePeerItsIpv6Address() throws Exception {
    NetworkPath path =
        new NetworkPath(0x2001_0DB8_1234_5678L, 0x0011_2233_4455_6677L, 32_853, 0, 0);
    driver.receive(AgentDriver.check(), path);
    assertMapped("2001:db8:1234:5678:11:2233:4455:6677", 32_853);
  }

  private void assertMapped(String address, int port) throws Exception {
    Response response = driver.onlyResponse();
    var mapped = (XorMappedAddressAttribute) response.getAttribute(Attribute.XOR_MAPPED_ADDRESS);
    var plain = mapped.getAddress(response.getTransactionID());
    assertEquals(InetAddress.getByName(address), plain.getAddress());
    assertEquals(port, plain.getPort());
  }

  @Test
  void mediaFollowsTheLatestRequestUntilAPathIsNominated() {
    assertNull(agent.selectedPath());
    driver.receive(AgentDriver.check(), PATH_A);
    assertEquals(PATH_A, agent.selectedPath());
    driver.receive(AgentDriver.check(), PATH_B);
    assertEquals(PATH_B, agent.selectedPath());

    driver.receive(AgentDriver.nomination(), PATH_A);
    driver.receive(AgentDriver.check(), PATH_B);
    assertEquals(PATH_A, agent.selectedPath());
  }

  @Test
  void mediaFollowsTheLatestNomination() {
    driver.receive(AgentDriver.nomination(), PATH_A);
    driver.receive(AgentDriver.nomination(), PATH_B);
    assertEquals(PATH_B, agent.selectedPath());
    assertTrue(agent.isValidated(PATH_A));
    assertTrue(agent.isValidated(PATH_B));
  }

  @Test
  void aRequestOverTheSameRemoteAddressButAnotherLocalOneIsAnotherPath() {
    NetworkPath other =
        new NetworkPath(
            0, PATH_A.remoteLow(), PATH_A.remotePort(), 0, NetworkPath.ipv4Mapped(0x0A00_0002));
    driver.receive(AgentDriver.check(), PATH_A);
    assertFalse(agent.isValidated(other));
  }

  @Test
  void remembersABoundedNumberOfPathsAndAlwaysTheSelectedOne() {
    driver.receive(AgentDriver.nomination(), PATH_A);
    NetworkPath selected = agent.selectedPath();
    for (int i = 0; i < 100; i++) {
      driver.receive(AgentDriver.check(), AgentDriver.path(0x0A01_0000 + i, 5000));
    }
    assertSame(selected, agent.selectedPath());
    assertTrue(agent.isValidated(PATH_A));
    int others = IceLiteAgent.MAX_VALIDATED_PATHS - 1;
    for (int i = 0; i < 100; i++) {
      assertEquals(i >= 100 - others, agent.isValidated(AgentDriver.path(0x0A01_0000 + i, 5000)));
    }
  }

  @Test
  void aPathInUseIsNotTheOldest() {
    driver.receive(AgentDriver.nomination(), PATH_A);
    for (int i = 0; i < 100; i++) {
      driver.receive(AgentDriver.check(), PATH_B);
      driver.receive(AgentDriver.check(), AgentDriver.path(0x0A01_0000 + i, 5000));
    }
    assertTrue(agent.isValidated(PATH_B));
  }

  @Test
  void refusesAnUnknownComprehensionRequiredAttribute() throws Exception {
    byte[] request =
        StunMessageBuilder.bindingRequest(USERNAME)
            .attribute(0x7F01, (byte) 1)
            .attribute(0x0003, new byte[4]) // CHANGE-REQUEST: ice4j knows it, a lite agent does not
            .controlled()
            .integrity(LOCAL.password())
            .build();
    assertEquals(StunVerdict.ANSWERED_WITH_ERROR, driver.receive(request, PATH_A));

    Response response = driver.onlyResponse();
    assertEquals(420, errorCode(response));
    var unknown = (UnknownAttributesAttribute) response.getAttribute(Attribute.UNKNOWN_ATTRIBUTES);
    assertEquals(2, unknown.getAttributeCount());
    assertTrue(unknown.contains((char) 0x7F01));
    assertTrue(unknown.contains((char) 0x0003));
    assertUntouched();
  }

  @Test
  void ignoresWhatFollowsMessageIntegrity() {
    byte[] request =
        StunMessageBuilder.bindingRequest(USERNAME)
            .controlling()
            .integrity(LOCAL.password())
            .attribute(0x001C, new byte[32]) // MESSAGE-INTEGRITY-SHA256
            .useCandidate()
            .attribute(0x7F01)
            .fingerprint()
            .build();
    assertEquals(StunVerdict.ANSWERED, driver.receive(request, PATH_A));
    driver.receive(AgentDriver.check(), PATH_B);
    assertEquals(PATH_B, agent.selectedPath(), "an unauthenticated USE-CANDIDATE nominated");
  }

  @Test
  void refusesAPeerThatClaimsToBeControlled() throws Exception {
    byte[] request =
        StunMessageBuilder.bindingRequest(USERNAME)
            .controlled()
            .useCandidate()
            .integrity(LOCAL.password())
            .build();
    assertEquals(StunVerdict.ANSWERED_WITH_ERROR, driver.receive(request, PATH_A));
    assertEquals(487, errorCode(driver.onlyResponse()));
    assertUntouched();
  }

  private static int errorCode(Response response) {
    assertEquals(Message.BINDING_ERROR_RESPONSE, response.getMessageType());
    return ((ErrorCodeAttribute) response.getAttribute(Attribute.ERROR_CODE)).getErrorCode();
  }

  @Test
  void aRequestThatOvertakesTheAnswerIsTakenWithAnyRemoteUfrag() {
    IceLiteAgent young = new IceLiteAgent(LOCAL, START);
    byte[] request =
        StunMessageBuilder.bindingRequest("evtj:whoKnows")
            .controlling()
            .integrity(LOCAL.password())
            .build();
    var slab = MemorySegment.ofArray(request);
    assertEquals(
        StunVerdict.ANSWERED,
        young.onStun(slab, 0, request.length, PATH_A, START, (message, to) -> {}));
    young.remoteCredentials(AgentDriver.REMOTE);
    assertEquals(
        StunVerdict.UNAUTHENTICATED,
        young.onStun(slab, 0, request.length, PATH_A, START, (message, to) -> {}));
  }

  @Test
  void ignoresIndicationsResponsesAndOtherMethods() {
    for (int type : new int[] {0x0011, 0x0101, 0x0111, 0x0003, 0x0016}) {
      byte[] message = StunMessageBuilder.of(type).fingerprint().build();
      assertEquals(StunVerdict.IGNORED, driver.receive(message, PATH_A));
    }
    assertUntouched();
    assertTrue(driver.responses.isEmpty());
  }

  private void assertUntouched() {
    assertEquals(IceLiteAgent.State.NEW, agent.state());
    assertNull(agent.selectedPath());
    assertFalse(agent.isValidated(PATH_A));
    assertEquals(START, agent.lastAuthenticatedNanos());
  }
}
