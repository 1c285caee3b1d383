package org.plenum.ice.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.ice.agent.AgentDriver.LOCAL;
import static org.plenum.ice.agent.AgentDriver.PATH_A;
import static org.plenum.ice.agent.AgentDriver.PATH_B;
import static org.plenum.ice.agent.AgentDriver.START;

import org.junit.jupiter.api.Test;
import org.plenum.ice.NetworkPath;

/// RFC 8445 §9.
class IceRestartTest {
  private static final IceCredentials NEW_LOCAL =
      new IceCredentials("newLocal", "newPasswordNewPassword");
  private static final IceCredentials NEW_REMOTE =
      new IceCredentials("newPeer", "peerPasswordPeerPassword");
  private static final NetworkPath PATH_C = AgentDriver.path(0xCB00_7103, 50_000);

  private final AgentDriver driver = new AgentDriver();

  private static byte[] newCheck(boolean useCandidate) {
    var request = StunMessageBuilder.bindingRequest("newLocal:newPeer").priority().controlling();
    if (useCandidate) {
      request.useCandidate();
    }
    return request.integrity(NEW_LOCAL.password()).fingerprint().build();
  }

  private void restart() {
    driver.agent.restart(NEW_LOCAL, START);
    driver.agent.remoteCredentials(NEW_REMOTE);
  }

  @Test
  void theOldCredentialsAreAnsweredUntilTheFirstRequestWithTheNewOnes() {
    driver.receive(AgentDriver.nomination(), PATH_A);
    restart();
    assertSame(NEW_LOCAL, driver.agent.localCredentials());
    assertEquals(StunVerdict.ANSWERED, driver.receive(AgentDriver.check(), PATH_A));
    byte[] toOld = driver.responses.getLast();
    assertTrue(new StunIntegrity(LOCAL.password()).verify(toOld, toOld.length - 8 - 24));

    assertEquals(StunVerdict.ANSWERED, driver.receive(newCheck(false), PATH_B));
    byte[] toNew = driver.responses.getLast();
    assertTrue(new StunIntegrity(NEW_LOCAL.password()).verify(toNew, toNew.length - 8 - 24));
    assertEquals(StunVerdict.UNAUTHENTICATED, driver.receive(AgentDriver.check(), PATH_A));
  }

  @Test
  void mediaStaysOnTheOldPathUntilTheNewNomination() {
    driver.receive(AgentDriver.nomination(), PATH_A);
    restart();
    driver.receive(newCheck(false), PATH_B);
    assertEquals(PATH_A, driver.agent.selectedPath());
    assertTrue(driver.agent.isValidated(PATH_A));
    driver.receive(newCheck(true), PATH_B);
    assertEquals(PATH_B, driver.agent.selectedPath());
  }

  @Test
  void aClientThatChangesNetworkBeforeTheAnswerArrivesIsStillFollowed() {
    driver.receive(AgentDriver.nomination(), PATH_A);
    restart();
    driver.receive(AgentDriver.nomination(), PATH_C);
    assertEquals(PATH_C, driver.agent.selectedPath());
  }

  @Test
  void credentialsOfDifferentGenerationsDoNotMix() {
    restart();
    for (String username : new String[] {"newLocal:h6vY", "evtj:newPeer", "evtj:h6vY"}) {
      byte[] request =
          StunMessageBuilder.bindingRequest(username).integrity(NEW_LOCAL.password()).build();
      assertEquals(StunVerdict.UNAUTHENTICATED, driver.receive(request, PATH_A));
    }
    byte[] oldPassword =
        StunMessageBuilder.bindingRequest("newLocal:newPeer").integrity(LOCAL.password()).build();
    assertEquals(StunVerdict.UNAUTHENTICATED, driver.receive(oldPassword, PATH_A));
  }

  @Test
  void aSecondRestartBeforeAnyRequestKeepsTheCredentialsThatCarryMedia() {
    driver.receive(AgentDriver.nomination(), PATH_A);
    driver.agent.restart(IceCredentials.random(), START);
    restart();
    assertEquals(StunVerdict.ANSWERED, driver.receive(AgentDriver.check(), PATH_A));
    assertEquals(StunVerdict.ANSWERED, driver.receive(newCheck(true), PATH_B));
    assertEquals(StunVerdict.UNAUTHENTICATED, driver.receive(AgentDriver.check(), PATH_A));
  }

  @Test
  void anErrorWithTheNewCredentialsDoesNotEndTheOldOnes() {
    restart();
    byte[] conflict =
        StunMessageBuilder.bindingRequest("newLocal:newPeer")
            .controlled()
            .integrity(NEW_LOCAL.password())
            .build();
    assertEquals(StunVerdict.ANSWERED_WITH_ERROR, driver.receive(conflict, PATH_A));
    assertEquals(StunVerdict.ANSWERED, driver.receive(AgentDriver.check(), PATH_A));
  }
}
