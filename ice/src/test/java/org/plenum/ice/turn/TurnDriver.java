package org.plenum.ice.turn;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.agent.StunMessageBuilder;
import org.plenum.ice.port.ReceiveBatch;
import org.plenum.ice.port.SendBatch;

/// A server on virtual time, and one client of it that speaks byte by byte.
final class TurnDriver {
  static final int ALLOCATE = 3;
  static final int REFRESH = 4;
  static final int CREATE_PERMISSION = 8;
  static final int CHANNEL_BIND = 9;
  static final int SEND = 0x16;
  static final int SUCCESS = 0x100;
  static final int ERROR = 0x110;

  static final int CHANNEL_NUMBER = 0x0C;
  static final int LIFETIME = 0x0D;
  static final int XOR_PEER_ADDRESS = 0x12;
  static final int DATA = 0x13;
  static final int XOR_RELAYED_ADDRESS = 0x16;
  static final int REQUESTED_ADDRESS_FAMILY = 0x17;
  static final int REQUESTED_TRANSPORT = 0x19;
  static final int XOR_MAPPED_ADDRESS = 0x20;

  static final String SECRET = "a-secret";
  static final long START = Long.MAX_VALUE - 5_000_000_000L; // soon to go round
  static final long SECOND = 1_000_000_000L;
  static final long EPOCH_SECONDS = 1_700_000_000L;
  static final String USER = (EPOCH_SECONDS + 3_600) + ":ada";
  static final InetSocketAddress OWN = address("203.0.113.7", 10_000);
  static final InetSocketAddress OWN_IPV6 = address("2001:db8::7", 10_000);
  static final NetworkPath CLIENT = path("198.51.100.2", 40_000, 0);

  private static final int COOKIE = 0x2112_A442;

  final TurnPort port = new TurnPort();
  final ReceiveBatch batch = new ReceiveBatch();
  final TurnServer server;
  long now = START;
  NetworkPath client = CLIENT;
  String user = USER;
  String realm = "turn";
  String secret = SECRET;
  byte[] nonce = {};

  /// The latest response, and to whom; null: none since the latest message.
  byte @Nullable [] response;

  @Nullable NetworkPath to;

  private int transaction;

  TurnDriver() {
    this(OWN, OWN_IPV6);
  }

  TurnDriver(InetSocketAddress... own) {
    this(RelayPorts.NONE, own);
  }

  TurnDriver(RelayPorts ports, InetSocketAddress... own) {
    var turnSecret = new TurnSecret(SECRET, new Random(1), START);
    var addresses = new OwnAddresses(List.of(own));
    server = new TurnServer(turnSecret, addresses, port, ports, 7, START, EPOCH_SECONDS);
    server.admit("ada");
  }

