package org.plenum.sfu.bandwidth;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// The test cases of RFC 8867 §5 on virtual time. Each prints its numbers; docs/bandwidth.md keeps
/// them.
class RmcatTest {
  private static final List<String> ROWS = new ArrayList<>();
  private static final double UNBOUNDED = 1L << 50;

  private final Simulation time = new Simulation();

  @AfterAll
  static void print() {
    System.out.println(
        "| case | what | link kb/s | estimate kb/s | received kb/s | queue ms mean/p95 |");
    System.out.println("|---|---|---|---|---|---|");
    ROWS.stream().sorted().forEach(System.out::println);
  }

  private static void row(
      String name, String what, double bps, MediaFlow flow, Link link, double from, double to) {
    ROWS.add(
        String.format(
            Locale.ROOT,
            "| %s | %s, %.0f–%.0f s | %.0f | %.0f | %.0f | %.0f/%.0f |",
            name,
            what,
            from,
            to,
            bps / 1e3,
            flow.target.mean(from, to) / 1e3,
            flow.received(from, to) / 1e3,
            link.queueingMillis.mean(from, to),
            link.queueingMillis.percentile(95, from, to)));
  }

  private Link wide() {
    return new Link(time, 99, 100e6);
  }

  private static void near(double expected, double actual, String what) {
    assertTrue(
        actual > 0.8 * expected && actual < 1.2 * expected,
        () -> what + ": expected within 20 % of " + expected + ", was " + actual);
  }

  @Test
  void followsACapacityThatChanges() {
    var delays = List.of(50, 100);
    for (int delay : delays) {
      var time = new Simulation();
      var link = new Link(time, 1, 1e6).rateAt(40, 2.5e6).rateAt(60, 0.6e6).rateAt(80, 1e6);
      var flow = new MediaFlow(time, 3, link, new Link(time, 2, 100e6), delay).startAt(0);
      time.runUntil(100);
      String name = "5.1 (" + delay + " ms)";
      double[] from = {10, 45, 65, 88};
      double[] to = {40, 60, 80, 100};
      double[] bps = {1e6, 2.5e6, 0.6e6, 1e6};
      for (int i = 0; i < 4; i++) {
        row(name, "phase " + (i + 1), bps[i], flow, link, from[i], to[i]);
        near(bps[i], flow.target.mean(from[i], to[i]), name + " phase " + (i + 1));
      }
    }
  }

  @Test
  void twoFlowsFollowACapacityThatChanges() {
    var link =
        new Link(time, 1, 4e6).rateAt(25, 2e6).rateAt(50, 3.5e6).rateAt(75, 1e6).rateAt(100, 2e6);
    var back = wide();
    var one = new MediaFlow(time, 3, link, back, 50).startAt(0);
    var two = new MediaFlow(time, 4, link, back, 50).startAt(0);
    time.runUntil(125);
    double[] from = {8, 33, 58, 83, 108};
    double[] to = {25, 50, 75, 100, 125};
    double[] bps = {4e6, 2e6, 3.5e6, 1e6, 2e6};
    for (int i = 0; i < 5; i++) {
      row("5.2", "flow 1", bps[i], one, link, from[i], to[i]);
      row("5.2", "flow 2", bps[i], two, link, from[i], to[i]);
    }
  }

  @Test
  void survivesACongestedWayBack() {
    var there = new Link(time, 1, 2e6).rateAt(20, 1e6).rateAt(40, 0.5e6).rateAt(60, 2e6);
    var back = new Link(time, 2, 2e6).rateAt(35, 0.8e6).rateAt(70, 2e6);
    var one = new MediaFlow(time, 3, there, back, 50).startAt(0);
    var two = new MediaFlow(time, 4, back, there, 50).startAt(0);
    time.runUntil(100);
    row("5.3", "there", 2e6, one, there, 8, 20);
    row("5.3", "there", 1e6, one, there, 25, 40);
    row("5.3", "there", 0.5e6, one, there, 45, 60);
    row("5.3", "there", 2e6, one, there, 70, 100);
    row("5.3", "back", 2e6, two, back, 8, 35);
    row("5.3", "back", 0.8e6, two, back, 42, 70);
    row("5.3", "back", 2e6, two, back, 80, 100);
  }

  @Test
  void threeOfAKindShareALink() {
    var link = new Link(time, 1, 3.5e6);
    var back = wide();
    var flows = new ArrayList<MediaFlow>();
    for (int i = 0; i < 3; i++) {
      flows.add(new MediaFlow(time, 3 + i, link, back, 50).startAt(20 * i));
    }
    time.runUntil(120);
    for (int i = 0; i < 3; i++) {
      row("5.4", "flow " + (i + 1), 3.5e6 / 3, flows.get(i), link, 60, 120);
    }
  }

  @Test
  void sharesAcrossRoundTripTimes() {
    var link = new Link(time, 1, 4e6);
    var back = wide();
    double[] delays = {10, 25, 50, 100, 150};
    var flows = new ArrayList<MediaFlow>();
    for (int i = 0; i < 5; i++) {
      flows.add(new MediaFlow(time, 3 + i, link, back, delays[i]).startAt(10 * i));
    }
    time.runUntil(300);
    for (int i = 0; i < 5; i++) {
      row("5.5", delays[i] + " ms", 4e6 / 5, flows.get(i), link, 100, 300);
    }
  }

  @Test
  void livesBesideALongDownload() {
    for (int queue : new int[] {300, 1000}) {
      var time = new Simulation();
      var link = new Link(time, 1, 2e6).queue(queue);
      var back = new Link(time, 2, 100e6);
      var flow = new MediaFlow(time, 3, link, back, 50).startAt(5);
      var tcp = new TcpFlow(time, link, back, 50).startAt(0, 1L << 50).stopAt(119);
      time.runUntil(120);
      row(
          "5.6 (" + queue + " ms)",
          "beside TCP at " + (int) (tcp.received(30, 119) / 1e3),
          1e6,
          flow,
          link,
          30,
          119);
    }
  }

  @Test
  void livesBesideShortDownloads() {
    var link = new Link(time, 1, 2e6);
    var back = wide();
    var one = new MediaFlow(time, 3, link, back, 50).startAt(0);
    var two = new MediaFlow(time, 4, link, back, 50).startAt(0);
    var random = new java.util.Random(5);
    for (int i = 0; i < 10; i++) {
      for (double at = 20 + random.nextDouble() * 10;
          at < 300;
          at += 5 - 10 * Math.log(1 - random.nextDouble())) {
        new TcpFlow(time, link, back, 50).startAt(at, 30_000 + random.nextInt(60_000));
      }
    }
    time.runUntil(300);
    row("5.7", "flow 1", 2e6, one, link, 20, 300);
    row("5.7", "flow 2", 2e6, two, link, 20, 300);
  }

  @Test
  void comesBackAfterAPause() {
    var link = new Link(time, 1, 3.5e6);
    var back = wide();
    var one = new MediaFlow(time, 3, link, back, 50).startAt(0);
    var two = new MediaFlow(time, 4, link, back, 50).startAt(0).pause(40, 60);
    var three = new MediaFlow(time, 5, link, back, 50).startAt(0);
    time.runUntil(120);
    for (double[] part : new double[][] {{10, 40}, {45, 60}, {70, 120}}) {
      row("5.8", "flow 1", 3.5e6, one, link, part[0], part[1]);
      row("5.8", "flow 2 (paused)", 3.5e6, two, link, part[0], part[1]);
      row("5.8", "flow 3", 3.5e6, three, link, part[0], part[1]);
    }
  }
}
