package org.plenum.ice.turn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.ice.turn.TurnDriver.EPOCH_SECONDS;
import static org.plenum.ice.turn.TurnDriver.OWN;
import static org.plenum.ice.turn.TurnDriver.OWN_IPV6;
import static org.plenum.ice.turn.TurnDriver.address;
import static org.plenum.ice.turn.TurnDriver.bytes;
import static org.plenum.ice.turn.TurnDriver.channelData;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.agent.StunMessageBuilder;

/// Relays of two who talk directly: they lead to the other one, and nowhere else.
class DirectRelayTest {
  private static final int FIRST_PORT = 20_000;
  private static final int LAST_PORT = 20_011;
  private static final int CHANNEL = 0x4001;

  /// Where bob's media comes from.
  private static final InetSocketAddress BOB = address("9.9.9.9", 5_000);

  private final TurnDriver turn =
      new TurnDriver(RelayPorts.share(FIRST_PORT, LAST_PORT, 0, 1, 3), OWN, OWN_IPV6);
  private final Client ada = new Client("ada/direct", TurnDriver.path("8.8.4.4", 40_000, 0));
  private final Client bob = new Client("bob/direct", TurnDriver.path("9.9.9.9", 40_001, 0));

  /// One of the two clients.
  private final class Client {
    final String identity;
    final NetworkPath path;
    byte[] nonce = {};

    Client(String identity, NetworkPath path) {
      this.identity = identity;
      this.path = path;
    }

    TurnDriver speaks() {
      turn.client = path;
      turn.user = EPOCH_SECONDS + 3_600 + ":" + identity;
      turn.nonce = nonce;
      return turn;
    }

    /// @return the address of its relay
    InetSocketAddress allocate() {
      assertEquals(0, tryToAllocate());
      return TurnDriver.address(turn.assertedResponse(), TurnDriver.XOR_RELAYED_ADDRESS);
    }

    int tryToAllocate() {
      speaks().learnNonce();
      nonce = turn.nonce;
      turn.receive(turn.signed(turn.allocate()));
      return turn.error();
    }
  }

  private static KnownHosts at(InetSocketAddress where) {
    NetworkPath path = NetworkPath.to(where, null);
    return (high, low) -> high == path.remoteHigh() && low == path.remoteLow();
  }

  @BeforeEach
  void introduce() {
    turn.server.introduce(
        new Introduced(ada.identity, at(address("8.8.4.4", 1))),
        new Introduced(bob.identity, at(BOB)));
  }

  @Test
  void eachHasAPortOfItsOwnWhileItLasts() {
    InetSocketAddress one = ada.allocate();
    InetSocketAddress other = bob.allocate();
    assertEquals(OWN.getAddress(), one.getAddress());
    assertTrue(one.getPort() >= FIRST_PORT && one.getPort() <= LAST_PORT, one.toString());
    assertEquals(Set.of(one.getPort(), other.getPort()), turn.port.relays);
    ada.speaks().refresh(0);
    assertEquals(Set.of(other.getPort()), turn.port.relays);
    turn.pass(601);
    assertEquals(Set.of(), turn.port.relays, "not refreshed");
  }

  @Test
  void oneReachesTheOthersRelayInsideTheProcess() {
    InetSocketAddress adas = ada.allocate();
    InetSocketAddress bobs = bob.allocate();
    assertEquals(0, ada.speaks().permit(bobs));
    byte[] data = bytes(300, 1);
    assertEquals(TurnVerdict.NOT_PERMITTED, ada.speaks().send(bobs, data), "bob permits nobody");
    assertEquals(0, bob.speaks().permit(adas));

    assertEquals(TurnVerdict.FORWARDED, ada.speaks().send(bobs, data));
    NetworkPath way = turn.server.onward().path();
    assertTrue(way.connection() < -65_535, "a way, and no port: " + way.connection());
    assertEquals(bob.path, turn.server.client(way));
    byte[] indication = turn.wrapped(turn.onward(), way);
    assertEquals(0x17, ByteBuffer.wrap(indication).getChar(0));
    assertEquals(adas, TurnDriver.address(indication, TurnDriver.XOR_PEER_ADDRESS));
    assertArrayEquals(data, TurnDriver.value(indication, TurnDriver.DATA));

    assertEquals(0, bob.speaks().bind(CHANNEL, adas));
    assertEquals(0, ada.speaks().bind(CHANNEL, bobs));
    ada.speaks();
    assertEquals(TurnVerdict.FORWARDED, turn.receiveChannelData(channelData(CHANNEL, data)));
    byte[] wrapped = turn.wrapped(turn.onward(), turn.server.onward().path());
    assertArrayEquals(channelData(CHANNEL, data), wrapped, "as long as it came: no amplification");
  }

