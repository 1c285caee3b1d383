package org.plenum.sfu.bandwidth;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The test cases of RFC 8867 §5 on virtual time, each flow with an encoder that takes all it may.
/// Each prints its numbers, which docs/bandwidth.md keeps, and all are drawn in
/// `target/rmcat/report.html`.
class RmcatTest {
  private static final long ENDLESS = 1L << 40;
  private static final List<String> ROWS = new ArrayList<>();
  private static final Plots PLOTS = new Plots();

  /// No flow may be pushed below this part of its fair share by others of its kind.
  private static final double LEAST_SHARE = 0.4;

  private static final double QUEUE_MILLIS = 130;
  private static final double JITTER_MILLIS = 30;

  private final Simulation time = new Simulation();

  @AfterAll
  static void print() throws IOException {
    PLOTS.write(Path.of("target/rmcat/report.html"));
    System.out.println(
        "| case | flow, seconds | fair kb/s | estimate kb/s | received kb/s | queue ms, mean/p95 |");
    System.out.println("|---|---|---|---|---|---|");
    ROWS.stream().sorted().forEach(System.out::println);
  }

  private static void row(
      String name, String what, double fair, MediaFlow flow, Link link, double from, double to) {
    PLOTS.add(name, link, flow);
    ROWS.add(
        String.format(
            Locale.ROOT,
            "| %s | %s, %.0f–%.0f | %.0f | %.0f | %.0f | %.0f/%.0f |",
            name,
            what,
            from,
            to,
            fair / 1e3,
            flow.target.mean(from, to) / 1e3,
            flow.received(from, to) / 1e3,
            link.queueingMillis.mean(from, to),
            link.queueingMillis.percentile(95, from, to)));
  }

  /// One flow has the link: its estimate is the capacity within 20 %, and steady.
  private static void alone(
      String name, String what, double bps, MediaFlow flow, Link link, double from, double to) {
    row(name, what, bps, flow, link, from, to);
    double estimate = flow.target.mean(from, to);
    assertTrue(
        estimate > 0.8 * bps && estimate < 1.2 * bps,
        () -> name + " " + what + ": expected within 20 % of " + bps + ", was " + estimate);
    double least = flow.target.percentile(5, from, to);
    assertTrue(least > 0.6 * bps, () -> name + " " + what + " flaps: down to " + least);
    shortQueue(name, link, from, to);
  }

  /// Flows of the same kind share the link: it is used, and nobody starves.
  private static void shared(
      String name, double bps, List<MediaFlow> flows, Link link, double from, double to) {
    double sum = 0;
    for (int i = 0; i < flows.size(); i++) {
      row(name, "flow " + (i + 1), bps / flows.size(), flows.get(i), link, from, to);
      double received = flows.get(i).received(from, to);
      sum += received;
      assertTrue(
          received > LEAST_SHARE * bps / flows.size(),
          name + ": flow " + (i + 1) + " starves with " + received);
    }
    assertTrue(sum > 0.8 * bps, name + ": link used for " + sum + " of " + bps);
    shortQueue(name, link, from, to);
  }

  private static void shortQueue(String name, Link link, double from, double to) {
    double queue = link.queueingMillis.percentile(95, from, to);
    assertTrue(queue < QUEUE_MILLIS, () -> name + ": queue of " + queue + " ms");
  }

  private Link wide() {
    return new Link(time, 99, 100e6);
  }

  @Test
  void followsACapacityThatChanges() {
    for (int delay : new int[] {50, 100}) {
      var time = new Simulation();
      var link = new Link(time, 1, 1e6).rateAt(40, 2.5e6).rateAt(60, 0.6e6).rateAt(80, 1e6);
      var flow = new MediaFlow(time, 3, link, new Link(time, 2, 100e6), delay).startAt(0);
      time.runUntil(100);
      String name = "5.1 (one-way " + delay + " ms)";
      alone(name, "phase 1", 1e6, flow, link, 10, 40);
      alone(name, "phase 2", 2.5e6, flow, link, 45, 60);
      alone(name, "phase 3", 0.6e6, flow, link, 65, 80);
      alone(name, "phase 4", 1e6, flow, link, 85, 100);
      converges(name, flow, 0, 0.8e6, 1.2e6, 2);
      converges(name, flow, 40, 2e6, 3e6, 6);
      converges(name, flow, 60, 0.48e6, 0.72e6, 3);
      converges(name, flow, 80, 0.8e6, 1.2e6, 6);
    }
  }

