package org.plenum.ice.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.ice.agent.AgentDriver.LOCAL;
import static org.plenum.ice.agent.AgentDriver.PATH_A;
import static org.plenum.ice.agent.AgentDriver.START;
import static org.plenum.ice.agent.AgentDriver.USERNAME;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// None of these datagrams may be answered or leave a trace, except where a test says so.
class HostileStunTest {
  private final AgentDriver driver = new AgentDriver();

  @AfterEach
  void leavesNoTraceAndNoResponse() {
    assertEquals(IceLiteAgent.State.NEW, driver.agent.state());
    assertNull(driver.agent.selectedPath());
    assertFalse(driver.agent.isValidated(PATH_A));
    assertEquals(START, driver.agent.lastAuthenticatedNanos());
    assertTrue(driver.responses.isEmpty());
  }

  private void assertUnauthenticated(StunMessageBuilder request) {
    assertEquals(StunVerdict.UNAUTHENTICATED, driver.receive(request.build(), PATH_A, START + 1));
  }

  private void assertMalformed(byte[] datagram) {
    assertEquals(StunVerdict.MALFORMED, driver.receive(datagram, PATH_A, START + 1));
  }

  @Test
  void aRequestWithoutIntegrity() {
    assertUnauthenticated(StunMessageBuilder.bindingRequest(USERNAME).useCandidate());
    assertUnauthenticated(StunMessageBuilder.bindingRequest(USERNAME).fingerprint());
    assertUnauthenticated(StunMessageBuilder.of(0x0001));
  }

  @Test
  void aRequestUnderAnotherPassword() {
    String password = AgentDriver.REMOTE.password();
    assertUnauthenticated(StunMessageBuilder.bindingRequest(USERNAME).integrity(password));
    assertUnauthenticated(
        StunMessageBuilder.bindingRequest(USERNAME).integrity(password).fingerprint());
  }

  @Test
  void aRequestForSomebodyElse() {
    for (String username :
        new String[] {
          "", ":", "evtj", "evtj:", "evtj:h6v", "evtj:h6vYx", "evtjx:h6vY", "h6vY:evtj"
        }) {
      assertUnauthenticated(
          StunMessageBuilder.bindingRequest(username).integrity(LOCAL.password()));
    }
    assertUnauthenticated(StunMessageBuilder.of(0x0001).integrity(LOCAL.password()));
  }

  @Test
  void theFirstOfTwoUsernamesCounts() {
    assertUnauthenticated(
        StunMessageBuilder.bindingRequest("evtj:other")
            .attribute(0x0006, USERNAME.getBytes(StandardCharsets.US_ASCII))
            .integrity(LOCAL.password()));
  }

  @Test
  void aUsernameAfterTheIntegrity() {
    assertUnauthenticated(
        StunMessageBuilder.of(0x0001)
            .integrity(LOCAL.password())
            .attribute(0x0006, USERNAME.getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void anIntegrityOfAnotherLength() {
    for (int length : new int[] {0, 4, 19, 21, 32}) {
      assertUnauthenticated(
          StunMessageBuilder.bindingRequest(USERNAME).attribute(0x0008, new byte[length]));
    }
  }

  @Test
  void theSecondOfTwoIntegritiesDoesNotCount() {
    assertUnauthenticated(
        StunMessageBuilder.bindingRequest(USERNAME)
            .attribute(0x0008, new byte[20])
            .integrity(LOCAL.password()));
  }

  @Test
  void aFingerprintThatIsWrongOrNotTheLastAttribute() {
    var request = StunMessageBuilder.bindingRequest(USERNAME).integrity(LOCAL.password());
    assertMalformed(request.attribute(0x8028, new byte[4]).build());
    assertMalformed(
        StunMessageBuilder.bindingRequest(USERNAME)
            .fingerprint()
            .integrity(LOCAL.password())
            .build());
    assertMalformed(
        StunMessageBuilder.bindingRequest(USERNAME)
            .integrity(LOCAL.password())
            .attribute(0x8028, new byte[3])
            .build());
  }

  @Test
  void anAuthenticRequestWhoseAttributesAreNonsense() {
    assertMalformed(
        StunMessageBuilder.bindingRequest(USERNAME)
            .attribute(0x0009) // ERROR-CODE without a code
            .integrity(LOCAL.password())
            .build());
  }

  @Test
  void anAuthenticRequestLongerThanAnyReal() {
    assertMalformed(
        StunMessageBuilder.bindingRequest(USERNAME)
            .attribute(0x8022, new byte[IceLiteAgent.MAX_MESSAGE_BYTES])
            .integrity(LOCAL.password())
            .build());
  }

  @Test
  void everyTruncatedOrExtendedRequest() {
    byte[] good = AgentDriver.check();
    for (int length = 0; length < good.length; length++) {
      assertMalformed(Arrays.copyOf(good, length));
    }
    for (int more = 1; more < 8; more++) {
      assertMalformed(Arrays.copyOf(good, good.length + more));
    }
  }

  /// Up to FINGERPRINT, which the integrity does not cover: cutting just that off leaves a good
  /// request.
  @Test
  void everyTruncatedRequestWhoseLengthFieldAgrees() {
    byte[] good = AgentDriver.check();
    for (int length = 20; length < good.length - 8; length += 4) {
      byte[] cut = Arrays.copyOf(good, length);
      cut[2] = (byte) ((length - 20) >>> 8);
      cut[3] = (byte) (length - 20);
      assertRejected(cut, length);
    }
  }

  private void assertRejected(byte[] datagram, int position) {
    StunVerdict verdict = driver.receive(datagram, PATH_A, START + 1);
    assertTrue(
        verdict == StunVerdict.MALFORMED
            || verdict == StunVerdict.UNAUTHENTICATED
            || verdict == StunVerdict.IGNORED,
        verdict + " at " + position);
  }

  /// Every byte of a request is covered by its integrity, its framing or its fingerprint,
  /// except the type of the FINGERPRINT attribute: what that becomes follows the integrity and
  /// is ignored. Such a request is the original one in all that counts.
  @Test
  void everyChangeOfOneByte() {
    byte[] good = AgentDriver.check();
    int fingerprintType = good.length - 8;
    for (int position = 0; position < good.length; position++) {
      if (position == fingerprintType || position == fingerprintType + 1) {
        continue;
      }
      for (int change = 1; change < 256; change++) {
        byte[] bad = good.clone();
        bad[position] ^= (byte) change;
        assertRejected(bad, position);
      }
    }
  }

  /// Without FINGERPRINT the integrity alone must hold.
  @Test
  void everyChangeOfOneByteWithoutFingerprint() {
    byte[] good =
        StunMessageBuilder.bindingRequest(USERNAME)
            .priority()
            .controlling()
            .useCandidate()
            .integrity(LOCAL.password())
            .build();
    for (int position = 0; position < good.length; position++) {
      for (int change = 1; change < 256; change++) {
        byte[] bad = good.clone();
        bad[position] ^= (byte) change;
        assertRejected(bad, position);
      }
    }
  }

  @Test
  void randomBytesBehindARightHeader() {
    Random random = new Random(5389);
    byte[] header = AgentDriver.check();
    for (int i = 0; i < 20_000; i++) {
      byte[] datagram = new byte[random.nextInt(200)];
      random.nextBytes(datagram);
      if (datagram.length >= 20 && i % 4 != 0) {
        System.arraycopy(header, 0, datagram, 0, 20);
        datagram[2] = (byte) ((datagram.length - 20) >>> 8);
        datagram[3] = (byte) (datagram.length - 20);
      }
      assertRejected(datagram, i);
    }
  }
}
