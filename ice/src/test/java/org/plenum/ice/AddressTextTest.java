package org.plenum.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// RFC 5952.
class AddressTextTest {
  @ParameterizedTest
  @CsvSource({
    "fd00:0:0:0:0:0:0:2, fd00::2",
    "0:0:0:0:0:0:0:0, ::",
    "0:0:0:0:0:0:0:1, ::1",
    "2001:0DB8:0:0:0:0:0:0, 2001:db8::",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1", // §4.2.2: one group of zeros stays
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1", // §4.2.3: the longest run
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1", // §4.2.3: the first of equals
    "0:0:1:0:0:1:0:0, ::1:0:0:1:0:0",
    "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
    "2001:db8::00aa:0bbb:CCCC, 2001:db8::aa:bbb:cccc",
    "192.0.2.1, 192.0.2.1",
    "::ffff:192.0.2.1, 192.0.2.1",
    "255.255.255.255, 255.255.255.255"
  })
  void writesTheOneForm(String written, String expected) {
    assertEquals(expected, AddressText.of(InetAddress.ofLiteral(written)));
  }

  @Test
  void leavesTheZoneOut() throws Exception {
    byte[] linkLocal = InetAddress.ofLiteral("fe80::1").getAddress();
    assertEquals("fe80::1", AddressText.of(Inet6Address.getByAddress(null, linkLocal, 2)));
  }

  @Test
  void putsIpv6InBracketsBeforeAPort() {
    assertEquals("[fd00::2]:443", AddressText.of(address("fd00::2")));
    assertEquals("192.0.2.1:443", AddressText.of(address("192.0.2.1")));
    assertEquals("[::1]", AddressText.host(InetAddress.ofLiteral("::1")));
    assertEquals("x.test:443", AddressText.of(InetSocketAddress.createUnresolved("x.test", 443)));
  }

  @Test
  void meansTheSameAddress() throws Exception {
    var random = new SplittableRandom(7);
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = new byte[16];
      for (int at = 0; at < 16; at += 2) { // many zeros, so that runs of all kinds come
        int group = random.nextInt(3) == 0 ? random.nextInt(0x10000) : 0;
        bytes[at] = (byte) (group >>> 8);
        bytes[at + 1] = (byte) group;
      }
      InetAddress address = InetAddress.getByAddress(bytes);
      assertEquals(address, InetAddress.ofLiteral(AddressText.of(address)));
    }
  }

  private static InetSocketAddress address(String literal) {
    return new InetSocketAddress(InetAddress.ofLiteral(literal), 443);
  }
}
