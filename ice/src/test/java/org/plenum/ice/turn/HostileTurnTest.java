package org.plenum.ice.turn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.ice.turn.TurnDriver.EPOCH_SECONDS;
import static org.plenum.ice.turn.TurnDriver.OWN;
import static org.plenum.ice.turn.TurnDriver.address;
import static org.plenum.ice.turn.TurnDriver.bytes;
import static org.plenum.ice.turn.TurnDriver.channelData;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.ice.agent.StunMessageBuilder;

/// What must not work.
class HostileTurnTest {
  private static final int CHANNEL = 0x4000;

  private final TurnDriver turn = new TurnDriver();
  private long bytesIn;
  private long bytesOut;
  private int answers;

  /// A message of somebody who has shown nothing.
  private void receiveCounting(byte[] request) {
    turn.receive(request);
    byte[] response = turn.response;
    bytesIn += request.length;
    if (response != null) {
      answers++;
      bytesOut += response.length;
    }
    assertTrue(bytesOut <= bytesIn, bytesOut + " bytes out for " + bytesIn);
  }

  private int allocate() {
    assertEquals(TurnVerdict.CHALLENGED, turn.receive(turn.signed(turn.allocate())));
    assertEquals(0, turn.server.allocations());
    return turn.error();
  }

  @Test
  void aWrongPassword() {
    turn.learnNonce();
    turn.secret = "another";
    assertEquals(401, allocate());
  }

