package org.plenum.ice.turn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.ice.turn.TurnDriver.CLIENT;
import static org.plenum.ice.turn.TurnDriver.OWN;
import static org.plenum.ice.turn.TurnDriver.OWN_IPV6;
import static org.plenum.ice.turn.TurnDriver.bytes;
import static org.plenum.ice.turn.TurnDriver.channelData;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.plenum.ice.NetworkPath;

/// RFC 8656.
class TurnServerTest {
  private static final int CHANNEL = 0x4000;

  private final TurnDriver turn = new TurnDriver();

  @Test
  void asksWhoHasShownNothingForCredentials() {
    turn.learnNonce();
    assertEquals(TurnDriver.ALLOCATE | TurnDriver.ERROR, turn.type());
    assertEquals(401, turn.error());
    assertArrayEquals("turn".getBytes(), turn.value(0x14));
    assertEquals(Nonces.CHARACTERS, turn.nonce.length);
    assertEquals(0, turn.value(0x8022).length, "SOFTWARE");
    assertEquals(CLIENT, turn.to);
  }

  /// §7.2.
  @Test
  void givesARelayAtItsOwnMediaAddress() {
    turn.open();
    assertEquals(0, turn.error());
    byte[] response = turn.assertedResponse();
    assertEquals(OWN, TurnDriver.address(response, TurnDriver.XOR_RELAYED_ADDRESS));
    assertEquals(CLIENT.remote(), TurnDriver.address(response, TurnDriver.XOR_MAPPED_ADDRESS));
    assertArrayEquals(TurnDriver.u32(600), turn.value(TurnDriver.LIFETIME));
    assertEquals(1, turn.server.allocations());
  }

  /// §7.2: the same request again gets the same answer, another one 437.
  @Test
  void givesOneRelayToAClientsPort() {
    turn.learnNonce();
    byte[] request = turn.signed(turn.allocate());
    turn.receive(request);
    assertEquals(TurnVerdict.ANSWERED, turn.receive(request));
    assertEquals(0, turn.error());
    assertEquals(TurnVerdict.REFUSED, turn.receive(turn.signed(turn.allocate())));
    assertEquals(437, turn.error());
    assertEquals(1, turn.server.allocations());
  }

  /// RFC 6156 §4.2: a relay of either family, if the server has an address of it.
  @Test
  void givesARelayOfTheFamilyThatIsAskedFor() {
    turn.learnNonce();
    byte[] ipv6 = {2, 0, 0, 0};
    turn.receive(turn.signed(turn.allocate().attribute(TurnDriver.REQUESTED_ADDRESS_FAMILY, ipv6)));
    byte[] response = turn.assertedResponse();
    assertEquals(OWN_IPV6, TurnDriver.address(response, TurnDriver.XOR_RELAYED_ADDRESS));
    assertEquals(443, turn.permit(OWN), "a peer of the other family");
    assertEquals(443, turn.bind(CHANNEL, OWN));
    assertEquals(0, turn.permit(OWN_IPV6));
  }

  @Test
  void saysSoIfItHasNoAddressOfTheFamily() {
    var ipv4Only = new TurnDriver(OWN);
    ipv4Only.learnNonce();
    for (byte family : new byte[] {2, 3}) {
      byte[] asked = {family, 0, 0, 0};
      ipv4Only.receive(
          ipv4Only.signed(
              ipv4Only.allocate().attribute(TurnDriver.REQUESTED_ADDRESS_FAMILY, asked)));
      assertEquals(440, ipv4Only.error());
    }
  }

  /// §11: before a channel is bound.
  @Test
  void carriesDataByIndications() {
    turn.open();
    assertEquals(0, turn.permit(OWN));
    byte[] data = bytes(101, 1);
    assertEquals(TurnVerdict.RELAYED, turn.send(OWN, data));
    assertArrayEquals(data, turn.relayed());
    NetworkPath path = turn.batch.path(0);
    assertTrue(path.connection() < 0, "a path of its own");
    assertEquals(OWN, path.remote(), "from the relay's address");
    assertEquals(OWN.getAddress(), path.local());

    byte[] indication = turn.wrapped(data, path);
    assertEquals(0x17, ByteBuffer.wrap(indication).getChar(0));
    assertEquals(indication.length - 20, ByteBuffer.wrap(indication).getChar(2));
    assertEquals(OWN, TurnDriver.address(indication, TurnDriver.XOR_PEER_ADDRESS));
    assertArrayEquals(data, TurnDriver.value(indication, TurnDriver.DATA));
    assertEquals(CLIENT, turn.server.client(path));
  }

