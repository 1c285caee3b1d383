package org.plenum.sfu.bandwidth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Pictures of test cases: the estimate of each flow beside what the link carries, and the queue,
/// over time. A page for people to look at; nothing is judged by it.
final class Plots {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 200;
  private static final int QUEUE_HEIGHT = 60;
  private static final double STEP_SECONDS = 0.25;
  private static final String[] COLOURS = {"#236", "#c33", "#283", "#850", "#a2a"};

  private record Case(Link link, Set<MediaFlow> flows) {}

  private final Map<String, Case> cases = new LinkedHashMap<>();

  void add(String name, Link link, MediaFlow flow) {
    cases.computeIfAbsent(name, _ -> new Case(link, new LinkedHashSet<>())).flows.add(flow);
  }

  void write(Path file) throws IOException {
    var page = new StringBuilder("<!doctype html><meta charset=utf-8><title>RFC 8867</title>");
    page.append("<p>Thin: what the link carries. Coloured: the estimate of each flow, kb/s. ");
    page.append("Grey below: the queue, up to 1 s.</p>");
    cases.forEach((name, what) -> page.append("<h3>" + name + "</h3>" + picture(what)));
    Files.createDirectories(file.getParent());
    Files.writeString(file, page.toString());
  }

  private static String picture(Case what) {
    double until = 0;
    double most = what.link.capacityBps.max(0, Double.MAX_VALUE);
    for (MediaFlow flow : what.flows) {
      until = Math.max(until, flow.target.last());
      most = Math.max(most, flow.target.percentile(99.5, 0, Double.MAX_VALUE));
    }
    var svg = new StringBuilder();
    svg.append(
        "<svg width=\"%d\" height=\"%d\" style=\"background:#eee\">"
            .formatted(WIDTH, HEIGHT + QUEUE_HEIGHT));
    svg.append(line(what.link.capacityBps, until, most, HEIGHT, HEIGHT, "#000", true));
    int colour = 0;
    for (MediaFlow flow : what.flows) {
      String stroke = COLOURS[colour++ % COLOURS.length];
      svg.append(line(flow.target, until, most, HEIGHT, HEIGHT, stroke, false));
    }
    int bottom = HEIGHT + QUEUE_HEIGHT;
    svg.append(line(what.link.queueingMillis, until, 1_000, bottom, QUEUE_HEIGHT, "#777", false));
    String top = String.format(Locale.ROOT, "%.0f kb/s, %.0f s", most / 1_000, until);
    return svg + "<text x=\"4\" y=\"14\" font-size=\"12\">" + top + "</text></svg>";
  }

  /// @param isStep whether a value holds until the next, else each point is a mean
  private static String line(
      Series series,
      double until,
      double most,
      int bottom,
      int height,
      String stroke,
      boolean isStep) {
    var points = new StringBuilder();
    double value = 0;
    for (double at = 0; at < until; at += STEP_SECONDS) {
      boolean isThere = series.has(at, at + STEP_SECONDS);
      value = isThere ? series.mean(at, at + STEP_SECONDS) : isStep ? value : 0;
      points.append(
          String.format(
              Locale.ROOT,
              "%.1f,%.1f ",
              at / until * WIDTH,
              bottom - Math.min(value / most, 1) * height));
    }
    return "<polyline points=\"" + points + "\" fill=\"none\" stroke=\"" + stroke + "\"/>";
  }
}
