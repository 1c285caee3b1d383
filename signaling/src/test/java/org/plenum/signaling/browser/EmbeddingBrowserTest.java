package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.plenum.signaling.config.ServerConfig;

/// The call as a part of another site, which tells it what to do.
@Tag("browser")
class EmbeddingBrowserTest {
  /// Two sites, one of which the server names.
  private static final HttpServer SITE = site();

  private static final HttpServer STRANGER = site();

  /// What they serve; it is known when the server has a port.
  private static volatile String served = "";

  private static final String PAGE =
      """
      <!doctype html><title>A course</title><h1>A course</h1>
      <div id="call" style="width: 800px; height: 500px"></div>
      <script type="module">
        import { PlenumFrame } from '%1$s/plenum-frame.js';
        window.told = [];
        window.frame = new PlenumFrame(document.getElementById('call'));
        for (const type of ['state', 'joined', 'left', 'chat', 'published']) {
          frame.addEventListener(type, ({ detail }) => told.push({ type, ...detail }));
        }
      </script>""";

  @RegisterExtension
  static final CallExtension CALLS =
      new CallExtension(
          () ->
              ServerConfig.forTests()
                  .with(
                      new ServerConfig.Web(
                          List.of(),
                          List.of(),
                          List.of(origin(SITE)),
                          "",
                          null,
                          null,
                          false,
                          false,
                          null)));

  @AfterAll
  static void stop() {
    SITE.stop(0);
    STRANGER.stop(0);
  }

  @Test
  void anotherSiteHoldsACallByTenVerbs(Call call) {
    ChromiumParticipant grace = call.join("Grace");
    grace.sees("the call", sight -> sight.state().equals("connected"));
    ChromiumParticipant site = call.enter("site");
    Page page = site.page();
    open(site, SITE, call);
    FrameLocator inside = page.frameLocator("iframe");
    assertEquals("{\"state\":\"closed\"}", asked(site, "state()"));
    assertEquals("null", asked(site, "join({ room: 'lobby', name: 'Ada' })"));
    grace.isTold("Ada joined");
    grace.seesAndHears("Ada");
    assertThat(inside.getByTestId("tile")).hasCount(1);
    assertThat(inside.locator("#mini-item")).hasAttribute("hidden", "");
    assertThat(page.locator("iframe"))
        .hasAttribute(
            "allow", Pattern.compile("clipboard-write " + call.base().replace(".", "\\.")));

    assertEquals("null", asked(site, "microphone(false)"));
    grace.seesTile("Ada", "muted", Sight.Tile::soundOff);
    assertEquals("null", asked(site, "microphone(true)"));
    assertThat(inside.locator("#notices"))
        .containsText("The page around this call turned your microphone on.");
    assertEquals("null", asked(site, "camera(false)"));
    grace.seesTile("Ada", "without a picture", tile -> !tile.withPicture());
    page.frames().get(1).evaluate(HostsBrowserTest.SCREEN);
    assertEquals("null", asked(site, "screen(true)"));
    assertThat(grace.page().getByTestId("screen")).hasCount(1);
    assertThat(inside.locator("#notices"))
        .containsText("The page around this call turned your screen on.");
    assertEquals("null", asked(site, "screen(false)"));
    assertThat(grace.page().getByTestId("screen")).hasCount(0);
    assertEquals("null", asked(site, "hand(true)"));
    grace.isTold("Ada raised a hand");
    assertEquals("null", asked(site, "say('Hello from the course')"));
    grace.isTold("Ada: Hello from the course");
    assertEquals("null", asked(site, "layout('speaker')"));
    assertThat(inside.locator("#screens > .tile")).hasCount(1);
    assertEquals("null", asked(site, "panel('chat')"));
    assertThat(inside.getByTestId("chat")).isVisible();
    assertEquals("null", asked(site, "panel('none')"));
    assertEquals(List.of(), Axe.violations(page.frames().get(1)));
    site.screenshot("embedded");
    String state = asked(site, "state()");
    assertTrue(state.contains("\"name\":\"Grace\"") && state.contains("\"hand\":true"), state);

    assertEquals(
        "error: layout must be one of grid, speaker, it is \"tiny\"",
        asked(site, "layout('tiny')"));
    assertEquals(
        "error: on must be true or false, it is \"yes\"", asked(site, "microphone('yes')"));
    assertEquals("error: there is a call already", asked(site, "join({ room: 'x', name: 'Y' })"));
    assertEquals("null", asked(site, "leave()"));
    grace.isTold("Ada left");
    assertEquals("error: there is no call", asked(site, "hand(true)"));
    String told = site.evaluate("JSON.stringify(told)");
    for (String each :
        List.of(
            "\"state\":\"connected\"",
            "\"text\":\"Hello from the course\"",
            "\"type\":\"published\"")) {
      assertTrue(told.contains(each), () -> each + " in " + told);
    }
  }

  @Test
  void theDevicesOfTheFormCloseWhenTheSiteJoins(Call call) {
    ChromiumParticipant site = watched(call);
    site.evaluate("void (frame.element.src = '%s/r/lobby?embed')".formatted(call.base()));
    assertThat(site.page().frameLocator("iframe").getByTestId("join")).isVisible();
    eventually("the form's own", () -> live(site), "audio,video"::equals);
    assertEquals("null", asked(site, "join({ room: 'lobby', name: 'Ada' })"));
    Locator notices = site.page().frameLocator("iframe").locator("#notices");
    assertThat(notices).containsText("The page around this call turned your microphone on.");
    assertThat(notices).containsText("The page around this call turned your camera on.");
    eventually("one of each", () -> live(site), "audio,video"::equals);
    assertEquals("null", asked(site, "leave()"));
    eventually("none", () -> live(site), ""::equals);
  }