  static InetSocketAddress address(String host, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(host), port);
  }

  static NetworkPath path(String host, int port, int connection) {
    NetworkPath path = NetworkPath.to(address(host, port), OWN.getAddress());
    return new NetworkPath(
        path.remoteHigh(), path.remoteLow(), port, path.localHigh(), path.localLow(), connection);
  }

  void pass(long seconds) {
    for (long i = 0; i < seconds; i++) {
      now += SECOND;
      server.onTimeout(now, EPOCH_SECONDS + (now - START) / SECOND);
    }
  }

  /// A message of the client, as it is.
  TurnVerdict receive(byte[] message) {
    response = null;
    put(message);
    return server.onMessage(
        batch,
        0,
        now,
        (bytes, path) -> {
          response = bytes;
          to = path;
        });
  }

  TurnVerdict receiveChannelData(byte[] message) {
    put(message);
    return server.onChannelData(batch, 0, now);
  }

  private void put(byte[] message) {
    MemorySegment.copy(
        message, 0, batch.slab(), ValueLayout.JAVA_BYTE, batch.offset(0), message.length);
    batch.unwrap(0, 0, message.length, client);
  }

  /// What comes at a relay's own port.
  TurnVerdict receiveAtRelay(int relayPort, InetSocketAddress from, byte[] datagram) {
    MemorySegment.copy(
        datagram, 0, batch.slab(), ValueLayout.JAVA_BYTE, batch.offset(0), datagram.length);
    NetworkPath path = path(from.getAddress().getHostAddress(), from.getPort(), -relayPort);
    batch.unwrap(0, 0, datagram.length, path);
    return server.onPeer(batch, 0, now);
  }

  /// What the server has said to send on.
  byte[] onward() {
    Onward onward = server.onward();
    return batch
        .slab()
        .asSlice(onward.offset(), onward.lengthBytes())
        .toArray(ValueLayout.JAVA_BYTE);
  }

  /// What the server has put into the place of the client's message.
  byte[] relayed() {
    return batch.slab().asSlice(batch.offset(0), batch.length(0)).toArray(ValueLayout.JAVA_BYTE);
  }

  /// What the client is sent for what goes to this path; empty: nothing.
  byte[] wrapped(byte[] datagram, NetworkPath path) {
    var out = new SendBatch();
    MemorySegment.copy(
        datagram, 0, out.slab(), ValueLayout.JAVA_BYTE, out.nextOffset(), datagram.length);
    int length = server.wrap(out.slab(), out.nextOffset(), datagram.length, path);
    return out.slab().asSlice(out.nextOffset(), length).toArray(ValueLayout.JAVA_BYTE);
  }

  /// A request of a transaction of its own.
  StunMessageBuilder request(int type) {
    return StunMessageBuilder.of(type).transaction(++transaction);
  }

  StunMessageBuilder allocate() {
    return request(ALLOCATE)
        .attribute(REQUESTED_TRANSPORT, (byte) 17, (byte) 0, (byte) 0, (byte) 0);
  }

  /// With the client's credentials.
  byte[] signed(StunMessageBuilder request) {
    return request
        .attribute(0x06, user.getBytes(US_ASCII))
        .attribute(0x14, realm.getBytes(US_ASCII))
        .attribute(0x15, nonce)
        .integrity(key())
        .build();
  }

  byte[] key() {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(secret.getBytes(US_ASCII), "HmacSHA1"));
      String password = Base64.getEncoder().encodeToString(mac.doFinal(user.getBytes(US_ASCII)));
      String credential = user + ":" + realm + ":" + password;
      return MessageDigest.getInstance("MD5").digest(credential.getBytes(US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /// Asks without credentials, for a nonce; over UDP again, if need be, as clients do.
  void learnNonce() {
    byte[] request = allocate().build();
    if (receive(request) == TurnVerdict.UNPAID) {
      assertEquals(TurnVerdict.CHALLENGED, receive(request));
    }
    nonce = value(0x15);
  }

  /// A relay for the client.
  void open() {
    learnNonce();
    assertEquals(TurnVerdict.ANSWERED, receive(signed(allocate())));
  }

  int permit(InetSocketAddress... peers) {
    StunMessageBuilder request = request(CREATE_PERMISSION);
    for (InetSocketAddress peer : peers) {
      request.attribute(XOR_PEER_ADDRESS, xor(peer, request));
    }
    receive(signed(request));
    return error();
  }

  int bind(int channel, InetSocketAddress peer) {
    StunMessageBuilder request = request(CHANNEL_BIND);
    request.attribute(CHANNEL_NUMBER, ByteBuffer.allocate(4).putShort((short) channel).array());
    request.attribute(XOR_PEER_ADDRESS, xor(peer, request));
    receive(signed(request));
    return error();
  }

  int refresh(int seconds) {
    receive(signed(request(REFRESH).attribute(LIFETIME, u32(seconds))));
    return error();
  }

  TurnVerdict send(InetSocketAddress peer, byte[] data) {
    StunMessageBuilder indication = request(SEND);
    return receive(
        indication
            .attribute(XOR_PEER_ADDRESS, xor(peer, indication))
            .attribute(DATA, data)
            .build());
  }

  static byte[] channelData(int channel, byte[] data) {
    return ByteBuffer.allocate(4 + data.length)
        .putShort((short) channel)
        .putShort((short) data.length)
        .put(data)
        .array();
  }

  static byte[] u32(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  /// An address as an attribute of this message has it; IPv6 by family 2 whatever it maps.
  static byte[] xor(InetSocketAddress address, StunMessageBuilder message) {
    return xor(address.getAddress().getAddress(), address.getPort(), message);
  }

  static byte[] xor(byte[] address, int port, StunMessageBuilder message) {
    ByteBuffer value = ByteBuffer.allocate(4 + address.length);
    value.putShort((short) (address.length == 4 ? 1 : 2));
    value.putShort((short) (port ^ COOKIE >>> 16));
    byte[] header = message.build();
    for (int i = 0; i < address.length; i++) {
      value.put((byte) (address[i] ^ header[4 + i]));
    }
    return value.array();
  }

  /// The value of an attribute of the response; empty if it has none.
  byte[] value(int attribute) {
    return value(assertedResponse(), attribute);
  }

  static byte[] value(byte[] message, int attribute) {
    ByteBuffer bytes = ByteBuffer.wrap(message);
    int at = 20;
    while (at < message.length) {
      int length = bytes.getChar(at + 2);
      if (bytes.getChar(at) == attribute) {
        return Arrays.copyOfRange(message, at + 4, at + 4 + length);
      }
      at += 4 + (length + 3 & ~3);
    }
    return new byte[0];
  }

  byte[] assertedResponse() {
    byte[] message = response;
    assertNotNull(message, "no response");
    assertEquals(message.length - 20, ByteBuffer.wrap(message).getChar(2));
    return message;
  }

  int type() {
    return ByteBuffer.wrap(assertedResponse()).getChar(0);
  }

  /// The code of an error response; 0 of a success response, which is signed.
  int error() {
    byte[] code = value(0x09);
    if (code.length == 0) {
      assertSigned();
      return 0;
    }
    assertTrue((type() & ERROR) == ERROR);
    return 100 * code[2] + code[3];
  }

  /// Whether the client can check whom the response is from.
  void assertSigned() {
    byte[] message = assertedResponse();
    int integrityAt = message.length - 24;
    byte[] before = Arrays.copyOf(message, integrityAt);
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(key(), "HmacSHA1"));
      assertArrayEquals(mac.doFinal(before), value(0x08));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /// An XORed address of a message.
  static InetSocketAddress address(byte[] message, int attribute) {
    byte[] value = value(message, attribute);
    byte[] host = Arrays.copyOfRange(value, 4, value.length);
    for (int i = 0; i < host.length; i++) {
      host[i] ^= message[4 + i];
    }
    int port = ByteBuffer.wrap(value).getChar(2) ^ COOKIE >>> 16;
    try {
      return new InetSocketAddress(InetAddress.getByAddress(host), port);
    } catch (java.net.UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  static byte[] bytes(int length, int seed) {
    var bytes = new ByteArrayOutputStream();
    new Random(seed).ints(length, 0, 256).forEach(bytes::write);
    return bytes.toByteArray();
  }
}
