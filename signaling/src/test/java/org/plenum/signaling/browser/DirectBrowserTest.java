package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.plenum.signaling.config.ServerConfig;

/// Two who are alone in a room talk directly, and go back to the server without anybody noticing.
@Tag("browser")
class DirectBrowserTest {
  private static final String VIDEO = "640x360@15";

  private static final String STATE =
      """
      (async () => {
        const { direct, send } = await plenum.stats();
        const tile = document.querySelector('.tile:not(.self)');
        const { receive, pair } = await plenum.counters();
        return JSON.stringify({
          direct,
          pair,
          sign: !tile?.querySelector('.direct')?.hidden,
          paths: receive.filter(({ track }) => track).map(({ path }) => path ?? 'server'),
          send,
        });
      })()""";

  @RegisterExtension
  private final CallExtension calls =
      new CallExtension(() -> ServerConfig.forTests().withDirect(true));

  @Test
  void twoGoDirectAndAThirdIsNotNoticed(Call call) {
    ChromiumParticipant ada = call.join("Ada", VIDEO);
    ada.sees("the call", sight -> !sight.participant().isEmpty());
    ChromiumParticipant grace = call.join("Grace", VIDEO);
    goesDirect(ada);
    goesDirect(grace);
    ada.screenshot("direct");

    for (int i = 0; i < rounds(); i++) {
      FrameGap adas = new FrameGap(ada, "Grace");
      FrameGap graces = new FrameGap(grace, "Ada");
      ChromiumParticipant linus = call.join("Linus", Call.TINY);
      linus.seesAndHears("Ada", "Grace");
      assertEquals("server", path(ada));
      System.err.println(
          "round " + i + ": third came, gaps " + adas.mostMillis() + " and " + graces.mostMillis());
      call.left(linus);
      goesDirect(ada);
      goesDirect(grace);
      System.err.println(
          "round "
              + i
              + ": third left, gaps "
              + adas.mostMillis()
              + " and "
              + graces.mostMillis()
              + " frames "
              + adas.frames());
      assertTrue(adas.frames() > 0, "it was counted");
    }
  }

  @Test
  void mutesScreensAndModerationHoldInADirectCall(Call call) throws Exception {
    ChromiumParticipant ada = call.join("Ada");
    ada.sees("the call", sight -> !sight.participant().isEmpty());
    ChromiumParticipant grace = call.join("Grace");
    goesDirect(ada);
    goesDirect(grace);
    eventually("no picture of the server's", () -> sentToServer(grace), sent -> sent.equals("0"));

    grace.evaluate("plenum.setMuted('camera', true)");
    ada.seesTile("Grace", "without a picture", tile -> !tile.withPicture());
    grace.evaluate("plenum.setMuted('camera', false)");
    moves(ada, TILE);
    grace.evaluate(SHARE);
    moves(ada, ".tile.screen");
    goesDirect(ada);
    ada.screenshot("direct-screen");
    grace.evaluate("plenum.unpublish('screen')");
    eventually("no screen", () -> ada.evaluate(COUNT_SCREENS), count -> count.equals("0"));

    String participant = grace.evaluate("plenum.participant");
    assertEquals(200, silence(call, participant, "[\"microphone\"]"));
    eventually(
        "a microphone that is off", () -> grace.evaluate(MUTED), muted -> muted.equals("true"));
    eventually("no sound of Grace", () -> ada.evaluate(HEARD), heard -> heard.equals("false"));
    assertEquals(200, silence(call, participant, "[]"));
    grace.evaluate("plenum.setMuted('microphone', false)");
    eventually("sound of Grace", () -> ada.evaluate(HEARD), heard -> heard.equals("true"));
    goesDirect(ada);

    ada.evaluate("plenum.allowDirect(false)");
    eventually("the server's path", () -> path(grace), path -> path.equals("server"));
    ada.seesAndHears("Grace");
    grace.seesAndHears("Ada");
  }

