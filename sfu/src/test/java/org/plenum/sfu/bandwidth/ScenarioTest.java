package org.plenum.sfu.bandwidth;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// What a viewer's bad network must not do to their call, on virtual time. Each scenario runs with
/// five seeds; the worst of them counts, and is what docs/bandwidth.md keeps.
class ScenarioTest {
  private static final int SEEDS = 5;
  private static final long ENDLESS = 1L << 40;
  private static final List<String> ROWS = new ArrayList<>();

  @AfterAll
  static void print() {
    System.out.println("| scenario | figure | worst of five | bound |");
    System.out.println("|---|---|---|---|");
    ROWS.stream().sorted().forEach(System.out::println);
  }

  /// One run of a scenario; figures go to the table by name, the worst of all seeds.
  private interface Run {
    double figure(Simulation time, long seed);
  }

  private static void atMost(double bound, String scenario, String figure, Run run) {
    double worst = Double.NEGATIVE_INFINITY;
    for (int seed = 1; seed <= SEEDS; seed++) {
      worst = Math.max(worst, run.figure(new Simulation(), 1_000L * seed));
    }
    judge(worst <= bound, scenario, figure, worst, "≤ " + bound);
  }

  private static void atLeast(double bound, String scenario, String figure, Run run) {
    double worst = Double.POSITIVE_INFINITY;
    for (int seed = 1; seed <= SEEDS; seed++) {
      worst = Math.min(worst, run.figure(new Simulation(), 1_000L * seed));
    }
    judge(worst >= bound, scenario, figure, worst, "≥ " + bound);
  }

  private static void judge(
      boolean good, String scenario, String figure, double worst, String bound) {
    String row =
        String.format(Locale.ROOT, "| %s | %s | %.2f | %s |", scenario, figure, worst, bound);
    ROWS.add(row);
    assertTrue(good, row);
  }

  /// 3 Mb/s, 0.5 Mb/s from 20 to 40 s, 3 Mb/s again.
  private static Link narrowing(Simulation time, long seed) {
    return new Link(time, seed, 3e6).rateAt(20, 0.5e6).rateAt(40, 3e6);
  }

  private static MediaFlow flow(Simulation time, long seed, Link link) {
    return new MediaFlow(time, seed + 2, link, new Link(time, seed + 1, 50e6), 20);
  }

  private static final double[] LAYERS = {150e3, 500e3, 1_700e3};

  @Test
  void aQueueOfOursDrainsWithinTwoSeconds() {
    for (boolean layered : new boolean[] {true, false}) {
      atMost(
          2,
          "3 → 0.5 Mb/s, " + (layered ? "layers" : "encoder"),
          "queue above 100 ms until, s",
          (time, seed) -> {
            Link link = narrowing(time, seed);
            MediaFlow flow = flow(time, seed, link).demand(2.5e6);
            if (layered) {
              flow.layers(LAYERS);
            }
            flow.startAt(0);
            time.runUntil(40);
            return link.queueingMillis.lastAbove(100, 20, 30) - 20;
          });
    }
  }

  @Test
  void aNarrowLinkIsUsed() {
    atLeast(
        0.85,
        "3 → 0.5 Mb/s, encoder",
        "link used, 20–40 s",
        (time, seed) -> {
          Link link = narrowing(time, seed);
          MediaFlow flow = flow(time, seed, link).demand(2.5e6).startAt(0);
          time.runUntil(40);
          return flow.received(20, 40) / 0.5e6;
        });
    atLeast(
        0.85,
        "3 → 0.5 Mb/s, layers",
        "mean estimate of the link, 22–40 s",
        (time, seed) -> {
          Link link = narrowing(time, seed);
          MediaFlow flow = flow(time, seed, link).layers(LAYERS).startAt(0);
          time.runUntil(40);
          return flow.target.mean(22, 40) / 0.5e6;
        });
    atMost(
        150,
        "3 → 0.5 Mb/s, encoder",
        "packets dropped by the queue",
        (time, seed) -> {
          Link link = narrowing(time, seed);
          flow(time, seed, link).demand(2.5e6).startAt(0);
          time.runUntil(40);
          return link.dropped;
        });
  }

  @Test
  void whatIsWantedIsUsableSoonAfterALinkIsBack() {
    for (boolean layered : new boolean[] {true, false}) {
      atMost(
          4,
          "back to 3 Mb/s, " + (layered ? "layers" : "encoder"),
          "top usable after, s",
          (time, seed) -> {
            Link link = narrowing(time, seed);
            MediaFlow flow = flow(time, seed, link).demand(2.5e6);
            if (layered) {
              flow.layers(LAYERS);
            }
            flow.startAt(0);
            time.runUntil(60);
            double wanted = layered ? 1.74e6 : 2.4e6;
            return flow.target.firstWithin(wanted, 1e9, 40) - 40;
          });
    }
  }

  @Test
  void aJoinOnANarrowLinkDoesNotFlood() {
    atMost(
        300,
        "join on 1 Mb/s",
        "longest queue in 5 s, ms",
        (time, seed) -> {
          Link link = new Link(time, seed, 1e6);
          flow(time, seed, link).layers(LAYERS).startAt(0);
          time.runUntil(5);
          return link.queueingMillis.max(0, 5);
        });
    atMost(
        1,
        "join on 1 Mb/s",
        "middle layer (500 kb/s) usable after, s",
        (time, seed) -> {
          Link link = new Link(time, seed, 1e6);
          MediaFlow flow = flow(time, seed, link).layers(LAYERS).startAt(0);
          time.runUntil(20);
          assertTrue(flow.target.min(2, 20) > 540e3, "the middle layer flaps");
          return flow.target.firstWithin(540e3, 1.2e6, 0);
        });
  }