  @Test
  void carriesDataOfIpv6PeersByIndications() {
    var ipv6 = new TurnDriver(OWN_IPV6);
    ipv6.learnNonce();
    byte[] family = {2, 0, 0, 0};
    ipv6.receive(
        ipv6.signed(ipv6.allocate().attribute(TurnDriver.REQUESTED_ADDRESS_FAMILY, family)));
    assertEquals(0, ipv6.permit(OWN_IPV6));
    byte[] data = bytes(64, 2);
    assertEquals(TurnVerdict.RELAYED, ipv6.send(OWN_IPV6, data));
    byte[] indication = ipv6.wrapped(data, ipv6.batch.path(0));
    assertEquals(OWN_IPV6, TurnDriver.address(indication, TurnDriver.XOR_PEER_ADDRESS));
    assertArrayEquals(data, TurnDriver.value(indication, TurnDriver.DATA));
  }

  /// §12.
  @Test
  void carriesDataByAChannel() {
    turn.open();
    assertEquals(0, turn.bind(CHANNEL, OWN));
    byte[] data = bytes(1_201, 3);
    assertEquals(TurnVerdict.RELAYED, turn.receiveChannelData(channelData(CHANNEL, data)));
    assertArrayEquals(data, turn.relayed());
    NetworkPath path = turn.batch.path(0);
    assertArrayEquals(channelData(CHANNEL, data), turn.wrapped(data, path));
  }

  @Test
  void aChannelIsTheSamePathAsIndicationsToItsPeer() {
    turn.open();
    turn.permit(OWN);
    turn.send(OWN, bytes(10, 4));
    NetworkPath before = turn.batch.path(0);
    turn.bind(CHANNEL, OWN);
    turn.receiveChannelData(channelData(CHANNEL, bytes(10, 4)));
    assertEquals(before, turn.batch.path(0));
  }

  /// §12.5: over a stream only.
  @Test
  void padsChannelDataOverTcp() {
    turn.client = TurnDriver.path("198.51.100.2", 40_000, 17);
    turn.port.connected.add(17);
    turn.open();
    turn.bind(CHANNEL, OWN);
    byte[] data = bytes(5, 5);
    byte[] padded = Arrays.copyOf(channelData(CHANNEL, data), 12);
    assertEquals(TurnVerdict.RELAYED, turn.receiveChannelData(padded));
    assertArrayEquals(data, turn.relayed());
    assertArrayEquals(padded, turn.wrapped(data, turn.batch.path(0)));
  }

  @Test
  void whatDoesNotFitIsNotSent() {
    turn.open();
    turn.permit(OWN);
    turn.send(OWN, bytes(10, 6));
    NetworkPath path = turn.batch.path(0);
    assertEquals(0, turn.wrapped(bytes(2_020, 6), path).length);
    turn.bind(CHANNEL, OWN);
    assertEquals(2_048, turn.wrapped(bytes(2_044, 6), path).length);
    assertEquals(0, turn.wrapped(bytes(2_045, 6), path).length);
  }

  /// §9: five minutes.
  @Test
  void permissionsRunOut() {
    turn.open();
    turn.permit(OWN);
    turn.send(OWN, bytes(10, 7));
    NetworkPath path = turn.batch.path(0);
    turn.pass(299);
    assertEquals(TurnVerdict.RELAYED, turn.send(OWN, bytes(10, 7)));
    turn.pass(2);
    assertEquals(TurnVerdict.NOT_PERMITTED, turn.send(OWN, bytes(10, 7)));
    assertEquals(0, turn.wrapped(bytes(10, 7), path).length, "nothing comes from there either");
    turn.permit(OWN);
    assertEquals(TurnVerdict.RELAYED, turn.send(OWN, bytes(10, 7)));
  }

  /// §12: ten minutes, while the permission lasts five.
  @Test
  void channelsRunOut() {
    turn.open();
    turn.bind(CHANNEL, OWN);
    turn.refresh(3_600);
    turn.pass(299);
    turn.permit(OWN);
    turn.pass(298);
    turn.permit(OWN);
    byte[] message = channelData(CHANNEL, bytes(10, 8));
    assertEquals(TurnVerdict.RELAYED, turn.receiveChannelData(message));
    turn.pass(4);
    assertEquals(TurnVerdict.NOT_PERMITTED, turn.receiveChannelData(message));
  }

  /// §12.2.
  @Test
  void aChannelHasOnePeerAndAPeerOneChannel() {
    turn.open();
    assertEquals(0, turn.bind(CHANNEL, OWN));
    assertEquals(0, turn.bind(CHANNEL, OWN), "again");
    assertEquals(400, turn.bind(CHANNEL + 1, OWN));
    assertEquals(400, turn.bind(0x3FFF, OWN));
    assertEquals(400, turn.bind(0x5000, OWN));
  }

