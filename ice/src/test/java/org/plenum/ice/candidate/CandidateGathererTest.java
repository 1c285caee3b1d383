package org.plenum.ice.candidate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CandidateGathererTest {
  private static final HostInterface LOOPBACK = up("lo", "127.0.0.1", "::1");

  private static HostInterface up(String name, String... literals) {
    return new HostInterface(name, true, Stream.of(literals).map(InetAddress::ofLiteral).toList());
  }

  private static List<String> offered(HostInterface... interfaces) {
    return offered(List.of(), false, interfaces);
  }

  private static List<String> offered(
      List<String> advertised, boolean includeLoopback, HostInterface... interfaces) {
    return new CandidateGatherer(advertised, List.of(), includeLoopback, List.of(interfaces))
        .udp(0, 10_000, List.of()).stream().map(c -> c.address().getHostAddress()).toList();
  }

  @Test
  void offersAddressesOfRealInterfacesOnly() {
    assertEquals(
        List.of("192.168.1.2", "10.8.0.1"),
        offered(
            LOOPBACK,
            up("docker0", "172.17.0.1"),
            up("docker_gwbridge", "172.18.0.1"),
            up("br-0c91a7", "172.19.0.1"),
            up("veth1a2b", "172.20.0.1"),
            up("virbr0", "192.168.122.1"),
            up("cni0", "10.244.0.1"),
            up("flannel.1", "10.244.0.0"),
            up("cali5", "10.1.1.1"),
            up("tunl0", "10.1.1.2"),
            new HostInterface("eth1", false, List.of(InetAddress.ofLiteral("192.0.2.9"))),
            up("enp3s0", "192.168.1.2"),
            up("tun0", "10.8.0.1")));
  }

  @Test
  void skipsAddressesThatNoClientCanSendTo() {
    assertEquals(
        List.of("192.0.2.1"),
        offered(
            up(
                "eth0",
                "169.254.7.7",
                "fe80::1",
                "fec0::1",
                "0.0.0.0",
                "::",
                "224.0.0.1",
                "ff02::1"),
            up("eth1", "192.0.2.1")));
  }

  @Test
  void offersLoopbackOnlyWhenAskedOrWhenThereIsNothingElse() {
    HostInterface eth0 = up("eth0", "192.0.2.1");
    assertEquals(List.of("192.0.2.1"), offered(LOOPBACK, eth0));
    assertEquals(List.of("0:0:0:0:0:0:0:1", "127.0.0.1"), offered(LOOPBACK));
    assertEquals(
        List.of("192.0.2.1", "0:0:0:0:0:0:0:1", "127.0.0.1"),
        offered(List.of(), true, LOOPBACK, eth0));
    assertEquals(
        List.of("203.0.113.5", "0:0:0:0:0:0:0:1", "127.0.0.1"),
        offered(List.of("203.0.113.5"), true, LOOPBACK, eth0));
    assertEquals(List.of(), offered());
  }

  @Test
  void familiesTakeTurnsAndUniqueLocalAddressesComeLast() {
    assertEquals(
        List.of("2001:db8:0:0:0:0:0:1", "192.0.2.1", "2001:db8:0:0:0:0:0:2", "fd00:0:0:0:0:0:0:1"),
        offered(up("eth0", "fd00::1", "192.0.2.1", "2001:db8::1", "2001:db8::2")));
  }

  @Test
  void ipv6AddressesLoseTheNameOfTheirInterface() throws UnknownHostException {
    byte[] address = InetAddress.ofLiteral("2001:db8::1").getAddress();
    HostInterface eth0 =
        new HostInterface("eth0", true, List.of(Inet6Address.getByAddress(null, address, 7)));
    assertEquals(List.of("2001:db8:0:0:0:0:0:1"), offered(eth0));
  }

  @Test
  void advertisedAddressesReplaceTheHostsOwnInTheirOrder() {
    assertEquals(
        List.of("203.0.113.5", "2001:db8:0:0:0:0:0:9"),
        offered(
            List.of("203.0.113.5", "2001:db8::9", "203.0.113.5"), false, up("eth0", "10.0.0.2")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sfu.example.com",
        "localhost",
        "",
        " 192.0.2.1",
        "192.0.2",
        "192.0.2.256",
        "010.0.0.1",
        "10",
        "192.0.2.1:0",
        "192.0.2.1:65536",
        "192.0.2.1:",
        "[192.0.2.1]:10000",
        "2001:db8::1:70000",
        "[2001:db8::1]:0",
        "[fe80::1%eth0]:10000",
        "[2001:db8::1]:10000x",
        "sfu.example.com:10000",
        "[2001:db8::1]",
        "fe80::1%eth0",
        "::ffff:10.0.0.1",
        "0.0.0.0",
        "::",
        "224.0.0.1",
        "ff02::1",
        "192.0.2.1/24"
      })
  void anAdvertisedValueThatIsNoUnicastLiteralIsRefusedByName(String value) {
    var refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> new CandidateGatherer(List.of("192.0.2.1", value), List.of(), false, List.of()));
    assertTrue(refusal.getMessage().contains('"' + value + '"'), refusal.getMessage());
  }

  @Test
  void prioritiesFollowRfc8445AndFallWithTheRank() {
    List<Candidate> candidates =
        new CandidateGatherer(List.of("192.0.2.1", "192.0.2.2"), List.of(), false, List.of())
            .udp(0, 10_000, List.of());
    assertEquals(2_130_706_431L, candidates.get(0).priority()); // the well-known best host priority
    assertEquals(2_130_706_431L - 256, candidates.get(1).priority());
  }

  @Test
  void foundationsAreStableAndTellAddressesApart() {
    var gatherer =
        new CandidateGatherer(List.of("192.0.2.1", "192.0.2.2"), List.of(), false, List.of());
    var again = new CandidateGatherer(List.of("192.0.2.2"), List.of(), false, List.of());
    List<Candidate> candidates = gatherer.udp(0, 10_000, List.of());
    assertNotEquals(candidates.get(0).foundation(), candidates.get(1).foundation());
    assertEquals(
        candidates.get(1).foundation(), again.udp(1, 10_001, List.of()).getFirst().foundation());
    for (Candidate candidate : candidates) {
      assertTrue(candidate.foundation().matches("[A-Za-z0-9+/]{1,32}"), candidate.foundation());
    }
  }

  @Test
  void theRealMachineHasAtLeastOneAddressAndEachIsOfferedOnce() {
    List<Candidate> candidates =
        new CandidateGatherer(List.of(), List.of(), true).udp(0, 10_000, List.of());
    assertFalse(candidates.isEmpty());
    assertEquals(candidates.size(), candidates.stream().map(Candidate::address).distinct().count());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 65_536})
  void aPortOutOfRangeIsRefused(int port) {
    var gatherer = new CandidateGatherer(List.of("192.0.2.1"), List.of(), false, List.of());
    assertThrows(IllegalArgumentException.class, () -> gatherer.udp(0, port, List.of()));
  }

  private static List<String> withPorts(List<Candidate> candidates) {
    return candidates.stream().map(c -> c.address().getHostAddress() + " " + c.port()).toList();
  }

  @Test
  void advertisedPortsCountFromTheFirstWorkersOn() {
    var gatherer =
        new CandidateGatherer(
            List.of("203.0.113.5", "203.0.113.5:20000", "[2001:db8::5]:30000"),
            List.of(),
            false,
            List.of());

    assertEquals(
        List.of("203.0.113.5 10000", "203.0.113.5 20000", "2001:db8:0:0:0:0:0:5 30000"),
        withPorts(gatherer.udp(0, 10_000, List.of())));
    assertEquals(
        List.of("203.0.113.5 10003", "203.0.113.5 20003", "2001:db8:0:0:0:0:0:5 30003"),
        withPorts(gatherer.udp(3, 10_003, List.of())));
    assertEquals(
        List.of("203.0.113.5 443", "203.0.113.5 20000", "2001:db8:0:0:0:0:0:5 30000"),
        withPorts(gatherer.tcp(443, 0)));
  }

  @Test
  void tcpHasAPortOutsideOfItsOwnIfToldSo() {
    var gatherer =
        new CandidateGatherer(
            List.of("203.0.113.5", "203.0.113.6:20000"), List.of(), false, List.of());
    assertEquals(List.of("203.0.113.5 443", "203.0.113.6 443"), withPorts(gatherer.tcp(4443, 443)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "eth1 | 192.0.2.1 10.8.0.1 10.9.0.1 2001:db8:0:0:0:0:0:1",
        "eth | 192.0.2.1 10.1.0.1 10.8.0.1 10.9.0.1 2001:db8:0:0:0:0:0:1",
        "wg* | 192.0.2.1 10.1.0.1 2001:db8:0:0:0:0:0:1",
        "10.0.0.0/8 | 192.0.2.1 2001:db8:0:0:0:0:0:1",
        "10.8.0.0/15 | 192.0.2.1 10.1.0.1 2001:db8:0:0:0:0:0:1",
        "10.9.0.1 | 192.0.2.1 10.1.0.1 10.8.0.1 2001:db8:0:0:0:0:0:1",
        "2001:db8::/32 | 192.0.2.1 10.1.0.1 10.8.0.1 10.9.0.1",
        "::/0 | 192.0.2.1 10.1.0.1 10.8.0.1 10.9.0.1",
      })
  void leavesOutWhatIsExcluded(String exclusion, String left) {
    List<HostInterface> interfaces =
        List.of(
            up("eth0", "192.0.2.1", "2001:db8::1"),
            up("eth1", "10.1.0.1"),
            up("wg0", "10.8.0.1"),
            up("wg1", "10.9.0.1"));
    var gatherer =
        new CandidateGatherer(List.of(), List.of(Exclusion.parse(exclusion)), false, interfaces);
    assertEquals(
        Stream.of(left.split(" ")).sorted().toList(),
        gatherer.udp(0, 10_000, List.of()).stream()
            .map(c -> c.address().getHostAddress())
            .sorted()
            .toList());
  }

  @Test
  void doesNotFallBackToLoopbackWhereAllElseIsExcluded() {
    List<Exclusion> all = List.of(Exclusion.parse("0.0.0.0/0"));
    List<HostInterface> interfaces = List.of(LOOPBACK, up("eth0", "192.0.2.1"));
    var refusal =
        assertThrows(
            IllegalStateException.class,
            () -> new CandidateGatherer(List.of(), all, false, interfaces));
    assertTrue(refusal.getMessage().contains("media.exclude"), refusal.getMessage());
    new CandidateGatherer(List.of("203.0.113.5"), all, false, interfaces);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "10.0.0.0/33", "10.0.0", "eth 0", "*", "fe80::%eth0", "2001:db8::/129"})
  void refusesAnExclusionThatIsNone(String text) {
    assertThrows(IllegalArgumentException.class, () -> Exclusion.parse(text));
  }

  @Test
  void anAdvertisedPortThatLeavesNoneForAWorkerIsRefused() {
    var gatherer = new CandidateGatherer(List.of("203.0.113.5:65535"), List.of(), false, List.of());
    assertEquals(65_535, gatherer.udp(0, 10_000, List.of()).getFirst().port());
    assertThrows(IllegalArgumentException.class, () -> gatherer.udp(1, 10_001, List.of()));
  }

  @Test
  void aMappingFoundByStunComesFirstAndTheHostsOwnStay() {
    var gatherer =
        new CandidateGatherer(
            List.of(), List.of(), false, List.of(up("eth0", "10.0.0.2", "192.0.2.7")));
    var mapped = new InetSocketAddress("203.0.113.5", 40_000);
    var notMapped = new InetSocketAddress("192.0.2.7", 10_000);

    List<Candidate> candidates = gatherer.udp(0, 10_000, List.of(mapped, notMapped));

    assertEquals(
        List.of("203.0.113.5 40000", "192.0.2.7 10000", "10.0.0.2 10000"), withPorts(candidates));
    // RFC 8445 §2.5: a lite agent has host candidates only.
    assertTrue(candidates.stream().allMatch(c -> c.type() == Candidate.Type.HOST));
    assertEquals(3, candidates.stream().map(Candidate::priority).distinct().count());
  }

  @Test
  void everyTcpCandidateIsPassiveAndComesAfterEveryOneForUdp() {
    var gatherer =
        new CandidateGatherer(List.of("192.0.2.1", "192.0.2.2"), List.of(), false, List.of());
    List<Candidate> udp = gatherer.udp(0, 10_000, List.of());
    List<Candidate> tcp = gatherer.tcp(10_000, 0);

    assertTrue(tcp.stream().allMatch(c -> c.transport() == Candidate.Transport.TCP_PASSIVE));
    assertTrue(tcp.getFirst().priority() < udp.getLast().priority());
    // RFC 6544 §4.2: local preference = 2^13 × direction (4 for passive) + 8191 - rank.
    assertEquals((90L << 24) + ((4L << 13) + 8_191 << 8) + 255, tcp.get(0).priority());
    assertEquals(tcp.get(0).priority() - 256, tcp.get(1).priority());
    assertNotEquals(udp.getFirst().foundation(), tcp.getFirst().foundation());
  }
}
