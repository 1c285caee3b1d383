package org.plenum.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class AddressPrefixTest {
  private static long of(String literal) {
    InetAddress address = InetAddress.ofLiteral(literal);
    return AddressPrefix.of(NetworkPath.high(address), NetworkPath.low(address));
  }

  @Test
  void neighboursShareAPrefixAndOthersDoNot() {
    assertEquals(of("192.0.2.1"), of("192.0.2.254"));
    assertNotEquals(of("192.0.2.1"), of("192.0.3.1"));
    assertEquals(of("2001:db8:0:ff00::1"), of("2001:db8:0:ffff::2"));
    assertNotEquals(of("2001:db8:0:ff00::1"), of("2001:db8:0:fe00::1"));
    assertNotEquals(of("::1"), of("0.0.0.1"));
    assertNotEquals(0, of("::1"));
    assertNotEquals(0, of("0.0.0.0"));
  }
}
