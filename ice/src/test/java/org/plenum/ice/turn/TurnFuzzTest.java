package org.plenum.ice.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.ice.turn.TurnDriver.OWN;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.plenum.ice.agent.StunFraming;
import org.plenum.ice.agent.StunMessageBuilder;
import org.plenum.ice.port.ReceiveBatch;

@Tag("fuzz")
class TurnFuzzTest {
  private static final int CHANNEL = 0x4000;
  private static final List<Integer> REQUESTS =
      List.of(
          TurnDriver.ALLOCATE,
          TurnDriver.REFRESH,
          TurnDriver.CREATE_PERMISSION,
          TurnDriver.CHANNEL_BIND);

  /// The datagram as it came, from whoever has a relay: never throws, makes none, and what is
  /// answered is answered with a well-formed message.
  @FuzzTest(maxDuration = "5s")
  void datagram(byte[] datagram) {
    TurnDriver turn = opened();
    byte[] message = fitting(datagram);
    if (message.length >= 2) {
      TurnVerdict verdict = turn.receive(message);
      checkResponse(turn, verdict);
      assertEquals(1, turn.server.allocations());
    }
  }

  /// The attributes of an authenticated client: never throws, and reaches nothing but our own.
  @FuzzTest(maxDuration = "5s")
  void attributesOfAnAuthenticatedRequest(byte[] attributes) {
    TurnDriver turn = opened();
    byte[] padded = Arrays.copyOf(attributes, (Math.min(attributes.length, 700) + 3) & ~3);
    for (int type : REQUESTS) {
      TurnVerdict verdict = turn.receive(turn.signed(turn.request(type).raw(padded)));
      checkResponse(turn, verdict);
    }
    assertEquals(
        TurnVerdict.NOT_PERMITTED, turn.send(TurnDriver.address("127.0.0.1", 10_000), new byte[4]));
  }

  /// Of one of two who talk directly: nothing but the other one is ever reached, whatever is asked.
  @FuzzTest(maxDuration = "5s")
  void attributesOfADirectCall(byte[] attributes) {
    var turn = new TurnDriver(RelayPorts.share(20_000, 20_003, 0, 1, 1), OWN);
    turn.server.introduce(
        new Introduced("ada/d", (_, _) -> true), new Introduced("bob/d", (_, _) -> false));
    turn.user = (TurnDriver.EPOCH_SECONDS + 3_600) + ":ada/d";
    turn.open();
    byte[] padded = Arrays.copyOf(attributes, (Math.min(attributes.length, 700) + 3) & ~3);
    for (int type : REQUESTS) {
      checkResponse(turn, turn.receive(turn.signed(turn.request(type).raw(padded))));
    }
    TurnVerdict sent = turn.receive(StunMessageBuilder.of(TurnDriver.SEND).raw(padded).build());
    assertTrue(sent == TurnVerdict.MALFORMED || sent == TurnVerdict.NOT_PERMITTED, "" + sent);
    for (String host : List.of("127.0.0.1", "203.0.113.7", "9.9.9.9", "10.0.0.1")) {
      assertEquals(
          TurnVerdict.NOT_PERMITTED, turn.send(TurnDriver.address(host, 10_000), new byte[4]));
    }
    assertTrue(turn.port.relays.size() <= 1);
  }

  /// Never throws, and what is relayed is no longer than what came.
  @FuzzTest(maxDuration = "5s")
  void indication(byte[] attributes) {
    TurnDriver turn = opened();
    byte[] padded = Arrays.copyOf(attributes, (Math.min(attributes.length, 1_900) + 3) & ~3);
    TurnVerdict verdict = turn.receive(StunMessageBuilder.of(TurnDriver.SEND).raw(padded).build());
    if (verdict == TurnVerdict.RELAYED) {
      assertTrue(turn.relayed().length < padded.length);
      assertEquals(OWN, turn.batch.path(0).remote());
    }
  }

  @FuzzTest(maxDuration = "5s")
  void channelData(byte[] datagram) {
    TurnDriver turn = opened();
    byte[] message = fitting(datagram);
    if (message.length >= 2) {
      message[0] = 0x40;
      message[1] = 0;
      if (turn.receiveChannelData(message) == TurnVerdict.RELAYED) {
        int length = ByteBuffer.wrap(message).getChar(2);
        assertEquals(length, turn.relayed().length);
        assertTrue(length + 4 <= message.length);
      }
    }
  }

  private static TurnDriver opened() {
    var turn = new TurnDriver();
    turn.open();
    turn.bind(CHANNEL, OWN);
    return turn;
  }

  private static byte[] fitting(byte[] datagram) {
    return Arrays.copyOf(datagram, Math.min(datagram.length, ReceiveBatch.SLOT_BYTES));
  }

  private static void checkResponse(TurnDriver turn, TurnVerdict verdict) {
    boolean responded =
        verdict == TurnVerdict.ANSWERED
            || verdict == TurnVerdict.REFUSED
            || verdict == TurnVerdict.CHALLENGED;
    byte[] response = turn.response;
    assertEquals(responded, response != null);
    if (response != null) {
      var bytes = java.lang.foreign.MemorySegment.ofArray(response);
      assertTrue(StunFraming.isWellFormed(bytes, 0, response.length));
    }
  }
}
