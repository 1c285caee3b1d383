package org.plenum.bench.load;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.plenum.bench.client.ClientOptions;
import org.plenum.bench.client.VideoShape;
import org.plenum.sfu.srtp.SrtpProfile;

class LoadPageTest {
  private static final LoadSettings SETTINGS =
      new LoadSettings(
          URI.create("http://example.test/?a=1&b=2"),
          1,
          new Shape(1, 1, 3, false),
          new ClientOptions(500_000, 25, VideoShape.VP8, true, SrtpProfile.AEAD_AES_128_GCM, 0),
          new Course(10, 3, 0, new Course.Steps(2, 8), 0),
          1,
          LoadSettings.Protocol.WEBSOCKET,
          false);

  private static String page(String... requirements) {
    LoadResult result = Results.measured();
    return LoadPage.of(
        SETTINGS,
        result,
        List.of(requirements).stream().map(each -> Requirement.parse(each).judge(result)).toList());
  }

  @Test
  void whatWasRequiredIsMetOrMissed() {
    String page = page("delivered>=99", "delay.p99<=1");

    assertTrue(page.contains("<td class=\"met\">met</td>"), page);
    assertTrue(page.contains("<td class=\"missed\">missed</td>"), page);
    assertTrue(page.contains("delay.p99&lt;=1"), page);
  }

  @Test
  void aSecondThatMeasuredNothingLeavesAGapInThePlot() {
    String page = page();

    assertTrue(page.contains("<svg"), page);
    assertFalse(page.contains("NaN"), page);
  }

  @Test
  void nothingIsLoadedFromElsewhere() {
    assertFalse(page().matches("(?s).*(src|href|url|@import|<script).*"), page());
  }

  @Test
  void whatIsNoMarkupIsEscaped() {
    assertTrue(page().contains("http://example.test/?a=1&amp;b=2"), page());
  }
}
