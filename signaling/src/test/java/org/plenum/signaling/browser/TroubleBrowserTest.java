package org.plenum.signaling.browser;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("browser")
@ExtendWith(CallExtension.class)
class TroubleBrowserTest {
  @Test
  void whoRefusesTheDevicesIsToldHowToAllowThemAndTakesPart(Call call) {
    ChromiumParticipant grace = call.join("Grace");
    ChromiumParticipant ada = call.enter("Ada", List.of());

    ada.page().navigate(call.address("Ada", Call.SMALL));

    ada.isTold(
        "The browser may not use the camera or microphone."
            + " Allow it beside the address bar, then try again.");
    ada.seesAndHears("Grace");
    grace.seesTile("Ada", "silent", tile -> tile.soundOff() && !tile.withPicture());
  }

  @Test
  void whoHasNoCameraIsToldAndHeard(Call call) {
    ChromiumParticipant grace = call.join("Grace");
    try (Chromium bare = Chromium.launch("--use-fake-device-for-media-stream=device-count=0")) {
      ChromiumParticipant ada = call.enter("Ada", bare.browser());

      ada.page().navigate(call.address("Ada", Call.SMALL));

      ada.isTold("No camera was found.");
      Reception reception = new Reception();
      grace.sees(
          "no picture of Ada, but her sound",
          sight -> sight.shows("Ada") && reception.isHeard(sight.tile("Ada")));
      ada.seesMoving("Grace");
      call.left(ada);
    }
  }

  @Test
  void anInsecureOriginIsExplained(Call call) {
    QuietConsole.mayRead(
        "The Cross-Origin-Opener-Policy header has been ignored, because the URL's origin was"
            + " untrustworthy. It was defined either in the final response or a redirect. Please"
            + " deliver the response using the HTTPS protocol. You can also use the 'localhost'"
            + " origin instead. See /TR/powerful-features/#potentially-trustworthy-origin and"
            + " /#the-cross-origin-opener-policy-header. at /",
        "the page is opened over plain http on purpose");
    ChromiumParticipant ada = call.enter("Ada");
    String address = call.address("Ada", Call.SMALL);

    ada.page().navigate(address.replace("127.0.0.1", Chromium.INSECURE_HOST));

    ada.isTold(
        "This page was opened over plain http, so the browser gives it no camera or microphone."
            + " Open it by https, or on localhost.");
  }

  @Test
  void aServerThatIsGoneIsSaidSo(Call call) {
    ChromiumParticipant ada = call.enter("Ada");
    ada.page().navigate(call.base() + "/?room=lobby&name=Ada");
    call.stopServer();

    ada.press("join");

    ada.sees(
        "that the server is gone",
        sight ->
            sight
                .error()
                .equals("The server does not answer. Check the connection, then try again."));
  }
}
