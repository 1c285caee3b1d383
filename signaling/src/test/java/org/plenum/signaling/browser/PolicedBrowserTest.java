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

  @Test
  void whoSpeaksChineseIsToldInChinese(Call call) {
    ChromiumParticipant ada = call.enter("Ada");
    ada.page().addInitScript("localStorage.setItem('plenum.language', 'zh')");
    ada.page().navigate(call.address("Ada", "640x360@30"));
    ada.isTold("您的摄像头发送的数据超出服务器的上限，其他人看到或听到的可能会卡顿。");
    ada.screenshot("policed-zh");
  }
}
