package org.plenum.ice.turn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.ice.turn.TurnDriver.OWN;
import static org.plenum.ice.turn.TurnDriver.bytes;
import static org.plenum.ice.turn.TurnDriver.channelData;
import static org.plenum.ice.turn.TurnDriver.u32;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.plenum.ice.NetworkPath;

/// The messages of RFC 8656's detailed example (§20), one after another, with our media's address
/// as the peer: a server of ours relays to nothing else.
class Rfc8656ExampleTest {
  private static final int LIFETIME = 0x0D;
  private static final int DONT_FRAGMENT = 0x1A;
  private static final int CHANNEL = 0x4000;
  private static final int XOR_MAPPED_ADDRESS = 0x20;

  private final TurnDriver turn = new TurnDriver();

  @Test
  void goesAsInTheRfc() {
    // Allocate, without credentials: 401 with realm and nonce. Over UDP ours wants it twice.
    byte[] first = turn.allocate().attribute(LIFETIME, u32(3_600)).build();
    assertEquals(TurnVerdict.UNPAID, turn.receive(first));
    turn.receive(first);
    assertEquals(401, turn.error());
    assertEquals(4, turn.value(0x14).length);
    turn.nonce = turn.value(0x15);
    assertTrue(turn.nonce.length > 0);

    // With credentials; DONT-FRAGMENT, as in the RFC, is refused by name, for it is not kept
    // (§7.2).
    turn.receive(
        turn.signed(turn.allocate().attribute(LIFETIME, u32(3_600)).attribute(DONT_FRAGMENT)));
    assertEquals(420, turn.error());
    assertEquals(DONT_FRAGMENT, ByteBuffer.wrap(turn.value(0x0A)).getChar(0));

    // Again without: the relay, the address that is seen, and a lifetime.
    turn.receive(turn.signed(turn.allocate().attribute(LIFETIME, u32(3_600))));
    assertEquals(0, turn.error());
    byte[] relay = turn.assertedResponse();
    assertEquals(
        OWN.getAddress(), TurnDriver.address(relay, TurnDriver.XOR_RELAYED_ADDRESS).getAddress());
    assertEquals(turn.client.remote(), TurnDriver.address(relay, XOR_MAPPED_ADDRESS));
    assertEquals(3_600, ByteBuffer.wrap(turn.value(LIFETIME)).getInt());

    // CreatePermission, then data both ways by Send and Data.
    assertEquals(0, turn.permit(OWN));
    byte[] there = bytes(100, 1);
    assertEquals(TurnVerdict.RELAYED, turn.send(OWN, there));
    assertArrayEquals(there, turn.relayed());
    NetworkPath way = turn.batch.path(0);
    byte[] back = bytes(80, 2);
    byte[] indication = turn.wrapped(back, way);
    assertEquals(0x17, ByteBuffer.wrap(indication).getChar(0));
    assertEquals(OWN, TurnDriver.address(indication, TurnDriver.XOR_PEER_ADDRESS));
    assertArrayEquals(back, TurnDriver.value(indication, TurnDriver.DATA));

    // ChannelBind, then ChannelData both ways.
    assertEquals(0, turn.bind(CHANNEL, OWN));
    assertEquals(TurnVerdict.RELAYED, turn.receiveChannelData(channelData(CHANNEL, there)));
    assertArrayEquals(there, turn.relayed());
    assertArrayEquals(channelData(CHANNEL, back), turn.wrapped(back, turn.batch.path(0)));

    // Refresh with the old nonce, once that is stale: 438 with a new one, which is good.
    turn.refresh(3_600);
    turn.pass(60 * (Nonces.LIFE_MINUTES + 1));
    assertEquals(438, turn.refresh(600));
    turn.nonce = turn.value(0x15);
    assertEquals(0, turn.refresh(600));
    assertEquals(600, ByteBuffer.wrap(turn.value(LIFETIME)).getInt());
  }
}