  /// The other side outside, once it has written from there, and by that port only.
  @Test
  void neverIsTheFirstToWriteToAnybodyOutside() {
    InetSocketAddress adas = ada.allocate();
    int port = adas.getPort();
    byte[] data = bytes(40, 1);
    assertEquals(TurnVerdict.NOT_PERMITTED, turn.receiveAtRelay(port, BOB, data), "no permission");
    assertEquals(0, ada.speaks().permit(BOB));
    assertEquals(TurnVerdict.NOT_PERMITTED, ada.speaks().send(BOB, data));
    assertEquals(0, ada.speaks().bind(CHANNEL, BOB));
    assertEquals(TurnVerdict.NOT_PERMITTED, turn.receiveChannelData(channelData(CHANNEL, data)));

    assertEquals(TurnVerdict.FORWARDED, turn.receiveAtRelay(port, BOB, data));
    NetworkPath toAda = turn.server.onward().path();
    assertArrayEquals(channelData(CHANNEL, data), turn.wrapped(turn.onward(), toAda));
    ada.speaks();
    assertEquals(TurnVerdict.FORWARDED, turn.receiveChannelData(channelData(CHANNEL, data)));
    assertEquals(BOB, turn.server.onward().path().remote());
    assertEquals(-port, turn.server.onward().path().connection(), "by its own port");
    assertArrayEquals(data, turn.onward());
    assertEquals(
        TurnVerdict.NOT_PERMITTED, ada.speaks().send(address("9.9.9.9", 53), data), "other port");
    assertEquals(
        TurnVerdict.NOT_PERMITTED,
        turn.receiveAtRelay(port, address("9.9.9.8", 5_000), data),
        "a stranger");
  }

  /// Whoever shares the other side's address can send from as many ports as they like.
  @Test
  void strangersBehindTheOthersAddressTakeNobodysPlace() {
    int port = ada.allocate().getPort();
    byte[] data = bytes(40, 1);
    assertEquals(0, ada.speaks().permit(BOB));
    assertEquals(TurnVerdict.FORWARDED, turn.receiveAtRelay(port, BOB, data));
    assertEquals(0, ada.speaks().bind(CHANNEL, BOB));
    for (int i = 0; i < 3 * OwnAddresses.MAX; i++) {
      turn.receiveAtRelay(port, address("9.9.9.9", 6_000 + i), data);
    }
    InetSocketAddress moved = address("9.9.9.9", 5_001);
    assertEquals(TurnVerdict.FORWARDED, turn.receiveAtRelay(port, moved, data), "bob's NAT moved");
    assertEquals(TurnVerdict.FORWARDED, ada.speaks().send(moved, data));
    assertEquals(TurnVerdict.FORWARDED, turn.receiveChannelData(channelData(CHANNEL, data)));
    assertEquals(BOB, turn.server.onward().path().remote());
    turn.pass(200);
    assertEquals(0, ada.speaks().permit(BOB), "is renewed");
    turn.pass(200);
    assertEquals(TurnVerdict.FORWARDED, turn.receiveAtRelay(port, BOB, data));
  }

  /// What is short becomes more by what it is wrapped into: that counts.
  @Test
  void aRelayCarriesNoMoreOfWhatIsShort() {
    int port = ada.allocate().getPort();
    assertEquals(0, ada.speaks().permit(BOB));
    int carried = 0;
    while (turn.receiveAtRelay(port, BOB, bytes(1, 1)) == TurnVerdict.FORWARDED) {
      carried++;
    }
    assertTrue(carried <= Allocation.MOST_BYTES_PER_SECOND / 40, carried + " in a second");
  }

