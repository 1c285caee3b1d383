package org.plenum.signaling.browser;

import static org.plenum.signaling.browser.Eventually.eventually;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The client of web-demo/README.md does what the README says.
@Tag("browser")
@ExtendWith(CallExtension.class)
class ExampleBrowserTest {
  private static final Path README = Path.of("..", "web-demo", "README.md");

  /// A page that no server sent is taken for one from the internet, which may not speak to this
  /// host.
  private static final List<String> PERMISSIONS =
      List.of("camera", "microphone", "local-network-access");

  private static final String PLAYING =
      """
      [...document.querySelectorAll('#tiles video')]
        .filter((video) => video.videoWidth > 0 && !video.paused).length""";

  @Test
  void theReadmesClientSeesAndIsSeen(Call call) throws IOException {
    ChromiumParticipant grace = call.join("Grace");
    grace.sees("the call", sight -> sight.state().equals("connected"));
    ChromiumParticipant ada = call.enter("Ada", PERMISSIONS);
    Page page = ada.page();
    var answer = new Route.FulfillOptions().setContentType("text/html").setBody(example());
    page.route("**/example", route -> route.fulfill(answer));

    page.navigate(call.base() + "/example");

    grace.seesAndHears("Ada");
    eventually("Grace's picture", () -> ada.evaluate(PLAYING), "1"::equals);
    grace.press("leave");
    eventually("no picture", () -> ada.evaluate(PLAYING), "0"::equals);
  }

  private static String example() throws IOException {
    String readme = Files.readString(README);
    int begin = readme.indexOf("```html") + "```html\n".length();
    return "<!doctype html>" + readme.substring(begin, readme.indexOf("```", begin));
  }
}
