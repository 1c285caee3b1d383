package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.protocol.TurnPasswords;

/// RFC 9725 §4.6: a WHIP client that may use nothing but the TURN server that its answer names,
/// ours.
@Tag("browser")
class GStreamerRelayBrowserTest {
  @RegisterExtension
  private final CallExtension calls = new CallExtension(GStreamerRelayBrowserTest::withRelays);

  private static ServerConfig withRelays() {
    ServerConfig config = RealAddress.config();
    return config.with(
        config.media().with(new TurnPasswords("nobody-knows-it", Duration.ofHours(1))));
  }

  @Test
  void chromiumSeesAPublisherThatMayUseNothingButTheRelay(Call call) throws IOException {
    assumeTrue(RealAddress.isThere(), "libnice needs an IPv4 address other than 127.0.0.1.");
    SeatClient viewer = SeatClient.join(call, "Viewer");
    try (var stage = new GStreamerPublisher(call.base() + "/whip/lobby?name=Stage", "relay")) {
      stage.awaitConnected();
      assertTrue(stage.output().contains("\nrelay True"), stage.output());
      viewer.showsWhoComes("Stage");
      viewer.sees("blue", "Stage", "H264");
      String counted = call.counted();
      assertTrue(counted.contains("plenum_clients{path=\"relay\"} 1.0"), counted);
    }
  }
}
