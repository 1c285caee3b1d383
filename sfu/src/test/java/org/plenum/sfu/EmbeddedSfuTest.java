package org.plenum.sfu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.plenum.ice.port.MediaPortKind;
import org.plenum.sfu.testclient.Call;
import org.plenum.sfu.testclient.ClientSetup;
import org.plenum.sfu.testclient.SfuClient;

/// The SFU as a library: started, joined and used over real sockets, with no HTTP, no JSON and no
/// SDP anywhere.
class EmbeddedSfuTest {
  private static Sfu sfu;

  @BeforeAll
  static void start() {
    sfu =
        Sfu.start(
            new SfuConfig(1, 0, List.of("127.0.0.1"), List.of(), true, MediaPortKind.AUTO));
  }

  @AfterAll
  static void stop() {
    sfu.close();
  }

  @AfterEach
  void nothingFailed() {
    assertEquals(0, sfu.counters().value(SfuCounter.ROOMS_FAILED));
  }

  @Test
  void soundAndPicturePassFromOneParticipantToTheOther() {
    try (var call = new Call(sfu)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      SfuClient bob = call.join("bob", ClientSetup.second());
      alice.audio.intervalMillis = 20;
      alice.video.intervalMillis = 20;
      call.awaitFrames(alice.video, 50);
      call.await("bob sees 20", () -> bob.stream(SfuClient.videoMid(0)).completeFrames(alice.video.ssrc).size() > 20);
      call.await("bob hears 20", () -> bob.stream(SfuClient.audioMid(0)).completeFrames(alice.audio.ssrc).size() > 20);
    }
  }
}
