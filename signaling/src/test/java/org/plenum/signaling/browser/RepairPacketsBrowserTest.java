package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.plenum.signaling.browser.WhipClient.Seen;

/// A real browser takes our repair packets (flexfec-03) where it loses packets on a long path.
@Tag("browser")
@ExtendWith(CallExtension.class)
class RepairPacketsBrowserTest {
  private static final int DELAY_MILLIS = 90;

  @Tag("slow")
  @Test
  void aBrowserOnALongPathThatLosesPacketsIsSentRepairPackets(Call call) {
    WhipClient publisher = WhipClient.of(call, "Publisher");
    publisher.publish(
        "/whip/lobby", "{codecs: ['VP8'], video: {width: 960, height: 540, frameRate: 20}}");
    try (var path = new LossyRelay(call.mediaPort(), 0, 0.06, DELAY_MILLIS, 1)) {
      WhipClient far = WhipClient.of(call, "Far");
      far.view("/whep/lobby", "'audio', 'video'", "{through: " + path.port() + "}");
      WhipClient near = WhipClient.of(call, "Near");
      near.view("/whep/lobby", "'audio', 'video'");
      Seen first = eventually("repair packets", far::seen, seen -> seen.repairs() >= 20);
      Seen last =
          eventually(
              "pictures",
              far::seen,
              seen -> seen.frames() >= first.frames() + 100 && seen.repairs() >= 100);
      System.out.println(first + " to " + last);
      assertTrue(last.lost() > first.lost(), "the path loses packets");
      // Had a repair packet restored anything else than what was sent, the decoder would ask for
      // key frames, and the picture would stand most of the time.
      assertTrue(last.keyFrames() - first.keyFrames() <= 3, first + " to " + last);
      assertEquals(0, near.seen().repairs(), "nothing is lost there");
      assertTrue(call.counted().contains("plenum_repairs_sent_total"), call.counted());
    }
  }
}
