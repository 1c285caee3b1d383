package org.plenum.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class NetworkPathTest {
  @Test
  void holdsIpv4AddressesInMappedForm() throws Exception {
    InetSocketAddress remote = new InetSocketAddress("203.0.113.200", 65_535);
    NetworkPath path = NetworkPath.to(remote, InetAddress.getByName("192.0.2.1"));
    assertEquals(new NetworkPath(0, 0xFFFF_CB00_71C8L, 65_535, 0, 0xFFFF_C000_0201L), path);
    assertTrue(path.isIpv4());
    assertEquals(remote, path.remote());
    assertEquals(InetAddress.getByName("192.0.2.1"), path.local());
  }

  @Test
  void holdsIpv6AddressesInNetworkOrder() throws Exception {
    InetSocketAddress remote = new InetSocketAddress("2001:db8::f00d", 1);
    NetworkPath path = NetworkPath.to(remote, InetAddress.getByName("fd00::2"));
    assertEquals(
        new NetworkPath(0x2001_0DB8_0000_0000L, 0xF00D, 1, 0xFD00_0000_0000_0000L, 2), path);
    assertFalse(path.isIpv4());
    assertEquals(remote, path.remote());
    assertEquals(InetAddress.getByName("fd00::2"), path.local());
  }

  @Test
  void anUnknownLocalAddressIsZero() {
    NetworkPath path = NetworkPath.to(new InetSocketAddress("127.0.0.1", 9), null);
    assertEquals(0, path.localHigh() | path.localLow());
    assertNull(path.local());
  }
}