  @Test
  void aRefusedJoinShowsNoFormAndOpensNothing(Call call) {
    ChromiumParticipant grace = call.join("Grace");
    grace.sees("the call", sight -> sight.state().equals("connected"));
    grace.evaluate(
        "import('/plenum-client.js').then(({ Moderation }) => new Moderation('lobby').lock(true))");
    ChromiumParticipant site = watched(call);
    String refused = asked(site, "join({ room: 'lobby', name: 'Ada' })");
    assertTrue(refused.startsWith("error: "), refused);
    FrameLocator inside = site.page().frameLocator("iframe");
    assertThat(inside.locator("#alerts")).containsText("The room is locked.");
    assertThat(inside.locator("#lobby")).isHidden();
    eventually("none", () -> live(site), ""::equals);
  }

  @Test
  void twoQuickJoinsMakeOneCallAndLeavingEndsAJoining(Call call) {
    ChromiumParticipant site = watched(call);
    assertEquals(
        "fulfilled,there is a call already",
        settled(
            site,
            "frame.join({ room: 'lobby', name: 'Ada' })",
            "frame.join({ room: 'lobby', name: 'Ada' })"));
    eventually("one of each", () -> live(site), "audio,video"::equals);
    assertEquals("null", asked(site, "leave()"));
    eventually("none", () -> live(site), ""::equals);

    assertEquals(
        "it was left before it began,fulfilled",
        settled(site, "frame.join({ room: 'lobby', name: 'Ada' })", "frame.leave()"));
    eventually("none", () -> live(site), ""::equals);
    assertEquals("{\"state\":\"closed\"}", asked(site, "state()"));
    assertEquals("null", asked(site, "join({ room: 'lobby', name: 'Ada' })"));
  }

  @Test
  void theExampleOfTheDocumentsHoldsACall(Call call) throws IOException {
    String example = Files.readString(Path.of("..", "docs", "embedding-example.html"));
    served = example.replace("http://localhost:8080", call.base()).replace("maths-4b", "lobby");
    ChromiumParticipant grace = call.join("Grace");
    ChromiumParticipant site = call.enter("site");
    Page page = site.page();
    page.navigate(origin(SITE) + "/course");
    page.locator("#join").click();
    grace.seesAndHears("Ada");
    assertThat(page.locator("#people")).hasText("Grace");
    page.locator("#mute").click();
    grace.seesTile("Ada", "muted", Sight.Tile::soundOff);
    page.locator("#hand").click();
    grace.isTold("Ada raised a hand");
    assertEquals(List.of(), Axe.violations(page));
    page.locator("#leave").click();
    grace.isTold("Ada left");
    assertThat(page.locator("#join")).isEnabled();
  }

  @Test
  void whoIsNotNamedMayNotFrameThePage(Call call) {
    QuietConsole.mayRead(
        "Framing '/' violates the following Content Security Policy directive:"
            + " \"frame-ancestors 'self' \". The request has been blocked.",
        "the site frames a page that it may not");
    ChromiumParticipant stranger = call.enter("stranger");
    open(stranger, STRANGER, call);
    eventually(
        "a frame that stays empty",
        () -> String.valueOf(stranger.page().frames().get(1).url().startsWith("chrome-error")),
        "true"::equals);
    stranger.evaluate(
        "void ((wait) => (window.setTimeout = (act, millis, ...rest) => wait(act, millis / 100, ...rest)))(setTimeout)");
    assertEquals(
        "error: state: the frame did not load within 30000 ms; may this page frame it?",
        asked(stranger, "state()"));
    assertEquals(
        "rejected",
        stranger.evaluate(
            "(frame.waiting = Promise.allSettled([frame.state()]), frame.close(), frame.waiting.then(([each]) => each.status))"));
    assertEquals("error: the frame was closed", asked(stranger, "state()"));
  }

  /// A site of which is known what devices are open in its frame.
  private static ChromiumParticipant watched(Call call) {
    ChromiumParticipant site = call.enter("site");
    site.page().addInitScript(DevicesBrowserTest.WATCH);
    open(site, SITE, call);
    return site;
  }

  private static String live(ChromiumParticipant site) {
    return String.valueOf(site.page().frames().get(1).evaluate(DevicesBrowserTest.LIVE));
  }

  /// What came of wishes that were told in one go.
  private static String settled(ChromiumParticipant site, String... wishes) {
    return site.evaluate(
        "Promise.allSettled([%s]).then((all) => String(all.map((each) => each.reason?.message ?? each.status)))"
            .formatted(String.join(", ", wishes)));
  }

  private static void open(ChromiumParticipant participant, HttpServer site, Call call) {
    served = PAGE.formatted(call.base());
    participant.page().navigate(origin(site) + "/course");
    eventually("a frame", () -> participant.evaluate("typeof window.frame"), "object"::equals);
  }

  private static String origin(HttpServer site) {
    return "http://127.0.0.1:" + site.getAddress().getPort();
  }

  private static HttpServer site() {
    try {
      var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
      server.createContext(
          "/",
          exchange -> {
            byte[] page = served.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
          });
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String asked(ChromiumParticipant site, String what) {
    return site.evaluate(
        "frame.%s.then(JSON.stringify, (error) => `error: ${error.message}`)".formatted(what));
  }
}
