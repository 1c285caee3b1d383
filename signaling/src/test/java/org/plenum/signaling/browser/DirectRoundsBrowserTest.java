package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.plenum.signaling.config.ServerConfig;

/// Two talk directly, and a third comes and goes twenty times: the two go back to the server and
/// directly again each time, and nothing of it is left in their pages or at the server.
@Tag("browser")
@Tag("slow")
class DirectRoundsBrowserTest {
  private static final int ROUNDS = Integer.getInteger("plenum.direct.rounds", 20);

  /// A direct call is over for ten seconds before the next; what tells a page of it may be late.
  private static final int PAUSE_MILLIS = 10_000;

  private static final int LATE_MILLIS = 1_000;

  /// Of time-outs that happen to run, and of listeners: one for each round would be more.
  private static final int SLACK = 5;

  private static final Map<String, String> NEXT =
      Map.of("ended", "started", "started", "up", "up", "ended");

  private static final Set<String> GAUGES =
      Set.of(
          "plenum_rooms",
          "plenum_participants",
          "plenum_tracks",
          "plenum_slots",
          "plenum_turn_relays");

  private static final String HEARD =
      "plenum.counters().then(({ receive }) => String(receive.some((stream) =>"
          + " stream.path === 'direct' && stream.source === 'microphone' && stream.track)))";

  @RegisterExtension
  private final CallExtension calls =
      new CallExtension(() -> ServerConfig.forTests().withDirect(true));

  /// One of the two, and what their page held after the first round.
  private static final class Side {
    final ChromiumParticipant who;
    final String other;
    private JsonNode usual = Probe.parse("{}");
    private int usualListeners;

    Side(Call call, String name, String other) {
      this.who = call.enter(name);
      this.other = other;
      who.page().addInitScript(Probe.read("ledger.js"));
      who.page().navigate(call.address(name, Call.SMALL));
    }

    void goesDirect() {
      eventually(
          who.name() + " to talk directly",
          () -> who.evaluate("plenum.stats().then(({ direct }) => String(direct !== null))"),
          "true"::equals);
      moves();
      eventually("sound of " + other, () -> who.evaluate(HEARD), "true"::equals);
    }

    /// By whatever path: presented frames, counted from now.
    void moves() {
      FrameGap counted = new FrameGap(who, other);
      eventually("a picture of " + other + " that moves", counted::frames, frames -> frames > 5);
    }

    void goesByTheServer(String... everybodyElse) {
      who.seesAndHears(everybodyElse);
      assertEquals(
          "false", who.evaluate("plenum.stats().then(({ direct }) => String(direct !== null))"));
    }

    private JsonNode account() {
      return Probe.parse(who.evaluate("JSON.stringify(ledger.account())"));
    }

    void remember() {
      usual =
          eventually(
              "the call and the direct one", this::account, a -> a.get("connections").asInt() == 2);
      usualListeners = listeners();
    }

    void holdsNoMoreThanUsual() {
      eventually(
          who.name() + " to hold no more than " + usual,
          this::account,
          now ->
              usual.properties().stream()
                  .allMatch(
                      was ->
                          now.get(was.getKey()).asInt()
                              <= was.getValue().asInt()
                                  + (was.getKey().equals("timeouts") ? SLACK : 0)));
      int listeners = listeners();
      assertTrue(
          listeners <= usualListeners + SLACK,
          listeners + " listeners at the page of " + who.name() + ", not " + usualListeners);
    }

    /// As the browser counts them, once what nobody refers to is gone.
    private int listeners() {
      CDPSession session = who.page().context().newCDPSession(who.page());
      try {
        session.send("HeapProfiler.collectGarbage");
        session.send("Performance.enable");
        JsonObject metrics = session.send("Performance.getMetrics");
        return StreamSupport.stream(metrics.getAsJsonArray("metrics").spliterator(), false)
            .map(each -> each.getAsJsonObject())
            .filter(each -> each.get("name").getAsString().equals("JSEventListeners"))
            .findFirst()
            .orElseThrow()
            .get("value")
            .getAsInt();
      } finally {
        session.detach();
      }
    }

    /// What the server has said about direct calls: one after another, with the pause between them,
    /// and the last one goes on. A machine that stands still for a moment may lose a path too.
    void wasToldOfEach(int rounds) {
      JsonNode told = Probe.parse(who.evaluate("JSON.stringify(ledger.direct)"));
      System.err.println(who.name() + " was told " + told);
      List<String> wrong = new ArrayList<>();
      String before = "ended";
      int endedAt = 0;
      int ends = 0;
      for (JsonNode each : told) {
        String state = each.get("state").asText();
        int at = each.get("at").asInt();
        if (!state.equals(NEXT.get(before))) {
          wrong.add(state + " after " + before);
        }
        if (state.equals("started") && ends > 0 && at - endedAt < PAUSE_MILLIS - LATE_MILLIS) {
          wrong.add("direct again after " + (at - endedAt) + " ms");
        }
        endedAt = state.equals("ended") ? at : endedAt;
        ends += state.equals("ended") ? 1 : 0;
        before = state;
      }
      assertEquals(List.of(), wrong, told::toString);
      assertEquals("up", before, told::toString);
      assertTrue(ends >= rounds, told::toString);
    }
  }

  @Test
  void aThirdComesAndGoesTwentyTimes(Call call) {
    Side ada = new Side(call, "Ada", "Grace");
    ada.who.sees("the call", sight -> !sight.participant().isEmpty());
    Side grace = new Side(call, "Grace", "Ada");
    ada.goesDirect();
    grace.goesDirect();
    round(call, ada, grace, 0); // seats for a third stay
    ada.remember();
    grace.remember();
    String gauges = gauges(call);
    for (int i = 1; i < ROUNDS; i++) {
      round(call, ada, grace, i);
      ada.holdsNoMoreThanUsual();
      grace.holdsNoMoreThanUsual();
      eventually("no more at the server", () -> gauges(call), gauges::equals);
    }
    ada.wasToldOfEach(ROUNDS);
    grace.wasToldOfEach(ROUNDS);
  }

  /// The third says goodbye, or is gone without a word, which the server finds out 20 s later.
  private static void round(Call call, Side ada, Side grace, int number) {
    ChromiumParticipant linus = call.join("Linus", Call.TINY);
    linus.seesAndHears("Ada", "Grace");
    ada.goesByTheServer("Grace", "Linus");
    grace.goesByTheServer("Ada", "Linus");
    if (number % 2 == 0) {
      linus.press("leave");
    }
    call.left(linus);
    ada.moves(); // by the server, until the pause is over
    grace.moves();
    ada.goesDirect();
    grace.goesDirect();
  }

  private static String gauges(Call call) {
    return call.counted()
        .lines()
        .filter(line -> GAUGES.contains(line.split(" ")[0]))
        .collect(Collectors.joining("\n"));
  }
}
