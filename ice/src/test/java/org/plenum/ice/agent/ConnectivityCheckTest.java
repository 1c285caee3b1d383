package org.plenum.ice.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.plenum.ice.NetworkPath;

class ConnectivityCheckTest {
  private static final NetworkPath PATH =
      new NetworkPath(0, NetworkPath.ipv4Mapped(0x7F00_0001), 5000, 0, 0);

  private final IceCredentials server = IceCredentials.random();
  private final IceLiteAgent agent = new IceLiteAgent(server, 0);

  @Test
  void isAnsweredByALiteAgent() {
    agent.remoteCredentials(new IceCredentials("abcde", "0123456789012345678901"));
    assertEquals(StunVerdict.ANSWERED, check("abcde", true));
    assertEquals(PATH, agent.selectedPath());
  }

  @Test
  void isRefusedWithAnotherUfragThanTheOffersOwn() {
    agent.remoteCredentials(new IceCredentials("abcde", "0123456789012345678901"));
    assertEquals(StunVerdict.UNAUTHENTICATED, check("other", false));
  }

  @Test
  void needsATransactionIdOfTwelveBytes() {
    var check = new ConnectivityCheck(server, "abcd", 1);
    assertThrows(IllegalArgumentException.class, () -> check.request(new byte[11], false));
  }

  private StunVerdict check(String localUfrag, boolean nominate) {
    byte[] request = new ConnectivityCheck(server, localUfrag, 1).request(new byte[12], nominate);
    return agent.onStun(
        MemorySegment.ofArray(request), 0, request.length, PATH, 1, (message, path) -> {});
  }
}
