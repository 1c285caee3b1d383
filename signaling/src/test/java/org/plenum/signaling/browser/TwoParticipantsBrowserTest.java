package org.plenum.signaling.browser;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("browser")
@ExtendWith(CallExtension.class)
class TwoParticipantsBrowserTest {
  @Test
  void twoSeeAndHearEachOther(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ada.sees("the call", sight -> !sight.participant().isEmpty());
    ChromiumParticipant grace = call.join("Grace");

    ada.seesAndHears("Grace");
    grace.seesAndHears("Ada");
    ada.isTold("Grace joined");

    ada.screenshot("two-desktop");
    ada.page().setViewportSize(360, 740);
    ada.seesAndHears("Grace");
    ada.screenshot("two-phone");
  }
}
