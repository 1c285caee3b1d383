package org.plenum.sfu.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plenum.ice.port.MediaPortKind;
import org.plenum.sfu.SfuConfig;
import org.plenum.sfu.worker.MappedAddresses.Mapping;

/// A load balancer that is known by name, and whose address changes.
class OfferedTest {
  private final Map<String, List<String>> dns = new ConcurrentHashMap<>();

  @Test
  void offersWhatANameStandsForNow() {
    dns.put("lb.example.org", List.of("203.0.113.9", "203.0.113.8"));
    Offered offered = offered(30_000, "lb.example.org", "lb.example.org:4000", "192.0.2.1");
    assertEquals(
        List.of(
            "203.0.113.8 30001",
            "203.0.113.9 30001",
            "203.0.113.8 4001",
            "203.0.113.9 4001",
            "192.0.2.1 30001"),
        to(offered));
    dns.put("lb.example.org", List.of("203.0.113.8", "203.0.113.9"));
    assertFalse(offered.resolveAgain(), "DNS servers turn the order");
    dns.put("lb.example.org", List.of("2001:db8::8"));
    assertTrue(offered.resolveAgain());
    assertEquals(
        List.of("2001:db8:0:0:0:0:0:8 30001", "2001:db8:0:0:0:0:0:8 4001", "192.0.2.1 30001"),
        to(offered));
  }

  @Test
  void keepsWhatItHasWhileANameIsNotKnown() {
    assertEquals(
        "media.advertised: the name lb.example.org is not known",
        assertThrows(IllegalStateException.class, () -> offered(0, "lb.example.org")).getMessage());
    dns.put("lb.example.org", List.of("203.0.113.8"));
    Offered offered = offered(0, "lb.example.org");
    dns.clear();
    assertThrows(IllegalStateException.class, offered::resolveAgain);
    assertEquals(List.of("203.0.113.8 10001"), to(offered));
    dns.put("lb.example.org", List.of("0.0.0.0", "224.0.0.1", "fe80::1"));
    assertTrue(
        assertThrows(IllegalStateException.class, offered::resolveAgain)
            .getMessage()
            .contains("no address that clients could send to"));
  }

  @ParameterizedTest
  @CsvSource({
    "lb.example.org, true",
    "lb.example.org:443, true",
    "a-1.elb.eu-west-1.amazonaws.com, true",
    "lb.example.org:0, false",
    "lb.example.org:65536, false",
    "lb.example.org., false",
    "localhost, false",
    "10.1, false",
    "010.0.0.1, false",
    "-a.example.org, false",
    "a..org, false",
    "2001:db8::1, false",
  })
  void takesForANameWhatCannotBeAnAddress(String text, boolean isName) {
    assertEquals(isName, AdvertisedNames.isName(text));
  }

  @Test
  void offersOnlyWhatIsListenedOn() {
    Offered loopback = offered(0, List.of("127.0.0.1"));
    assertEquals(List.of("127.0.0.1 10001"), to(loopback));
  }

  private Offered offered(int port, String... advertised) {
    return offered(port, List.of(), advertised);
  }

  private Offered offered(int port, List<String> bind, String... advertised) {
    var config =
        new SfuConfig(
            2,
            10_000,
            bind,
            List.of(advertised),
            !bind.isEmpty(),
            MediaPortKind.AUTO,
            new SfuConfig.Candidates(List.of(), port),
            new SfuConfig.Tcp(false, 0),
            new SfuConfig.Stun(false, List.of()),
            SfuConfig.Bitrates.DEFAULT,
            null);
    var offered = new Offered(config, this::lookUp);
    offered.learn(List.of(10_000, 10_001), List.of(Mapping.NONE, Mapping.NONE), null);
    return offered;
  }

  private InetAddress[] lookUp(String name) throws UnknownHostException {
    List<String> literals = dns.get(name);
    if (literals == null) {
      throw new UnknownHostException(name);
    }
    return literals.stream().map(InetAddress::ofLiteral).toArray(InetAddress[]::new);
  }

  private static List<String> to(Offered offered) {
    return offered.to(1).stream()
        .map(candidate -> candidate.address().getHostAddress() + " " + candidate.port())
        .toList();
  }
}
