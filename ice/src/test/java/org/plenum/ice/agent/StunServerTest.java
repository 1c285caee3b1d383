package org.plenum.ice.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.ice4j.StunException;
import org.ice4j.attribute.Attribute;
import org.ice4j.attribute.ErrorCodeAttribute;
import org.ice4j.attribute.UnknownAttributesAttribute;
import org.ice4j.attribute.XorMappedAddressAttribute;
import org.ice4j.message.Message;
import org.ice4j.message.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.ice.AnswerCredit;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.agent.StunServer.Verdict;

/// RFC 8489 §2, §6.3.1, §14.
class StunServerTest {
  private static final long NOW = Long.MAX_VALUE - 5; // so that every sum wraps around
  private static final int BINDING_REQUEST = 0x0001;

  private final AnswerCredit credit = new AnswerCredit(42);
  private final StunServer server = new StunServer(42, NOW, credit);
  private final MemorySegment slab = Arena.ofAuto().allocate(4096);

  private static NetworkPath from(String address, int port) {
    return NetworkPath.to(new InetSocketAddress(address, port), null);
  }

  private Verdict judge(byte[] datagram, NetworkPath path) {
    slab.fill((byte) 0xFF);
    MemorySegment.copy(datagram, 0, slab, ValueLayout.JAVA_BYTE, 64, datagram.length);
    return server.onDatagram(
        slab, 64, datagram.length, path.remoteHigh(), path.remoteLow(), path.remotePort(), NOW);
  }

  /// To somebody who has sent enough.
  private byte[] answer(byte[] datagram, NetworkPath path) {
    credit.earn(path);
    assertEquals(Verdict.ANSWERED, judge(datagram, path));
    MemorySegment out = Arena.ofAuto().allocate(100 + StunServer.MAX_RESPONSE_BYTES);
    int length = server.respond(out, 100);
    return out.asSlice(100, length).toArray(ValueLayout.JAVA_BYTE);
  }