  @Test
  void aWrongRealm() {
    turn.learnNonce();
    turn.realm = "elsewhere";
    assertEquals(401, allocate());
    assertArrayEquals("turn".getBytes(), turn.value(0x14));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ada",
        ":ada",
        "1700003600:",
        "x700003600:ada",
        "1700003600:eve",
        "1:ada",
        "999999999999999999999:ada",
        "-1700003600:ada"
      })
  void aUserNameThatIsNoneOfOurs(String user) {
    turn.learnNonce();
    turn.user = user;
    assertEquals(401, allocate());
  }

  @Test
  void aUserNameThatRunsOut() {
    turn.user = (EPOCH_SECONDS + 60) + ":ada";
    turn.open();
    turn.pass(61);
    assertEquals(0, turn.refresh(600), "who is still here keeps what they have");
    assertEquals(0, turn.refresh(0));
    turn.learnNonce();
    assertEquals(401, allocate(), "and gets nothing new");
  }

  /// However many users it has: others still get theirs.
  @Test
  void aPrefixThatTakesAllItMay() {
    int error = 0;
    for (int i = 0; i <= Allocations.MAX_PER_PREFIX; i++) {
      if (i % Allocations.MAX_PER_USER == 0) {
        turn.user = EPOCH_SECONDS + 3_600 + ":u" + i / Allocations.MAX_PER_USER;
        turn.server.admit("u" + i / Allocations.MAX_PER_USER);
      }
      turn.client = TurnDriver.path("198.51.100." + i % 250, 1_024 + i, 0);
      turn.pass(i % 40 == 0 ? 1 : 0); // requests without credentials are limited
      error = relay();
      assertTrue(error == 0 || i == Allocations.MAX_PER_PREFIX, error + " for relay " + i);
    }
    assertEquals(508, error);
    assertEquals(Allocations.MAX_PER_PREFIX, turn.server.allocations());
    turn.client = TurnDriver.path("203.0.113.1", 1_024, 0);
    assertEquals(0, relay(), "the same user elsewhere");
  }

  private int relay() {
    turn.learnNonce();
    turn.receive(turn.signed(turn.allocate()));
    return turn.error();
  }

  /// RFC 8489 §9.2.4.
  @Test
  void aStaleNonce() {
    turn.open();
    turn.refresh(3_600);
    turn.pass(60 * (Nonces.LIFE_MINUTES + 1));
    assertEquals(438, turn.refresh(600));
    byte[] fresh = turn.value(0x15);
    assertEquals(12, fresh.length);
    turn.nonce = fresh;
    assertEquals(0, turn.refresh(600));
  }

  @Test
  void aNonceOfSomebodyElse() {
    turn.learnNonce();
    turn.client = TurnDriver.path("198.51.100.2", 40_001, 0);
    assertEquals(438, allocate());
  }

  @Test
  void aNonceThatWasMadeUp() {
    for (String nonce : List.of("", "AAAAAAAAAAAA", "!!!!!!!!!!!!", "AAAAAAAAAAAAAAAAAAAAAAAA")) {
      turn.nonce = nonce.getBytes();
      assertEquals(438, allocate());
    }
  }

  @Test
  void halfACredential() {
    turn.learnNonce();
    byte[] noNonce =
        turn.allocate()
            .attribute(0x06, turn.user.getBytes())
            .attribute(0x14, turn.realm.getBytes())
            .integrity(turn.key())
            .build();
    assertEquals(TurnVerdict.CHALLENGED, turn.receive(noNonce));
    assertEquals(400, turn.error());
  }

  @Test
  void theCredentialsOfAnotherUserOnARelay() {
    turn.server.admit("eve");
    turn.open();
    turn.user = (EPOCH_SECONDS + 3_600) + ":eve";
    assertEquals(441, turn.refresh(0));
    assertEquals(1, turn.server.allocations());
  }

  /// A relay is no way to anything but our media.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "::1",
        "169.254.169.254",
        "fe80::1",
        "fd00:ec2::254",
        "10.0.0.9",
        "0.0.0.0",
        "::",
        "255.255.255.255",
        "224.0.0.1",
        "203.0.113.8",
        "198.51.100.2"
      })
  void aPermissionForAnythingThatIsNotOurs(String host) {
    turn.open();
    assertEquals(403, turn.permit(address(host, 10_000)));
    assertEquals(403, turn.bind(CHANNEL, address(host, 10_000)));
    assertEquals(TurnVerdict.NOT_PERMITTED, turn.send(address(host, 10_000), bytes(10, 1)));
    assertEquals(403, turn.permit(OWN, address(host, 10_000)), "together with one that is");
    assertEquals(TurnVerdict.NOT_PERMITTED, turn.send(OWN, bytes(10, 1)));
  }

  /// The management port, say.
  @Test
  void anotherPortOfOurs() {
    turn.open();
    assertEquals(0, turn.permit(address("203.0.113.7", 8_081)), "permissions have no port");
    assertEquals(403, turn.bind(CHANNEL, address("203.0.113.7", 8_081)));
    assertEquals(TurnVerdict.NOT_PERMITTED, turn.send(address("203.0.113.7", 8_081), bytes(10, 1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "203.0.113.7", "169.254.169.254"})
  void anIpv4AddressInTheClothesOfAnIpv6One(String host) {
    turn.open();
    byte[] mapped =
        ByteBuffer.allocate(16)
            .putShort(10, (short) 0xFFFF)
            .put(12, InetAddress.ofLiteral(host).getAddress())
            .array();
    StunMessageBuilder request = turn.request(TurnDriver.CREATE_PERMISSION);
    byte[] value = TurnDriver.xor(mapped, 10_000, request);
    turn.receive(turn.signed(request.attribute(TurnDriver.XOR_PEER_ADDRESS, value)));
    assertEquals(403, turn.error());
    StunMessageBuilder bind = turn.request(TurnDriver.CHANNEL_BIND);
    bind.attribute(TurnDriver.CHANNEL_NUMBER, new byte[] {0x40, 0, 0, 0});
    value = TurnDriver.xor(mapped, 10_000, bind);
    turn.receive(turn.signed(bind.attribute(TurnDriver.XOR_PEER_ADDRESS, value)));
    assertEquals(403, turn.error());
  }

  /// Where loopback is all that a server offers it is a peer, else not, though it be offered.
  @Test
  void loopbackBesideAnotherAddress() {
    var offered = new TurnDriver(OWN, address("127.0.0.1", 10_000));
    offered.open();
    assertEquals(403, offered.permit(address("127.0.0.1", 10_000)));
    var alone = new TurnDriver(address("127.0.0.1", 10_000));
    alone.open();
    assertEquals(0, alone.permit(address("127.0.0.1", 10_000)));
  }

  /// RFC 8656 §7.2: refused by name.
  @ParameterizedTest
  @CsvSource({"24, 1", "34, 8", "26, 0", "28, 32"})
  void whatIsNotKept(int attribute, int length) {
    turn.learnNonce();
    turn.receive(turn.signed(turn.allocate().attribute(attribute, new byte[length])));
    assertEquals(420, turn.error());
    assertArrayEquals(new byte[] {0, (byte) attribute}, turn.value(0x0A));
    assertEquals(0, turn.server.allocations());
  }

  @Test
  void aRelayForAnythingButUdp() {
    turn.learnNonce();
    turn.receive(turn.signed(turn.request(TurnDriver.ALLOCATE)));
    assertEquals(400, turn.error());
    turn.receive(
        turn.signed(
            turn.request(TurnDriver.ALLOCATE)
                .attribute(
                    TurnDriver.REQUESTED_TRANSPORT, (byte) 6, (byte) 0, (byte) 0, (byte) 0)));
    assertEquals(442, turn.error());
  }

  @Test
  void lyingLengths() {
    turn.open();
    turn.bind(CHANNEL, OWN);
    byte[] message = channelData(CHANNEL, bytes(100, 2));
    for (int said : new int[] {0, 1, 96, 101, 4_000, 65_535}) {
      ByteBuffer.wrap(message).putChar(2, (char) said);
      assertEquals(TurnVerdict.MALFORMED, turn.receiveChannelData(message), "said " + said);
    }
    assertEquals(TurnVerdict.MALFORMED, turn.receiveChannelData(new byte[] {0x40, 0, 0}));
    byte[] request = turn.signed(turn.allocate());
    for (int said : new int[] {0, 4, request.length, 65_532}) {
      ByteBuffer.wrap(request).putChar(2, (char) said);
      assertEquals(TurnVerdict.MALFORMED, turn.receive(request));
      assertNull(turn.response);
    }
  }

  @Test
  void dataOverNoRelay() {
    assertEquals(TurnVerdict.NOT_PERMITTED, turn.send(OWN, bytes(10, 3)));
    assertEquals(
        TurnVerdict.NOT_PERMITTED, turn.receiveChannelData(channelData(CHANNEL, bytes(10, 3))));
  }

  /// §11.2: an indication that cannot be done as it asks is dropped.
  @Test
  void anIndicationThatMustNotBeFragmented() {
    turn.open();
    turn.permit(OWN);
    StunMessageBuilder indication = turn.request(TurnDriver.SEND);
    byte[] message =
        indication
            .attribute(TurnDriver.XOR_PEER_ADDRESS, TurnDriver.xor(OWN, indication))
            .attribute(0x1A)
            .attribute(TurnDriver.DATA, bytes(10, 4))
            .build();
    assertEquals(TurnVerdict.MALFORMED, turn.receive(message));
  }

  @Test
  void attributesBehindTheIntegrity() {
    turn.open();
    StunMessageBuilder request = turn.request(TurnDriver.CREATE_PERMISSION);
    byte[] peer = TurnDriver.xor(OWN, request);
    byte[] signed = turn.signed(request);
    byte[] extended = Arrays.copyOf(signed, signed.length + 12);
    ByteBuffer.wrap(extended)
        .putChar(2, (char) (extended.length - 20))
        .position(signed.length)
        .putChar((char) TurnDriver.XOR_PEER_ADDRESS)
        .putChar((char) peer.length)
        .put(peer);
    turn.receive(extended);
    assertEquals(400, turn.error(), "they do not count");
  }

  /// 100 000 Allocates a second from one address: bounded, and never more out than in.
  @Test
  void aFloodFromOneAddress() {
    for (int i = 0; i < 100_000; i++) {
      turn.now += 10_000;
      turn.client = TurnDriver.path("198.51.100.2", 1_024 + i % 60_000, 0);
      receiveCounting(turn.allocate().build());
    }
    assertTrue(bytesOut > 0 && bytesOut < 50_000, bytesOut + " bytes out");
    assertEquals(0, turn.server.allocations());
  }

  /// With so few requests that no rate limit is met. What nobody proved to have asked for is never
  /// more than was sent in their name, at no time, and be it by one byte.
  @ParameterizedTest
  @CsvSource({
    "3, true, false", // a browser's
    "3, true, true",
    "3, false, false",
    "4, false, false",
    "8, false, true",
    "9, false, false"
  })
  void aTrickleForAVictim(int type, boolean withTransport, boolean withFingerprint) {
    int requests = 1_000;
    for (int i = 0; i < requests; i++) {
      turn.now += TurnDriver.SECOND;
      StunMessageBuilder request = withTransport ? turn.allocate() : turn.request(type);
      receiveCounting(withFingerprint ? request.fingerprint().build() : request.build());
    }
    assertTrue(answers >= requests / 3, "they are answered as far as they pay for it: " + answers);
  }

  /// Whose media has proven where they are is answered at once, for as long as what they have sent
  /// by it is taken to pay for.
  @Test
  void whoIsKnownToReceiveThereDoesNotWait() {
    turn.server.credit().earn(TurnDriver.path("198.51.100.2", 9_999, 0));
    int answers = 0;
    while (turn.receive(turn.allocate().build()) == TurnVerdict.CHALLENGED) {
      answers++;
    }
    assertTrue(answers >= 50 && answers <= 200, answers + " answers");
    turn.client = TurnDriver.path("198.51.101.2", 9_999, 0);
    assertEquals(TurnVerdict.UNPAID, turn.receive(turn.allocate().build()));
  }

  /// Who is in the place of another one in the table has none of what that one has saved.
  @Test
  void nobodyPaysForAnother() {
    for (int i = 0; i < 30_000; i++) {
      turn.now += 1_000_000;
      turn.client = TurnDriver.path("10." + (i >>> 8) + "." + (i & 255) + ".1", 9_999, 0);
      assertEquals(TurnVerdict.UNPAID, turn.receive(turn.allocate().build()));
    }
  }

  @Test
  void aFloodFromEverywhere() {
    for (int i = 0; i < 100_000; i++) {
      turn.now += 10_000;
      turn.client = TurnDriver.path("100." + (i >>> 8 & 127) + "." + (i & 255) + ".1", 9_999, 0);
      receiveCounting(turn.allocate().build());
    }
    assertTrue(answers <= 9_050, answers + " answered");
    assertEquals(0, turn.server.allocations());
  }

  /// What has a signature is long enough to be answered at once, be it a wrong one.
  @Test
  void aFloodOfWrongPasswords() {
    turn.learnNonce();
    turn.secret = "another";
    for (int i = 0; i < 100_000; i++) {
      turn.now += 10_000;
      receiveCounting(turn.signed(turn.allocate()));
    }
    assertTrue(answers > 0 && answers <= 900, answers + " answered");
    assertEquals(0, turn.server.allocations());
  }

  /// A client that comes while others flood is let in once it tries again.
  @Test
  void aFloodKeepsNoOtherOut() {
    for (int i = 0; i < 50_000; i++) {
      turn.now += 20_000;
      turn.client = TurnDriver.path("192.0.2.9", 1_024 + i % 60_000, 0);
      turn.receive(turn.allocate().build());
    }
    turn.client = TurnDriver.CLIENT;
    turn.open();
    assertEquals(1, turn.server.allocations());
  }
}
