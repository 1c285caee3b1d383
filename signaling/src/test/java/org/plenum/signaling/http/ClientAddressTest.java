package org.plenum.signaling.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plenum.signaling.config.AddressRange;

class ClientAddressTest {
  private static final InetAddress PROXY = InetAddress.ofLiteral("10.0.0.1");

  private final ClientAddress addresses =
      new ClientAddress(
          List.of(
              new AddressRange(InetAddress.ofLiteral("10.0.0.0"), 8),
              new AddressRange(InetAddress.ofLiteral("2001:db8::"), 32)));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.9 || 198.51.100.1 | 192.0.2.9",
        "10.0.0.1 ||| 10.0.0.1",
        "10.0.0.1 || 198.51.100.1 | 198.51.100.1",
        "10.0.0.1 || 6.6.6.6, 198.51.100.1 | 198.51.100.1",
        "10.0.0.1 || 198.51.100.1, 10.2.3.4 | 198.51.100.1",
        "10.0.0.1 || 198.51.100.1:4711 | 198.51.100.1",
        "10.0.0.1 || unknown | 10.0.0.1",
        "10.0.0.1 || 198.51.100.1, unknown, 10.2.3.4 | 10.2.3.4",
        "10.0.0.1 || 10.9.9.9, 10.2.3.4 | 10.9.9.9",
        "10.0.0.1 | for=198.51.100.1;proto=https | 6.6.6.6 | 198.51.100.1",
        "10.0.0.1 | for=6.6.6.6, For=\"[2001:0db9::17]:4711\" || 2001:db9::17",
        "10.0.0.1 | for=198.51.100.1, by=x || 10.0.0.1",
        "2001:db8::1 || 2001:db9::17 | 2001:db9::17",
        "10.0.0.1 || evil.example | 10.0.0.1",
      })
  void believesTrustedProxiesOnly(String peer, String forwarded, String plain, String client) {
    InetAddress found =
        addresses.of(
            InetAddress.ofLiteral(peer),
            forwarded == null ? "" : forwarded,
            plain == null ? "" : plain);
    assertEquals(InetAddress.ofLiteral(client), found);
  }

  @Test
  void readsABoundedNumberOfHops() {
    assertEquals(
        InetAddress.ofLiteral("10.5.5.5"),
        addresses.of(PROXY, "", "198.51.100.1" + ", 10.5.5.5".repeat(16)));
  }

  @Test
  void limitsTogetherWhatOneHostCanChooseFrom() {
    assertEquals("192.0.2.1", ClientAddress.group(InetAddress.ofLiteral("192.0.2.1")));
    assertEquals(
        ClientAddress.group(InetAddress.ofLiteral("2001:db8:1:2:3::4")),
        ClientAddress.group(InetAddress.ofLiteral("2001:db8:1:2:ffff::1")));
    assertEquals("2001:db8:1:2::/64", ClientAddress.group(InetAddress.ofLiteral("2001:db8:1:2::")));
  }

  @org.junit.jupiter.api.Tag("fuzz")
  @FuzzTest(maxDuration = "5s")
  void findsAnAddressWhateverAProxySays(byte[] input) {
    String header = new String(input, StandardCharsets.UTF_8);
    addresses.of(PROXY, header, "");
    addresses.of(PROXY, "", header);
  }
}
