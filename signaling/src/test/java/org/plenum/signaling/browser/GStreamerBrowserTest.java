package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What a hardware encoder or a broadcaster's tool does: H264 of x264, SRTP by AES_CM, neither RTX
/// nor a MID extension, parameter sets aggregated (STAP-A) and slices in parts (FU-A).
@Tag("browser")
class GStreamerBrowserTest {
  @RegisterExtension private final CallExtension calls = new CallExtension(RealAddress::config);

  @BeforeAll
  static void needsAnAddress() throws IOException {
    assumeTrue(RealAddress.isThere(), "libnice needs an IPv4 address other than 127.0.0.1.");
  }

  @Test
  void chromiumSeesAPublisherOfGStreamer(Call call) throws IOException {
    SeatClient viewer = SeatClient.join(call, "Viewer");
    try (var stage = new GStreamerPublisher(call.base() + "/whip/lobby?name=Stage")) {
      stage.awaitConnected();
      viewer.showsWhoComes("Stage");
      SeatClient.State state = viewer.sees("blue", "Stage", "H264");
      assertTrue(stage.output().contains("a=rtpmap:96 H264/90000"), stage.output());
      assertTrue(
          stage.output().contains("\nSRTP aes-128-icm hmac-sha1-80"),
          stage::output); // AES128_CM_HMAC_SHA1_80

      SeatClient late = SeatClient.join(call, "Late");
      late.show("Stage");
      late.sees("blue", "Stage", "H264");
      SeatClient.State after = viewer.sees("blue", "Stage", "H264");
      assertEquals(state.freezeCount(), after.freezeCount());
      for (SeatClient each : List.of(viewer, late)) {
        assertEquals(
            List.of("blue"),
            each.seen().stream().map(SeatClient.Seen::name).toList(),
            each::strange);
      }
    }
    viewer.seesNobody();
  }
}