  private static Response decode(byte[] response) throws StunException {
    return assertInstanceOf(Response.class, Message.decode(response, 0, response.length));
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.77", "2001:db8::77", "255.255.255.255", "::1"})
  void tellsTheClientItsAddress(String address) throws StunException {
    NetworkPath path = from(address, 54_321);
    byte[] response = answer(StunMessageBuilder.of(BINDING_REQUEST).build(), path);

    assertEquals(path.isIpv4() ? 32 : 44, response.length);
    Response decoded = decode(response);
    assertEquals(Message.BINDING_SUCCESS_RESPONSE, decoded.getMessageType());
    assertArrayEquals("transaction!".getBytes(), decoded.getTransactionID());
    var mapped = (XorMappedAddressAttribute) decoded.getAttribute(Attribute.XOR_MAPPED_ADDRESS);
    var told = mapped.getAddress(decoded.getTransactionID());
    assertEquals(path.remote().getAddress(), told.getAddress());
    assertEquals(54_321, told.getPort());
    assertNull(decoded.getAttribute(Attribute.SOFTWARE));
    assertNull(decoded.getAttribute(Attribute.FINGERPRINT));
  }

  @Test
  void putsAFingerprintOnlyBehindWhatCameWithOne() throws StunException {
    NetworkPath path = from("2001:db8::1", 9);
    byte[] response = answer(StunMessageBuilder.of(BINDING_REQUEST).fingerprint().build(), path);

    assertEquals(StunServer.MAX_RESPONSE_BYTES, response.length);
    assertTrue(StunIntegrity.hasGoodFingerprint(response, response.length));
    assertEquals(0x8028, StunFraming.u16(MemorySegment.ofArray(response), 44));
    decode(response); // ice4j checks it too
  }

  /// Whatever is asked, a prefix is not sent more than came from there.
  @Test
  void isNoReflector() {
    for (String address : new String[] {"192.0.2.1", "2001:db8::1"}) {
      NetworkPath path = from(address, 1);
      for (int unknown = 0; unknown <= 20; unknown++) {
        for (boolean fingerprint : new boolean[] {false, true}) {
          StunMessageBuilder builder = StunMessageBuilder.of(BINDING_REQUEST);
          for (int i = 0; i < unknown; i++) {
            builder.attribute(0x0003 + 0x7000 + i);
          }
          byte[] request = (fingerprint ? builder.fingerprint() : builder).build();
          var fresh = new StunServer(42, NOW, new AnswerCredit(42));
          int received = 0;
          int sent = 0;
          for (int i = 0; i < StunRateLimit.BURST; i++) {
            received += request.length;
            sent += answered(fresh, request, path);
            assertTrue(sent <= received, sent + " bytes for " + received);
          }
          assertTrue(sent > 0, "is answered in the end");
        }
      }
    }
  }

  /// As browsers ask: without an attribute, and again after a quarter of a second.
  @ParameterizedTest
  @CsvSource({"192.0.2.1, 2", "2001:db8::1, 3"})
  void answersWhenItIsAskedAgain(String address, int times) {
    byte[] request = StunMessageBuilder.of(BINDING_REQUEST).build();
    for (int i = 1; i < times; i++) {
      assertEquals(Verdict.UNPAID, judge(request, from(address, 1)));
    }
    assertEquals(Verdict.ANSWERED, judge(request, from(address, 1)));
  }

  /// @return bytes of the answer, 0 for none
  private static int answered(StunServer server, byte[] request, NetworkPath path) {
    MemorySegment bytes = MemorySegment.ofArray(request);
    Verdict verdict =
        server.onDatagram(
            bytes, 0, request.length, path.remoteHigh(), path.remoteLow(), path.remotePort(), NOW);
    MemorySegment out = Arena.ofAuto().allocate(StunServer.MAX_RESPONSE_BYTES);
    return verdict == Verdict.ANSWERED ? server.respond(out, 0) : 0;
  }

  @Test
  void refusesWhatMustBeUnderstoodAndIsNot() throws StunException {
    byte[] request =
        StunMessageBuilder.of(BINDING_REQUEST)
            .attribute(0x0003, (byte) 0, (byte) 0, (byte) 0, (byte) 6) // CHANGE-REQUEST
            .attribute(0x8022, (byte) 'x') // SOFTWARE: may be ignored
            .fingerprint()
            .build();

    Response response = decode(answer(request, from("192.0.2.1", 1)));

    assertEquals(Message.BINDING_ERROR_RESPONSE, response.getMessageType());
    var error = (ErrorCodeAttribute) response.getAttribute(Attribute.ERROR_CODE);
    assertEquals(420, error.getErrorCode());
    var unknown = (UnknownAttributesAttribute) response.getAttribute(Attribute.UNKNOWN_ATTRIBUTES);
    assertEquals(1, unknown.getAttributeCount());
    assertEquals(3, unknown.getAttribute(0));
  }

  @Test
  void leavesEverythingElseUnanswered() {
    NetworkPath path = from("192.0.2.1", 1);
    assertEquals(Verdict.NOT_FOR_US, judge(StunMessageBuilder.bindingRequest("a:b").build(), path));
    for (int type : new int[] {0x0011, 0x0101, 0x0111, 0x0003, 0x0004}) {
      assertEquals(Verdict.NOT_FOR_US, judge(StunMessageBuilder.of(type).build(), path));
    }
    byte[] good = StunMessageBuilder.of(BINDING_REQUEST).fingerprint().build();
    for (int i = 0; i < good.length; i++) {
      if (i == 20 || i == 21) {
        continue; // the type of FINGERPRINT: it would be another one, which may be ignored
      }
      byte[] flipped = good.clone();
      flipped[i] ^= 0x10;
      assertTrue(judge(flipped, path) != Verdict.ANSWERED, "byte " + i);
    }
    assertEquals(Verdict.MALFORMED, judge(Arrays.copyOf(good, 24), path));
    assertEquals(Verdict.MALFORMED, judge(new byte[0], path));
    assertEquals(
        Verdict.MALFORMED,
        judge(StunMessageBuilder.of(BINDING_REQUEST).raw(new byte[2040]).build(), path));
  }

  @Test
  void limitsEachSourcePrefix() {
    byte[] request = StunMessageBuilder.of(BINDING_REQUEST).build();
    for (int i = 0; i < StunRateLimit.BURST; i++) {
      assertNotEquals(Verdict.RATE_LIMITED, judge(request, from("192.0.2." + i, 1000 + i)));
    }
    assertEquals(Verdict.RATE_LIMITED, judge(request, from("192.0.2.200", 7)));
    assertNotEquals(Verdict.RATE_LIMITED, judge(request, from("192.0.3.1", 7)));
  }

  @Test
  void aQueryReadsTheResponse() {
    NetworkPath ipv4 = from("203.0.113.9", 61_000);
    NetworkPath ipv6 = from("2001:db8:1:2:3:4:5:6", 1);
    var query = new StunQuery(new java.util.Random(1));
    for (NetworkPath path : new NetworkPath[] {ipv4, ipv6}) {
      byte[] response = answer(query.request(), path);
      MemorySegment bytes = MemorySegment.ofArray(response);
      assertEquals(path.remote(), query.mappedAddress(bytes, 0, response.length));
      var other = new StunQuery(new java.util.Random(2));
      assertNull(other.mappedAddress(bytes, 0, response.length), "another transaction");
      byte[] asked = query.request();
      assertNull(query.mappedAddress(MemorySegment.ofArray(asked), 0, asked.length));
    }
    assertEquals(Verdict.NOT_FOR_US, judge(StunQuery.keepAlive(new java.util.Random(3)), ipv4));
  }
}
