package org.plenum.ice.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.ice.agent.AgentDriver.PATH_A;
import static org.plenum.ice.agent.AgentDriver.PATH_B;
import static org.plenum.ice.agent.IceLiteAgent.CLOSED_AFTER_NANOS;
import static org.plenum.ice.agent.IceLiteAgent.LOST_AFTER_NANOS;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.ice.NanoTime;
import org.plenum.ice.agent.IceLiteAgent.State;

/// Life and death of an agent on virtual time; the starts put each deadline once on either side of
/// the wrap-around.
class IceLiteAgentTimeTest {
  private static final long SECOND = 1_000_000_000L;

  @ParameterizedTest
  @ValueSource(longs = {0, -5 * SECOND, Long.MAX_VALUE - 5 * SECOND, Long.MAX_VALUE - 15 * SECOND})
  void anAgentThatNobodyCallsClosesAfterThirtySeconds(long start) {
    AgentDriver driver = new AgentDriver(start);
    assertState(State.NEW, driver, start + CLOSED_AFTER_NANOS - 1);
    assertEquals(start + CLOSED_AFTER_NANOS, driver.agent.nextTimeoutNanos());
    assertState(State.CLOSED, driver, start + CLOSED_AFTER_NANOS);
    assertEquals(NanoTime.NEVER, driver.agent.nextTimeoutNanos());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -5 * SECOND, Long.MAX_VALUE - 5 * SECOND, Long.MAX_VALUE - 15 * SECOND})
  void aSilentPeerIsLostAfterTenSecondsAndClosedAfterThirty(long start) {
    AgentDriver driver = new AgentDriver(start);
    driver.receive(AgentDriver.nomination(), PATH_A, start);
    assertState(State.CONNECTED, driver, start + LOST_AFTER_NANOS - 1);
    assertEquals(start + LOST_AFTER_NANOS, driver.agent.nextTimeoutNanos());
    assertState(State.LOST, driver, start + LOST_AFTER_NANOS);
    assertEquals(PATH_A, driver.agent.selectedPath());
    assertState(State.LOST, driver, start + CLOSED_AFTER_NANOS - 1);
    assertEquals(start + CLOSED_AFTER_NANOS, driver.agent.nextTimeoutNanos());
    assertState(State.CLOSED, driver, start + CLOSED_AFTER_NANOS);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 15 * SECOND})
  void aRequestBringsALostPeerBack(long start) {
    AgentDriver driver = new AgentDriver(start);
    driver.receive(AgentDriver.nomination(), PATH_A, start);
    long back = start + 20 * SECOND;
    assertState(State.LOST, driver, back);
    driver.receive(AgentDriver.nomination(), PATH_B, back);
    assertEquals(State.CONNECTED, driver.agent.state());
    assertEquals(back, driver.agent.lastAuthenticatedNanos());
    assertEquals(PATH_B, driver.agent.selectedPath());
    assertState(State.CONNECTED, driver, back + LOST_AFTER_NANOS - 1);
    assertState(State.LOST, driver, back + LOST_AFTER_NANOS);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 15 * SECOND})
  void aTimeoutThatComesLateClosesAtOnce(long start) {
    AgentDriver driver = new AgentDriver(start);
    driver.receive(AgentDriver.nomination(), PATH_A, start);
    assertState(State.CLOSED, driver, start + 60 * SECOND);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 15 * SECOND})
  void closedIsFinal(long start) {
    AgentDriver driver = new AgentDriver(start);
    long later = start + CLOSED_AFTER_NANOS;
    assertState(State.CLOSED, driver, later);
    assertEquals(StunVerdict.IGNORED, driver.receive(AgentDriver.nomination(), PATH_A, later));
    driver.agent.restart(IceCredentials.random(), later);
    assertState(State.CLOSED, driver, later);
    assertTrue(driver.responses.isEmpty());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 15 * SECOND})
  void requestsThatAreNotAuthenticOrAnsweredWithAnErrorKeepNobodyAlive(long start) {
    AgentDriver driver = new AgentDriver(start);
    driver.receive(AgentDriver.nomination(), PATH_A, start);
    for (int i = 1; i <= 30; i++) {
      driver.receive(Rfc5769Test.REQUEST, PATH_A, start + i * SECOND - 1);
      driver.receive(
          StunMessageBuilder.bindingRequest(AgentDriver.USERNAME).build(),
          PATH_A,
          start + i * SECOND);
      driver.agent.onTimeout(start + i * SECOND);
    }
    assertEquals(State.CLOSED, driver.agent.state());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 45 * SECOND})
  void aRestartGivesTheLostPeerTimeToComeBack(long start) {
    AgentDriver driver = new AgentDriver(start);
    driver.receive(AgentDriver.nomination(), PATH_A, start);
    long restart = start + 29 * SECOND;
    assertState(State.LOST, driver, restart);
    driver.agent.restart(IceCredentials.random(), restart);
    assertState(State.LOST, driver, restart + CLOSED_AFTER_NANOS - 1);
    assertEquals(restart + CLOSED_AFTER_NANOS, driver.agent.nextTimeoutNanos());
    assertState(State.CLOSED, driver, restart + CLOSED_AFTER_NANOS);
  }

  /// RFC 8445 §11: such a peer sends Binding indications at most.
  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 45 * SECOND})
  void mediaKeepsAPeerAliveThatChecksNoConsent(long start) {
    AgentDriver driver = new AgentDriver(start);
    driver.receive(AgentDriver.nomination(), PATH_A, start);
    long last = start + 60 * SECOND;
    for (long at = start; at - last <= 0; at += SECOND) {
      driver.agent.onMedia(at);
      assertState(State.CONNECTED, driver, at + SECOND / 2);
    }
    assertState(State.LOST, driver, last + LOST_AFTER_NANOS);
    driver.agent.onMedia(last);
    assertState(State.LOST, driver, last + LOST_AFTER_NANOS);
    long back = last + 20 * SECOND;
    driver.agent.onMedia(back);
    assertState(State.CONNECTED, driver, back);
    assertState(State.CLOSED, driver, back + CLOSED_AFTER_NANOS);
    driver.agent.onMedia(back + CLOSED_AFTER_NANOS);
    assertEquals(State.CLOSED, driver.agent.state());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 15 * SECOND})
  void mediaFromBeforeARestartDoesNotShortenTheWait(long start) {
    AgentDriver driver = new AgentDriver(start);
    driver.receive(AgentDriver.nomination(), PATH_A, start);
    driver.agent.restart(IceCredentials.random(), start + 20 * SECOND);
    driver.agent.onMedia(start + SECOND);
    assertState(State.LOST, driver, start + 20 * SECOND + CLOSED_AFTER_NANOS - 1);
    assertState(State.CLOSED, driver, start + 20 * SECOND + CLOSED_AFTER_NANOS);
  }

  private static void assertState(State expected, AgentDriver driver, long nowNanos) {
    driver.agent.onTimeout(nowNanos);
    assertEquals(expected, driver.agent.state());
  }
}
