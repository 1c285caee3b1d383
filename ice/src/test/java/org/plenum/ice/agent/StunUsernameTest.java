package org.plenum.ice.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StunUsernameTest {
  private static @Nullable String ufrag(byte[] datagram) {
    byte[] slab = new byte[datagram.length + 9];
    System.arraycopy(datagram, 0, slab, 5, datagram.length);
    return StunUsername.localUfrag(MemorySegment.ofArray(slab), 5, datagram.length);
  }

  @Test
  void isWhatStandsBeforeTheFirstColon() {
    assertEquals("evtj", ufrag(AgentDriver.check()));
    assertEquals("a", ufrag(StunMessageBuilder.bindingRequest("a:b:c").build()));
    assertEquals("a", ufrag(StunMessageBuilder.bindingRequest("a:").build()));
  }

  @Test
  void isFoundBehindOtherAttributes() {
    byte[] request =
        StunMessageBuilder.of(1)
            .priority()
            .attribute(0x8022, new byte[3])
            .attribute(0x0006, (byte) 'x', (byte) ':')
            .build();
    assertEquals("x", ufrag(request));
  }

  @Test
  void isNullWithoutAUsernameOfThatForm() {
    assertNull(ufrag(StunMessageBuilder.of(1).build()));
    for (String username : new String[] {"", ":", ":evtj", "evtj"}) {
      assertNull(ufrag(StunMessageBuilder.bindingRequest(username).build()), username);
    }
  }

  @Test
  void isNullForWhatIsNoBindingRequest() {
    for (int type : new int[] {0x0011, 0x0101, 0x0111, 0x0003}) {
      byte[] message = StunMessageBuilder.of(type).attribute(6, (byte) 'x', (byte) ':').build();
      assertNull(ufrag(message));
    }
  }

  @Test
  void isAtMost256BytesLong() {
    assertEquals(
        "a".repeat(256), ufrag(StunMessageBuilder.bindingRequest("a".repeat(256) + ":b").build()));
    assertNull(ufrag(StunMessageBuilder.bindingRequest("a".repeat(257) + ":b").build()));
  }

  @Test
  void isNullForEveryTruncation() {
    byte[] good = AgentDriver.check();
    for (int length = 0; length < good.length; length++) {
      assertNull(ufrag(Arrays.copyOf(good, length)));
    }
  }

  @Test
  void isNullWhenTheUsernameReachesBeyondTheMessage() {
    byte[] request = StunMessageBuilder.bindingRequest("evtj:h6vY").build();
    request[22] = 0x7F; // length of the attribute
    assertNull(ufrag(request));
    request[22] = 0;
    request[23] = 13; // one byte past the padding
    assertNull(ufrag(request));
  }
}
