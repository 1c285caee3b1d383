package org.plenum.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/// A plot over time as SVG within a page of [Page], whose style sheet colours it. Of a value that
/// is NaN nothing is drawn.
public final class Plot {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 180;
  private static final int LEFT = 56;
  private static final int RIGHT = 12;
  private static final int TOP = 10;
  private static final int BOTTOM = 22;
  private static final int TICKS = 5;

  /// More places than that are too narrow to point at.
  private static final int MOST_HINTS = 900;

  private final String title;
  private final double[] seconds;
  private final List<Drawn> drawn = new ArrayList<>();
  private double low;
  private double high = Double.NaN;
  private double bandFrom = Double.NaN;
  private double bandTo = Double.NaN;

  private record Drawn(String name, double[] values, boolean bars) {}

  /// @param title with the unit
  /// @param seconds ascending; where each value is drawn
  public Plot(String title, double... seconds) {
    this.title = title;
    this.seconds = seconds.clone();
  }

  /// Draws a line; as many values as there are seconds.
  public Plot line(String name, double... values) {
    drawn.add(new Drawn(name, values.clone(), false));
    return this;
  }

  /// Draws a bar from the bottom for each value.
  public Plot bars(String name, double... values) {
    drawn.add(new Drawn(name, values.clone(), true));
    return this;
  }

  /// Sets the ends of the upright axis, which else goes from 0 to the largest value.
  public Plot range(double lowest, double highest) {
    low = lowest;
    high = highest;
    return this;
  }

  /// Lays a shade over a part of the time.
  public Plot band(double fromSeconds, double toSeconds) {
    bandFrom = fromSeconds;
    bandTo = toSeconds;
    return this;
  }

  /// The plot as a figure of HTML.
  public String html() {
    if (seconds.length < 2 || values().findAny().isEmpty()) {
      return "<figure><figcaption>"
          + Page.escaped(title)
          + "</figcaption><p>nothing was measured</p></figure>\n";
    }
    if (Double.isNaN(high)) {
      high = Math.max(values().max().orElse(0), low + 1e-3);
    }
    var svg = new StringBuilder("<figure><figcaption>").append(Page.escaped(title));
    for (int i = 0; i < drawn.size(); i++) {
      svg.append("<span class=\"key s%d\">%s</span>".formatted(i, Page.escaped(drawn.get(i).name)));
    }
    svg.append("</figcaption>\n");
    svg.append(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n"
            .formatted(WIDTH, HEIGHT, Page.escaped(title)));
    addBand(svg);
    addGrid(svg);
    for (int i = 0; i < drawn.size(); i++) {
      addDrawn(svg, drawn.get(i), i);
    }
    addHints(svg);
    return svg.append("</svg></figure>\n").toString();
  }

  private DoubleStream values() {
    return drawn.stream()
        .flatMapToDouble(each -> Arrays.stream(each.values))
        .filter(value -> !Double.isNaN(value));
  }

  private void addBand(StringBuilder svg) {
    if (bandFrom < bandTo) {
      double from = Math.max(bandFrom, seconds[0]);
      double to = Math.min(bandTo, seconds[seconds.length - 1]);
      add(
          svg,
          "<rect class=\"band\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>",
          x(from),
          TOP,
          Math.max(0, x(to) - x(from)),
          HEIGHT - TOP - BOTTOM);
    }
  }

  private void addGrid(StringBuilder svg) {
    double step = step(high - low);
    for (double y = Math.ceil(low / step) * step; y <= high + step / 1000; y += step) {
      add(
          svg,
          "<path class=\"grid\" d=\"M%d %.1fH%d\"/><text class=\"y\" x=\"%d\" y=\"%.1f\">%s</text>",
          LEFT,
          y(y),
          WIDTH - RIGHT,
          LEFT - 6,
          y(y) + 4,
          number(y, step));
    }
    double first = seconds[0];
    double last = seconds[seconds.length - 1];
    double stride = step((last - first) / 2);
    for (double x = Math.ceil(first / stride) * stride; x <= last; x += stride) {
      add(
          svg,
          "<text class=\"x\" x=\"%.1f\" y=\"%d\">%s s</text>",
          x(x),
          HEIGHT - 6,
          number(x, stride));
    }
  }

  private void addDrawn(StringBuilder svg, Drawn each, int number) {
    var path = new StringBuilder();
    boolean pen = false;
    for (int i = 0; i < seconds.length; i++) {
      double value = each.values[i];
      if (Double.isNaN(value)) {
        pen = false;
      } else if (each.bars) {
        path.append(String.format(Locale.ROOT, "M%.1f %.1fV%.1f", x(seconds[i]), y(low), y(value)));
      } else {
        path.append(
            String.format(Locale.ROOT, "%s%.1f %.1f", pen ? "L" : "M", x(seconds[i]), y(value)));
        pen = true;
      }
    }
    add(svg, "<path class=\"drawn s%d\" d=\"%s\"/>", number, path);
  }

  /// What the values are, where one points.
  private void addHints(StringBuilder svg) {
    if (seconds.length > MOST_HINTS) {
      return;
    }
    for (int i = 0; i < seconds.length; i++) {
      double from = i == 0 ? x(seconds[0]) : (x(seconds[i - 1]) + x(seconds[i])) / 2;
      double to = i == seconds.length - 1 ? x(seconds[i]) : (x(seconds[i]) + x(seconds[i + 1])) / 2;
      var hint = new StringBuilder(number(seconds[i], 0.1)).append(" s");
      for (Drawn each : drawn) {
        if (!Double.isNaN(each.values[i])) {
          hint.append(", ").append(each.name).append(' ').append(number(each.values[i], 0.001));
        }
      }
      add(
          svg,
          "<rect class=\"hint\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\">"
              + "<title>%s</title></rect>",
          from,
          TOP,
          Math.max(0.1, to - from),
          HEIGHT - TOP - BOTTOM,
          Page.escaped(hint.toString()));
    }
  }

  private double x(double second) {
    double first = seconds[0];
    double last = seconds[seconds.length - 1];
    return LEFT + (second - first) / Math.max(1e-9, last - first) * (WIDTH - LEFT - RIGHT);
  }

  private double y(double value) {
    double share = (Math.clamp(value, low, high) - low) / (high - low);
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  }

  /// A round number of which a handful make up the span.
  private static double step(double span) {
    double rough = span / TICKS;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    for (double round : new double[] {1, 2, 5}) {
      if (round * power >= rough) {
        return round * power;
      }
    }
    return 10 * power;
  }

  /// With the digits that tell one step from the next.
  private static String number(double value, double step) {
    int digits = (int) Math.clamp(Math.ceil(-Math.log10(step) - 1e-9), 0, 6);
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  private static void add(StringBuilder svg, String format, Object... arguments) {
    svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
