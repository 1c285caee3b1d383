package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

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
  /// Ten frames come in a second.
  private static final int FRAMES = 50;

  /// A jump is of 11 s, or of hours; what the machine keeps waiting is not.
  private static final double MOST_SKEW_MILLIS = 5_000;

  /// Of all frames so far.
  private static final int MOST_UNDECODED = 10;

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

  /// A sender whose clock begins anew after a pause, or leaps: whoever watches goes on watching,
  /// and whoever comes then sees it too.
  @Tag("slow")
  @Test
  void pictureGoesOnWhenTimestampsJump(Call call) throws IOException {
    SeatClient viewer = SeatClient.join(call, "Viewer");
    try (var stage = new GStreamerPublisher(call.base() + "/whip/lobby?name=Stage")) {
      stage.awaitConnected();
      viewer.showsWhoComes("Stage");
      viewer.sees("blue", "Stage", "H264");
      stage.jump(5, -1_000_000);
      goesOn(viewer);
      stage.jump(0, 1_500_000_000);
      goesOn(viewer);

      SeatClient late = SeatClient.join(call, "Late");
      late.show("Stage");
      late.sees("blue", "Stage", "H264");
      goesOn(viewer);
      double skew = viewer.skewMillis();
      assertTrue(skew <= MOST_SKEW_MILLIS, "timestamps went astray by " + skew + " ms");
    }
  }

  /// Waits until so many more frames were decoded. Those that came must not be kept waiting, nor
  /// thrown away: that shows however slow the machine is.
  private static void goesOn(SeatClient viewer) {
    SeatClient.State first = viewer.state();
    eventually(
        "frames to go on after " + first,
        () -> {
          SeatClient.State state = viewer.state();
          assertTrue(state.framesReceived() - state.framesDecoded() <= MOST_UNDECODED, "" + state);
          return state;
        },
        state -> state.framesDecoded() - first.framesDecoded() >= FRAMES);
  }
}