  /// Also one whose address was seen, but that is no place to lead to.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "203.0.113.8",
        "1.1.1.1"
      })
  void refusesAllOtherPeers(String host) {
    turn.server.revoke(bob.identity);
    turn.server.revoke(ada.identity);
    boolean isStranger = host.equals("1.1.1.1");
    KnownHosts hosts = isStranger ? at(BOB) : at(address(host, 1));
    turn.server.introduce(
        new Introduced(ada.identity, (_, _) -> true), new Introduced(bob.identity, hosts));
    ada.allocate();
    InetSocketAddress peer = address(host, 8_081);
    assertEquals(403, ada.speaks().permit(peer));
    assertEquals(403, ada.speaks().bind(CHANNEL, peer));
    assertEquals(TurnVerdict.NOT_PERMITTED, ada.speaks().send(peer, bytes(8, 1)));
  }

  /// Though the other one had been seen there.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "::1",
        "::",
        "fe80::1",
        "fd00:ec2::254",
        "ff02::1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::1",
        "2001:db8::8"
      })
  void refusesAllOtherPeersOfIpv6(String host) {
    turn.server.revoke(bob.identity);
    turn.server.revoke(ada.identity);
    turn.server.introduce(
        new Introduced(ada.identity, (_, _) -> true),
        new Introduced(bob.identity, at(address(host, 1))));
    allocateIpv6();
    InetSocketAddress peer = address(host, 8_081);
    assertEquals(403, turn.permit(peer));
    assertEquals(403, turn.bind(CHANNEL, peer));
    assertEquals(TurnVerdict.NOT_PERMITTED, turn.send(peer, bytes(8, 1)));
  }

  /// For ada.
  private void allocateIpv6() {
    ada.speaks().learnNonce();
    byte[] ipv6 = {2, 0, 0, 0};
    turn.receive(turn.signed(turn.allocate().attribute(TurnDriver.REQUESTED_ADDRESS_FAMILY, ipv6)));
    assertEquals(0, turn.error());
  }

  /// An IPv4 address in the clothes of an IPv6 one, whatever it is.
  @ParameterizedTest
  @ValueSource(strings = {"::ffff:127.0.0.1", "::ffff:9.9.9.9", "::ffff:203.0.113.7"})
  void refusesMappedForms(String text) {
    allocateIpv6();
    byte[] mapped = ByteBuffer.allocate(16).putInt(8, 0xFFFF).array();
    byte[] ipv4 = address(text.substring(7), 1).getAddress().getAddress();
    System.arraycopy(ipv4, 0, mapped, 12, 4);
    StunMessageBuilder request = turn.request(TurnDriver.CREATE_PERMISSION);
    request.attribute(TurnDriver.XOR_PEER_ADDRESS, TurnDriver.xor(mapped, 80, request));
    turn.receive(turn.signed(request));
    assertEquals(403, turn.error());
  }

  /// Neither the media nor anything else of this machine, whatever is sent.
  @Test
  void leadsToNoPortOfOursButTheOthersRelay() {
    InetSocketAddress adas = ada.allocate();
    InetSocketAddress bobs = bob.allocate();
    assertEquals(0, bob.speaks().permit(adas));
    assertEquals(0, ada.speaks().permit(bobs));
    for (int port : new int[] {OWN.getPort(), 8_081, 53, 0, 65_535, adas.getPort()}) {
      InetSocketAddress ours = address("203.0.113.7", port);
      assertEquals(TurnVerdict.NOT_PERMITTED, ada.speaks().send(ours, bytes(8, 1)), "port " + port);
      assertEquals(403, ada.speaks().bind(CHANNEL, ours), "port " + port);
    }
    assertEquals(
        TurnVerdict.NOT_PERMITTED,
        turn.receiveAtRelay(adas.getPort(), address("203.0.113.7", 53), bytes(8, 1)),
        "what runs here");
  }

  @Test
  void nobodyElsesRelayIsReached() {
    turn.server.introduce(
        new Introduced("eve/direct", (_, _) -> true), new Introduced("mal/direct", (_, _) -> true));
    Client eve = new Client("eve/direct", TurnDriver.path("8.8.4.5", 40_002, 0));
    InetSocketAddress bobs = bob.allocate();
    InetSocketAddress eves = eve.allocate();
    assertEquals(0, bob.speaks().permit(eves), "a host has no port");
    assertEquals(0, eve.speaks().permit(bobs));
    assertEquals(TurnVerdict.NOT_PERMITTED, eve.speaks().send(bobs, bytes(8, 1)));
    assertEquals(403, eve.speaks().bind(CHANNEL, bobs));
  }

  @Test
  void endsAtOnceWithTheCall() {
    InetSocketAddress adas = ada.allocate();
    InetSocketAddress bobs = bob.allocate();
    assertEquals(0, ada.speaks().permit(bobs));
    assertEquals(0, bob.speaks().permit(adas));
    turn.server.revoke(bob.identity);
    assertEquals(TurnVerdict.NOT_PERMITTED, ada.speaks().send(bobs, bytes(8, 1)));
    assertEquals(401, bob.tryToAllocate());
    turn.server.revoke(ada.identity);
    assertEquals(Set.of(), turn.port.relays);
    assertEquals(0, turn.server.allocations());
  }

  @Test
  void opensNoMorePortsThanThereAre() {
    for (int port = FIRST_PORT; port < LAST_PORT; port++) {
      turn.port.heldByOthers.add(port);
    }
    int tries = 0;
    int error = ada.tryToAllocate();
    while (error == 508 && tries++ < 3) {
      error = ada.tryToAllocate(); // eight are tried at a time
    }
    assertEquals(0, error);
    assertEquals(Set.of(LAST_PORT), turn.port.relays);
    assertEquals(508, bob.tryToAllocate());
  }

  @Test
  void oneUserHasEightAtTheMost() {
    for (int i = 0; i < Allocations.MAX_DIRECT_PER_USER; i++) {
      assertEquals(
          0, new Client(ada.identity, TurnDriver.path("8.8.4.4", i + 1, 0)).tryToAllocate());
    }
    assertEquals(486, ada.tryToAllocate());
  }

  @Test
  void carriesNoMoreThanIsTakenOfAPublisher() {
    InetSocketAddress adas = ada.allocate();
    InetSocketAddress bobs = bob.allocate();
    assertEquals(0, bob.speaks().permit(adas));
    assertEquals(0, ada.speaks().bind(CHANNEL, bobs));
    byte[] data = channelData(CHANNEL, bytes(1_000, 1));
    ada.speaks();
    for (int i = 0; i < Allocation.MOST_BYTES_PER_SECOND / 1_000; i++) {
      assertEquals(TurnVerdict.FORWARDED, turn.receiveChannelData(data));
    }
    assertEquals(TurnVerdict.RATE_LIMITED, turn.receiveChannelData(data));
    turn.now += TurnDriver.SECOND;
    assertEquals(TurnVerdict.FORWARDED, turn.receiveChannelData(data));
  }

  /// Without ports for it there are no such relays; nor does a relay to our media lead to one.
  @Test
  void isOffWithoutPorts() {
    var without = new TurnDriver(OWN);
    without.server.introduce(
        new Introduced("ada/direct", (_, _) -> true), new Introduced("bob/direct", (_, _) -> true));
    without.user = EPOCH_SECONDS + 3_600 + ":ada/direct";
    without.learnNonce();
    without.receive(without.signed(without.allocate()));
    assertEquals(508, without.error());

    InetSocketAddress bobs = bob.allocate();
    turn.client = TurnDriver.CLIENT;
    turn.user = TurnDriver.USER;
    turn.open();
    assertEquals(0, turn.permit(OWN));
    assertEquals(TurnVerdict.NOT_PERMITTED, turn.send(bobs, bytes(8, 1)));
    assertFalse(turn.port.relays.isEmpty());
  }
}