  /// RFC 8867 §4.1: up to 30 ms of jitter from end to end.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void followsACapacityThatChangesThroughJitter(int seed) {
    var link = new Link(time, seed, 1e6).rateAt(40, 2.5e6).rateAt(60, 0.6e6).rateAt(80, 1e6);
    link.jitter(JITTER_MILLIS);
    var flow = new MediaFlow(time, 3, link, new Link(time, 2, 100e6), 50).startAt(0);
    time.runUntil(100);
    String name = "5.1 with jitter, seed " + seed;
    alone(name, "phase 1", 1e6, flow, link, 10, 40);
    alone(name, "phase 2", 2.5e6, flow, link, 45, 60);
    alone(name, "phase 3", 0.6e6, flow, link, 65, 80);
    alone(name, "phase 4", 1e6, flow, link, 85, 100);
    converges(name, flow, 0, 0.8e6, 1.2e6, 4);
    converges(name, flow, 40, 2e6, 3e6, 8);
    converges(name, flow, 60, 0.48e6, 0.72e6, 4);
    converges(name, flow, 80, 0.8e6, 1.2e6, 8);
  }

  private static void converges(
      String name, MediaFlow flow, double from, double least, double most, double within) {
    double took = flow.target.firstWithin(least, most, from) - from;
    ROWS.add(
        String.format(
            Locale.ROOT,
            "| %s | within 20 %% of capacity %.1f s after the change at %.0f s | | | | |",
            name,
            took,
            from));
    assertTrue(took <= within, () -> name + ": took " + took + " s after " + from);
  }

  @Test
  void twoFlowsFollowACapacityThatChanges() {
    var link = new Link(time, 1, 4e6).rateAt(25, 2e6).rateAt(50, 3.5e6);
    link.rateAt(75, 1e6).rateAt(100, 2e6);
    var back = wide();
    var flows =
        List.of(
            new MediaFlow(time, 3, link, back, 50).startAt(0),
            new MediaFlow(time, 4, link, back, 50).startAt(0));
    time.runUntil(125);
    shared("5.2", 4e6, flows, link, 8, 25);
    shared("5.2", 2e6, flows, link, 33, 50);
    shared("5.2", 3.5e6, flows, link, 58, 75);
    shared("5.2", 1e6, flows, link, 83, 100);
    shared("5.2", 2e6, flows, link, 108, 125);
  }

  @Test
  void survivesACongestedWayBack() {
    var there = new Link(time, 1, 2e6).rateAt(20, 1e6).rateAt(40, 0.5e6).rateAt(60, 2e6);
    var back = new Link(time, 2, 2e6).rateAt(35, 0.8e6).rateAt(70, 2e6);
    var one = new MediaFlow(time, 3, there, back, 50).startAt(0);
    var two = new MediaFlow(time, 4, back, there, 50).startAt(0);
    time.runUntil(100);
    alone("5.3", "there", 2e6, one, there, 8, 20);
    alone("5.3", "there", 1e6, one, there, 25, 40);
    alone("5.3", "there", 0.5e6, one, there, 45, 60);
    alone("5.3", "there", 2e6, one, there, 70, 100);
    alone("5.3", "back", 2e6, two, back, 8, 35);
    alone("5.3", "back", 0.8e6, two, back, 42, 70);
    alone("5.3", "back", 2e6, two, back, 80, 100);
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
    shared("5.4", 3.5e6, flows, link, 60, 120);
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
    shared("5.5 (one-way 10, 25, 50, 100, 150 ms)", 4e6, flows, link, 100, 300);
  }

  @Test
  void livesBesideALongDownload() {
    for (int queue : new int[] {300, 1000}) {
      var time = new Simulation();
      var link = new Link(time, 1, 2e6).queue(queue);
      var back = new Link(time, 2, 100e6);
      var flow = new MediaFlow(time, 3, link, back, 50).startAt(5);
      new TcpFlow(time, link, back, 50).startAt(0, ENDLESS).stopAt(119);
      time.runUntil(120);
      row("5.6 (queue " + queue + " ms)", "beside a TCP", 1e6, flow, link, 30, 119);
      double share = flow.received(30, 119) / 2e6;
      assertTrue(share > 0.25 && share < 0.75, () -> "share " + share);
    }
  }

  @Test
  void livesBesideShortDownloads() {
    var link = new Link(time, 1, 2e6);
    var back = wide();
    var one = new MediaFlow(time, 3, link, back, 50).startAt(0);
    var two = new MediaFlow(time, 4, link, back, 50).startAt(0);
    var random = new Random(5);
    for (int i = 0; i < 10; i++) {
      double at = 20 + random.nextDouble() * 10;
      while (at < 300) {
        new TcpFlow(time, link, back, 50).startAt(at, 30_000 + random.nextInt(60_000));
        at += 5 - 10 * Math.log(1 - random.nextDouble());
      }
    }
    time.runUntil(300);
    for (var flow : List.of(one, two)) {
      row("5.7", flow == one ? "flow 1" : "flow 2", 1e6, flow, link, 20, 300);
      assertTrue(flow.received(20, 300) > LEAST_SHARE * 1e6, "starves");
    }
  }

  @Test
  void comesBackAfterAPause() {
    var link = new Link(time, 1, 3.5e6);
    var back = wide();
    var one = new MediaFlow(time, 3, link, back, 50).startAt(0);
    var two = new MediaFlow(time, 4, link, back, 50).startAt(0).pause(40, 60);
    var three = new MediaFlow(time, 5, link, back, 50).startAt(0);
    time.runUntil(120);
    shared("5.8 before the pause of flow 2", 3.5e6, List.of(one, two, three), link, 10, 40);
    shared("5.8 in the pause of flow 2 (as 1, 2)", 3.5e6, List.of(one, three), link, 45, 60);
    shared("5.8 resumed", 3.5e6, List.of(one, two, three), link, 70, 120);
  }
}
