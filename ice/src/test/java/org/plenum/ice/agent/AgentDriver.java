package org.plenum.ice.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ice4j.StunException;
import org.ice4j.message.Message;
import org.ice4j.message.Response;
import org.plenum.ice.NetworkPath;

/// An agent with its credentials, fed from byte arrays; remembers every response.
final class AgentDriver {
  static final IceCredentials LOCAL = new IceCredentials("evtj", "VOkJxbRl1RmTxUk/WvJxBt");
  static final IceCredentials REMOTE = new IceCredentials("h6vY", "remotePasswordRemotePw");
  static final String USERNAME = "evtj:h6vY";
  static final long START = 1_000_000_000L;
  static final NetworkPath PATH_A = path(0xC000_0201, 32_853); // 192.0.2.1
  static final NetworkPath PATH_B = path(0xC633_6402, 40_000); // 198.51.100.2

  final IceLiteAgent agent;
  final List<byte[]> responses = new ArrayList<>();
  final List<NetworkPath> destinations = new ArrayList<>();

  AgentDriver() {
    this(START);
  }

  AgentDriver(long startNanos) {
    agent = new IceLiteAgent(LOCAL, startNanos);
    agent.remoteCredentials(REMOTE);
  }

  static NetworkPath path(int remoteAddress, int port) {
    return new NetworkPath(
        0, NetworkPath.ipv4Mapped(remoteAddress), port, 0, NetworkPath.ipv4Mapped(0x0A00_0001));
  }

  /// Puts the datagram into the middle of a slab whose other bytes are 0xFF, as the port would.
  StunVerdict receive(byte[] datagram, NetworkPath path, long nowNanos) {
    byte[] slab = new byte[datagram.length + 24];
    Arrays.fill(slab, (byte) 0xFF);
    System.arraycopy(datagram, 0, slab, 13, datagram.length);
    return agent.onStun(
        MemorySegment.ofArray(slab).asReadOnly(),
        13,
        datagram.length,
        path,
        nowNanos,
        (message, to) -> {
          responses.add(message);
          destinations.add(to);
        });
  }

  StunVerdict receive(byte[] datagram, NetworkPath path) {
    return receive(datagram, path, START);
  }

  static byte[] check() {
    return StunMessageBuilder.bindingRequest(USERNAME)
        .priority()
        .controlling()
        .integrity(LOCAL.password())
        .fingerprint()
        .build();
  }

  static byte[] nomination() {
    return StunMessageBuilder.bindingRequest(USERNAME)
        .priority()
        .controlling()
        .useCandidate()
        .integrity(LOCAL.password())
        .fingerprint()
        .build();
  }

  /// The only response there was, as ice4j reads it; checks its MESSAGE-INTEGRITY and FINGERPRINT.
  Response onlyResponse() throws StunException {
    assertEquals(1, responses.size());
    byte[] bytes = responses.getFirst();
    // FINGERPRINT is checked by ice4j.
    Response response = assertInstanceOf(Response.class, Message.decode(bytes, 0, bytes.length));
    int fingerprint = bytes.length - 8;
    assertEquals(0x8028, (bytes[fingerprint] & 0xFF) << 8 | (bytes[fingerprint + 1] & 0xFF));
    assertTrue(
        new StunIntegrity(agent.localCredentials().password()).verify(bytes, fingerprint - 24));
    return response;
  }
}
