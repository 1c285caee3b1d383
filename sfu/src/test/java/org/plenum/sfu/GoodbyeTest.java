package org.plenum.sfu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.plenum.ice.port.MediaPortKind;
import org.plenum.sfu.embed.Sfu;
import org.plenum.sfu.testclient.Call;
import org.plenum.sfu.testclient.ClientSetup;
import org.plenum.sfu.testclient.SfuClient;

/// The last words of the SFU: all that a client hears of its end which has no WebSocket.
class GoodbyeTest {
  private static final Mid AUDIO = SfuClient.audioMid(0);
  private static final Mid VIDEO = SfuClient.videoMid(0);

  private final Sfu sfu =
      Sfu.start(new SfuConfig(1, 0, List.of("127.0.0.1"), List.of(), true, MediaPortKind.AUTO));

  @AfterEach
  void stop() {
    sfu.close();
  }

  @Test
  void anSfuThatStopsEndsStreamsAndDtls() {
    try (var call = new Call(sfu)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      SfuClient bob = call.join("bob", ClientSetup.second());
      exchange(call, alice, bob);
      Thread stopping = Thread.ofPlatform().start(sfu::close);
      call.await("the end of both", () -> alice.sawDtlsEnd() && bob.sawDtlsEnd());
      call.await("the SFU has ended", () -> !stopping.isAlive());
      assertTrue(bob.byes.contains(bob.stream(AUDIO).ssrc), "the sound's BYE came first");
      assertTrue(bob.byes.contains(bob.stream(VIDEO).ssrc), "the picture's too");
      assertEquals(1, alice.byes.size(), "who was sent nothing: only whose reports end");
    }
  }

  @Test
  void whoIsRemovedIsToldAndNobodyElse() {
    try (var call = new Call(sfu)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      SfuClient bob = call.join("bob", ClientSetup.second());
      exchange(call, alice, bob);
      call.room.leave(bob.id, LeaveReason.REMOVED);
      call.await("Bob's end", bob::sawDtlsEnd);
      assertEquals(3, bob.byes.size());
      call.awaitFrames(alice.video, 5);
      assertEquals(List.of(), alice.byes);
    }
  }

  private static void exchange(Call call, SfuClient from, SfuClient to) {
    from.audio.intervalMillis = 20;
    from.video.intervalMillis = 20;
    call.await(
        "sound and picture", () -> to.stream(AUDIO).count() > 5 && to.stream(VIDEO).count() > 5);
  }
}
