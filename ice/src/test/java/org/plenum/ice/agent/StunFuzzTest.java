package org.plenum.ice.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.ice.agent.AgentDriver.LOCAL;
import static org.plenum.ice.agent.AgentDriver.PATH_A;
import static org.plenum.ice.agent.AgentDriver.USERNAME;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.plenum.ice.AnswerCredit;

@Tag("fuzz")
class StunFuzzTest {
  /// The datagram as it came: never throws, and what is not answered leaves no trace.
  @FuzzTest(maxDuration = "5s")
  void onStun(byte[] datagram) {
    AgentDriver driver = new AgentDriver();
    StunVerdict verdict = driver.receive(datagram, PATH_A);
    boolean responded =
        verdict == StunVerdict.ANSWERED || verdict == StunVerdict.ANSWERED_WITH_ERROR;
    assertEquals(responded ? 1 : 0, driver.responses.size());
    assertEquals(verdict == StunVerdict.ANSWERED, driver.agent.isValidated(PATH_A));
  }

  /// The attributes of a hostile but authenticated peer, which ice4j decodes: never throws, and is
  /// always accounted for.
  @FuzzTest(maxDuration = "5s")
  void attributesOfAnAuthenticatedRequest(byte[] attributes) {
    AgentDriver driver = new AgentDriver();
    byte[] padded = Arrays.copyOf(attributes, (Math.min(attributes.length, 1000) + 3) & ~3);
    StunMessageBuilder request = StunMessageBuilder.bindingRequest(USERNAME).raw(padded);
    byte[] datagram = request.integrity(LOCAL.password()).fingerprint().build();
    StunVerdict verdict = driver.receive(datagram, PATH_A);
    boolean responded =
        verdict == StunVerdict.ANSWERED || verdict == StunVerdict.ANSWERED_WITH_ERROR;
    assertEquals(responded ? 1 : 0, driver.responses.size());
    if (responded) {
      byte[] response = driver.responses.getFirst();
      assertEquals(0, response.length % 4);
      assertEquals(response.length - 20, ByteBuffer.wrap(response).getShort(2));
    }
  }

  @FuzzTest(maxDuration = "5s")
  void localUfrag(byte[] datagram) {
    String ufrag = StunUsername.localUfrag(MemorySegment.ofArray(datagram), 0, datagram.length);
    if (ufrag != null) {
      assertTrue(ufrag.length() >= 1 && ufrag.length() <= 256);
      assertFalse(ufrag.contains(":"));
    }
  }

  /// Never throws; a response is well-formed and at most 1.5 times the request in IPv4 packets.
  @FuzzTest(maxDuration = "5s")
  void server(byte[] datagram) {
    MemorySegment bytes = MemorySegment.ofArray(datagram);
    var credit = new AnswerCredit(1);
    credit.earn(PATH_A);
    var server = new StunServer(1, 0, credit);
    StunServer.Verdict verdict =
        server.onDatagram(bytes, 0, datagram.length, PATH_A.remoteHigh(), PATH_A.remoteLow(), 1, 0);
    if (verdict == StunServer.Verdict.ANSWERED) {
      MemorySegment out = MemorySegment.ofArray(new byte[StunServer.MAX_RESPONSE_BYTES]);
      int length = server.respond(out, 0);
      assertTrue(StunFraming.isWellFormed(out, 0, length));
      assertTrue(2 * (28 + length) <= 3 * (28 + datagram.length));
    }
  }

  @FuzzTest(maxDuration = "5s")
  void mappedAddress(byte[] datagram) {
    var query = new StunQuery(new java.util.Random(0));
    byte[] named = datagram.clone();
    if (named.length >= 20) {
      System.arraycopy(query.request(), 8, named, 8, 12); // or nothing would ever be looked at
    }
    query.mappedAddress(MemorySegment.ofArray(named), 0, named.length);
  }
}
