package org.plenum.signaling.browser;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.plenum.signaling.browser.Sight.Tile;

@Tag("browser")
@ExtendWith(CallExtension.class)
class MutingBrowserTest {
  @Test
  void aMutedMicrophoneIsShownUntilItSpeaksAgain(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    ada.seesAndHears("Grace");

    grace.press("mic");
    ada.seesTile("Grace", "muted", Tile::soundOff);
    ada.seesMoving("Grace");

    grace.press("mic");
    ada.seesTile("Grace", "not muted", tile -> !tile.soundOff());
    ada.seesAndHears("Grace");
  }

  @Test
  void aCameraThatIsOffLeavesInitialsUntilItIsOnAgain(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    ada.seesAndHears("Grace");

    grace.press("cam");
    ada.seesTile("Grace", "without a picture", tile -> !tile.withPicture());
    ada.screenshot("camera-off");

    grace.press("cam");
    ada.seesAndHears("Grace");
  }

  @Test
  void whoComesLaterSeesWhoIsMuted(Call call) {
    ChromiumParticipant grace = call.join("Grace");
    grace.sees("the call", sight -> sight.state().equals("connected"));
    grace.press("mic");
    grace.press("cam");

    ChromiumParticipant ada = call.join("Ada");

    ada.seesTile("Grace", "muted", tile -> tile.soundOff() && !tile.withPicture());
    grace.press("mic");
    grace.press("cam");
    ada.seesAndHears("Grace");
  }
}
