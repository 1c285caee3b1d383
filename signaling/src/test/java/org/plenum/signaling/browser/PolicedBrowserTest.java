package org.plenum.signaling.browser;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.plenum.sfu.SfuConfig;
import org.plenum.signaling.config.ServerConfig;

/// A server that takes less of a camera than the page sends.
@Tag("browser")
class PolicedBrowserTest {
  @RegisterExtension
  private final CallExtension calls = new CallExtension(PolicedBrowserTest::config);

  private static ServerConfig config() {
    ServerConfig config = ServerConfig.forTests();
    return config.with(config.media().with(new SfuConfig.Bitrates(1_000_000, 64_000, 1_000_000)));
  }

  @Test
  void whoSendsMoreThanIsTakenIsTold(Call call) {
    ChromiumParticipant ada = call.join("Ada", "640x360@30");
    ada.isTold("Your camera sends more than this server takes. Others may see or hear it falter.");
    ada.screenshot("policed");
  }
}