  @Test
  void aCleanLinkIsFoundAtOnce() {
    atMost(
        1,
        "clean 10 Mb/s",
        "2.5 Mb/s usable after, s",
        (time, seed) -> {
          Link link = new Link(time, seed, 10e6);
          MediaFlow flow = flow(time, seed, link).demand(2.5e6).startAt(0);
          time.runUntil(30);
          assertTrue(flow.target.min(2, 30) > 2.4e6, "the estimate flaps");
          return flow.target.firstWithin(2.4e6, 1e9, 0);
        });
  }

  @Test
  void randomLossDoesNotSlowDown() {
    for (double loss : new double[] {0.05, 0.1, 0.15}) {
      atLeast(
          loss == 0.05 ? 2.25 : 1.5,
          "random loss of " + (int) (100 * loss) + " % both ways",
          "mean estimate of 2.5 Mb/s wanted, 5–60 s",
          (time, seed) -> {
            Link link = new Link(time, seed, 10e6).loss(loss);
            Link back = new Link(time, seed + 1, 10e6).loss(loss);
            var flow = new MediaFlow(time, seed + 2, link, back, 20).demand(2.5e6).startAt(0);
            time.runUntil(60);
            return Math.min(2.5, flow.target.mean(5, 60) / 1e6);
          });
    }
  }

  @Test
  void aFarViewerWithJitterHasTheirLink() {
    atLeast(
        2.25,
        "200 ms RTT, 30 ms jitter, 5 Mb/s",
        "least estimate (1 s mean) of 2.5 Mb/s wanted, 5–60 s",
        (time, seed) -> {
          Link link = new Link(time, seed, 5e6).jitter(30);
          Link back = new Link(time, seed + 1, 10e6).jitter(30);
          var flow = new MediaFlow(time, seed + 2, link, back, 100).demand(2.5e6).startAt(0);
          time.runUntil(60);
          double least = 1e12;
          for (int second = 5; second < 60; second++) {
            least = Math.min(least, flow.target.mean(second, second + 1));
          }
          return least / 1e6;
        });
  }

  @Test
  void aDownloadBesideTakesItsShareOnly() {
    Run share =
        (time, seed) -> {
          Link link = new Link(time, seed, 3e6);
          Link back = new Link(time, seed + 1, 50e6);
          var flow = new MediaFlow(time, seed + 2, link, back, 20).demand(2.5e6).startAt(0);
          new TcpFlow(time, link, back, 20).startAt(10, ENDLESS);
          time.runUntil(100);
          return 100 * flow.received(15, 100) / 3e6;
        };
    atLeast(25, "one CUBIC on 3 Mb/s", "share, % (least)", share);
    atMost(75, "one CUBIC on 3 Mb/s", "share, % (most)", share);
  }

  @Test
  void anotherViewerBesideTakesTheirShareOnly() {
    Run share =
        (time, seed) -> {
          Link link = new Link(time, seed, 3e6);
          Link back = new Link(time, seed + 1, 50e6);
          var flow = new MediaFlow(time, seed + 2, link, back, 20).demand(2.5e6).startAt(0);
          var other = new MediaFlow(time, seed + 3, link, back, 20).demand(2.5e6).startAt(10);
          time.runUntil(100);
          return 100 * other.received(20, 100) / (other.received(20, 100) + flow.received(20, 100));
        };
    atLeast(25, "another viewer on 3 Mb/s", "share, % (least)", share);
    atMost(75, "another viewer on 3 Mb/s", "share, % (most)", share);
  }

  @Test
  void aLongerPathIsNotAQueue() {
    atLeast(
        1.5,
        "latency 20 → 150 ms",
        "estimate 4 s after, Mb/s of 2 sent",
        (time, seed) -> {
          Link link = new Link(time, seed, 5e6).longerAt(20, 130);
          var flow = flow(time, seed, link).demand(2e6).startAt(0);
          time.runUntil(30);
          return flow.target.min(24, 30) / 1e6;
        });
  }

  @Test
  void anOutageEndsWithinSeconds() {
    atMost(
        3,
        "nothing arrives for 3 s",
        "2.4 Mb/s usable after, s",
        (time, seed) -> {
          Link link = new Link(time, seed, 5e6).downAt(20, 23);
          var flow = flow(time, seed, link).demand(2.5e6).startAt(0);
          time.runUntil(40);
          return flow.target.firstWithin(2.4e6, 1e9, 23) - 23;
        });
  }

  @Test
  void aWideLinkAfterANarrowOneIsFound() {
    // The bars of another open implementation's own tests: 10 → 0.8 (20 ms jitter) → 10 Mb/s.
    Run narrow =
        (time, seed) -> {
          Link link = wideNarrowWide(time, seed);
          var flow = flow(time, seed, link).demand(5e6).startAt(0);
          time.runUntil(35);
          return flow.target.mean(25, 35) / 1e3;
        };
    atLeast(500, "10 → 0.8 → 10 Mb/s", "estimate on 0.8 Mb/s, kb/s (least)", narrow);
    atMost(800, "10 → 0.8 → 10 Mb/s", "estimate on 0.8 Mb/s, kb/s (most)", narrow);
    atMost(
        8,
        "10 → 0.8 → 10 Mb/s",
        "5 Mb/s usable after, s",
        (time, seed) -> {
          Link link = wideNarrowWide(time, seed);
          var flow = flow(time, seed, link).demand(5e6).startAt(0);
          time.runUntil(60);
          return flow.target.firstWithin(4.8e6, 1e9, 35) - 35;
        });
  }

  private static Link wideNarrowWide(Simulation time, long seed) {
    return new Link(time, seed, 10e6).jitter(20).rateAt(20, 0.8e6).rateAt(35, 10e6);
  }
}