  @Test
  void relaysRunOut() {
    turn.open();
    turn.pass(599);
    assertEquals(1, turn.server.allocations());
    turn.pass(2);
    assertEquals(0, turn.server.allocations());
  }

  /// §8.
  @Test
  void relaysAreRefreshed() {
    turn.open();
    assertEquals(0, turn.refresh(1_200));
    assertArrayEquals(TurnDriver.u32(1_200), turn.value(TurnDriver.LIFETIME));
    turn.refresh(1);
    assertArrayEquals(TurnDriver.u32(600), turn.value(TurnDriver.LIFETIME), "never less");
    turn.refresh(100_000);
    assertArrayEquals(TurnDriver.u32(3_600), turn.value(TurnDriver.LIFETIME), "never more");
    assertEquals(0, turn.refresh(0));
    assertEquals(0, turn.server.allocations());
    assertEquals(437, turn.refresh(600));
  }

  @Test
  void aRelayEndsWithItsTcpConnection() {
    turn.client = TurnDriver.path("198.51.100.2", 40_000, 17);
    turn.port.connected.add(17);
    turn.open();
    turn.pass(2);
    assertEquals(1, turn.server.allocations());
    turn.port.connected.remove(17);
    turn.pass(2);
    assertEquals(0, turn.server.allocations());
  }

  @Test
  void aTcpConnectionStaysAsLongAsItsRelay() {
    turn.client = TurnDriver.path("198.51.100.2", 40_000, 17);
    turn.port.connected.add(17);
    turn.open();
    assertEquals(turn.now + 600 * TurnDriver.SECOND, turn.port.keptUntil.getLast());
    turn.refresh(1_000);
    assertEquals(turn.now + 1_000 * TurnDriver.SECOND, turn.port.keptUntil.getLast());
  }

  /// Somebody removed from their room.
  @Test
  void relaysEndWithTheAdmissionOfTheirUser() {
    turn.client = TurnDriver.path("198.51.100.2", 40_000, 17);
    turn.port.connected.add(17);
    turn.open();
    turn.bind(CHANNEL, OWN);
    turn.receiveChannelData(channelData(CHANNEL, bytes(10, 9)));
    NetworkPath path = turn.batch.path(0);
    assertTrue(turn.port.expected.contains("turn:ada"));

    turn.server.revoke("ada");

    assertEquals(0, turn.server.allocations());
    assertTrue(turn.port.connected.isEmpty(), "the connection is closed");
    assertTrue(turn.port.expected.isEmpty(), "and no other is taken");
    assertEquals(
        TurnVerdict.NOT_PERMITTED, turn.receiveChannelData(channelData(CHANNEL, bytes(10, 9))));
    assertNull(turn.server.client(path));
    assertEquals(0, turn.wrapped(bytes(10, 9), path).length);
    assertEquals(TurnVerdict.CHALLENGED, turn.receive(turn.signed(turn.allocate())));
  }

  /// A browser that went without a word leaves relays behind.
  @Test
  void aUsersSilentRelaysMakeRoomForNewOnes() {
    int most = Allocations.MAX_PER_USER;
    for (int i = 0; i < most; i++) {
      turn.client = TurnDriver.path("198.51.100.2", 40_000 + i, 0);
      turn.open();
    }
    turn.client = TurnDriver.path("198.51.100.2", 50_000, 0);
    turn.learnNonce();
    turn.receive(turn.signed(turn.allocate()));
    assertEquals(486, turn.error());
    turn.pass(31);
    turn.receive(turn.signed(turn.allocate()));
    assertEquals(0, turn.error());
    assertEquals(most, turn.server.allocations());
  }

  @Test
  void numbersOfPathsAreNotSoonGivenAgain() {
    turn.open();
    turn.permit(OWN);
    turn.send(OWN, bytes(10, 10));
    NetworkPath old = turn.batch.path(0);
    turn.refresh(0);
    turn.open();
    turn.permit(OWN);
    turn.send(OWN, bytes(10, 10));
    assertTrue(old.connection() != turn.batch.path(0).connection());
    assertNull(turn.server.client(old));
  }

  @Test
  void otherAddressesThanBeforeAreReachedOnceTheyAreOurs() {
    InetSocketAddress other = TurnDriver.address("203.0.113.8", 10_000);
    turn.open();
    assertEquals(403, turn.permit(other));
    turn.server.own(new OwnAddresses(java.util.List.of(other)));
    assertEquals(0, turn.permit(other));
    assertEquals(TurnVerdict.RELAYED, turn.send(other, bytes(10, 11)));
    assertEquals(403, turn.permit(OWN));
  }
}