  /// As root: the packets between the two are dropped, and no others.
  @Test
  void whatIsBlockedBetweenTheTwoGoesByTheServer(Call call) throws Exception {
    ChromiumParticipant ada = call.join("Ada", VIDEO);
    ada.sees("the call", sight -> !sight.participant().isEmpty());
    ChromiumParticipant grace = call.join("Grace", VIDEO);
    goesDirect(ada);
    goesDirect(grace);
    try (Blockade blockade =
        new Blockade(ada.evaluate("probe.ports()"), grace.evaluate("probe.ports()"))) {
      FrameGap adas = new FrameGap(ada, "Grace");
      FrameGap graces = new FrameGap(grace, "Ada");
      blockade.begin();
      eventually("the server's path", () -> path(ada), path -> path.equals("server"));
      ada.seesAndHears("Grace");
      grace.seesAndHears("Ada");
      System.err.println(
          "blocked: gaps " + adas.mostMillis() + " and " + graces.mostMillis() + " ms");
    }
    assertTrue(call.counted().contains("plenum_direct_calls_failed_total 1.0"), call.counted());
  }

  /// What the page makes of times and packets, without a connection.
  @Test
  void watchTellsALostPathFromAnotherTrouble(Call call) {
    ChromiumParticipant ada = call.enter("Ada");
    ada.page().navigate(call.base());
    assertEquals("", ada.evaluate(Probe.read("direct-watch.js")));
  }

  private static final String TILE = ".tile:not(.self):not(.screen)";
  private static final String COUNT_SCREENS = "document.querySelectorAll('.tile.screen').length";
  private static final String MUTED = "plenum.isMuted('microphone')";
  private static final String HEARD =
      "plenum.counters().then(({ receive }) => receive.some((stream) =>"
          + " stream.path === 'direct' && stream.source === 'microphone' && stream.track))";

  /// A picture that changes, in place of a screen.
  private static final String SHARE =
      """
      (() => {
        const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
        const context = canvas.getContext('2d');
        let n = 0;
        setInterval(() => {
          context.fillStyle = `hsl(${n += 7} 80% 50%)`;
          context.fillRect(0, 0, 320, 180);
        }, 100);
        plenum.publish(canvas.captureStream(10).getVideoTracks()[0], 'screen');
        return true;
      })()""";

  /// Waits until an element's picture moves.
  private static void moves(Participant viewer, String tile) {
    String read =
        "document.querySelector('%s video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0";
    int before = Integer.parseInt(viewer.evaluate(read.formatted(tile)));
    eventually(
        "frames in " + tile,
        () -> Integer.parseInt(viewer.evaluate(read.formatted(tile))),
        frames -> frames > before + 3);
  }

  /// How many encodings of the camera are sent to the server.
  private static String sentToServer(Participant who) {
    return who.evaluate(
        "plenum.serverCounters().then((counters) => counters === null ? '' : "
            + "String(window.former === (window.former = JSON.stringify(counters.layers"
            + ".filter(({ source }) => source === 'camera').map(({ packets }) => packets))) ? 0 : 1))");
  }

  private static int silence(Call call, String participant, String sources) throws Exception {
    URI uri = URI.create(call.base() + "/api/v1/rooms/lobby/participants/" + participant);
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(uri)
                  .header("Content-Type", "application/json")
                  .method("PATCH", BodyPublishers.ofString("{\"silenced\":" + sources + "}"))
                  .build(),
              BodyHandlers.ofString())
          .statusCode();
    }
  }

  private static int rounds() {
    return Integer.getInteger("plenum.direct.rounds", 2);
  }

  private static void goesDirect(Participant who) {
    eventually(
        who.name() + " to talk directly",
        () -> Probe.parse(who.evaluate(STATE)),
        state -> !state.path("direct").isNull() && state.path("sign").asBoolean());
  }

  private static String path(Participant who) {
    JsonNode state = Probe.parse(who.evaluate(STATE));
    return state.path("direct").isNull() ? "server" : "direct";
  }
}
