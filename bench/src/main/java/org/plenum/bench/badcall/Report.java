package org.plenum.bench.badcall;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.plenum.bench.report.Page;
import org.plenum.bench.report.Plot;

/// Makes a table of the medians of all runs in a directory, beside what is aimed at, and a picture
/// of each run: when which frame was shown, and how long after the one before.
public final class Report {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String LOSS_FREE = "clean-loss-free";

  /// The upright axis of a run's picture: a gap of a second and more reaches the top.
  private static final int HIGHEST = 1_000;

  /// @param least infinite if less is better
  /// @param most infinite if more is better
  private record Goal(String scenario, String figure, double least, double most) {
    static Goal atMost(String scenario, String figure, double most) {
      return new Goal(scenario, figure, Double.NEGATIVE_INFINITY, most);
    }

    static Goal atLeast(String scenario, String figure, double least) {
      return new Goal(scenario, figure, least, Double.POSITIVE_INFINITY);
    }

    String words() {
      if (Double.isInfinite(most)) {
        return "≥ " + number(least);
      }
      return Double.isInfinite(least) ? "≤ " + number(most) : number(least) + " to " + number(most);
    }

    boolean isMet(double measured) {
      return least <= measured && measured <= most;
    }

    /// Far from what is aimed at: no noise of a machine explains it.
    boolean isFarOff(double measured) {
      boolean isFarAbove = !Double.isInfinite(most) && !(measured <= 2 * most + MOST_NOISE);
      return isFarAbove || !Double.isInfinite(least) && !(measured >= least / 2);
    }

    /// Worse than whatever can be measured.
    double worst() {
      return Double.isInfinite(most) ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
  }

  /// In the unit of a figure of which there should be nothing: two seconds frozen.
  private static final double MOST_NOISE = 2;

  /// What a run with loss takes, of one without.
  private static final String BYTES_RATIO = "bytesOfLossFree";

  private static final List<Goal> GOALS =
      List.of(
          Goal.atMost("drop", "frozenSeconds", 1),
          Goal.atMost("drop", "longestGapSeconds", 0.7),
          Goal.atMost("drop", "queueAbove100MillisUntilSeconds", 2),
          Goal.atMost("drop", "droppedByQueue", 150),
          Goal.atLeast("drop", "linkUsed", 0.85),
          Goal.atMost("drop", "topHeldAfterSeconds", 4),
          Goal.atMost("join", "firstFrameSeconds", 0.5),
          Goal.atMost("join", "frozenSeconds", 0),
          Goal.atMost("loss", "frozenSeconds", 0),
          Goal.atLeast("loss", "framesPerSecond", 19.5),
          Goal.atMost("far", "frozenSeconds", 0),
          Goal.atLeast("far", "framesPerSecond", 19.5),
          Goal.atMost("clean", "topHeldSeconds", 1.5),
          new Goal("shared", "share", 0.25, 0.75),
          Goal.atMost("shared", "frozenSeconds", 0),
          Goal.atMost("shared", "frozenSecondsOfTheOther", 0),
          new Goal("tcp", "share", 0.25, 0.75),
          Goal.atMost("tcp", "frozenSeconds", 0),
          Goal.atMost("loss", BYTES_RATIO, 1.15),
          Goal.atMost("one-narrow", "frozenSeconds", 0),
          Goal.atMost("one-narrow", "mostFrozenSecondsOfTheOthers", 0),
          Goal.atLeast("one-narrow", "leastFramesPerSecondOfTheOthers", 19.5),
          Goal.atLeast("one-narrow", "leastHeightOfTheOthers", 720));

  private Report() {}

  /// Ends with 4 if a median is far from its goal, or was not measured.
  ///
  /// @param args the directory, with a file of JSON for each run
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]);
    Map<String, List<JsonNode>> runs = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*-*.json")) {
      for (Path file : files) {
        JsonNode run = JSON.readTree(file.toFile());
        runs.computeIfAbsent(run.get("scenario").asText(), _ -> new ArrayList<>()).add(run);
      }
    }
    compareBytes(runs);
    String table = table(runs);
    System.out.print(table);
    Files.writeString(directory.resolve("table.md"), table);
    Files.writeString(directory.resolve("report.html"), page(runs));
    List<String> farOff = farOff(runs);
    if (!farOff.isEmpty()) {
      System.err.println("far from the goal: " + String.join(", ", farOff));
      System.exit(4);
    }
  }

  /// What is far from its goal, of the scenarios that were run.
  static List<String> farOff(Map<String, List<JsonNode>> runs) {
    return GOALS.stream()
        .filter(goal -> runs.containsKey(goal.scenario))
        .filter(goal -> !goal.figure.equals(BYTES_RATIO) || runs.containsKey(LOSS_FREE))
        .filter(
            goal ->
                goal.isFarOff(
                    median(values(goal, goal.figure, runs.getOrDefault(goal.scenario, List.of())))))
        .map(goal -> goal.scenario + " " + goal.figure)
        .toList();
  }

  /// Adds to each run with loss what it took, of the median of those without.
  static void compareBytes(Map<String, List<JsonNode>> runs) {
    List<JsonNode> free = runs.getOrDefault(LOSS_FREE, List.of());
    if (free.isEmpty()) {
      return;
    }
    double usual = median(values(null, "bytesDown", free));
    for (JsonNode run : runs.getOrDefault("loss", List.of())) {
      ((ObjectNode) run).put(BYTES_RATIO, run.path("bytesDown").asDouble() / usual);
    }
  }

  /// One of each run; what was not measured, as no first frame or a height that was never held,
  /// counts as the worst.
  private static double[] values(@Nullable Goal goal, String figure, List<JsonNode> runs) {
    double unmeasured = goal == null ? Double.NaN : goal.worst();
    return runs.stream()
        .map(run -> run.path(figure))
        .mapToDouble(
            value ->
                value.isNumber() && !Double.isNaN(value.asDouble()) ? value.asDouble() : unmeasured)
        .toArray();
  }

  static String table(Map<String, List<JsonNode>> runs) {
    var table = new StringBuilder("| scenario | figure | runs | median | goal | |\n");
    table.append("|---|---|---|---|---|---|\n");
    runs.forEach(
        (scenario, all) ->
            figures(scenario, all).forEach(figure -> addRow(table, scenario, figure, all)));
    return table.toString();
  }

  /// All that a run has measured, and all that there is a goal for.
  private static Set<String> figures(String scenario, List<JsonNode> runs) {
    Set<String> figures = new LinkedHashSet<>();
    for (JsonNode run : runs) {
      for (Map.Entry<String, JsonNode> each : run.properties()) {
        if (each.getValue().isNumber() || isUnmeasured(each.getValue())) {
          figures.add(each.getKey());
        }
      }
    }
    for (Goal goal : GOALS) {
      if (goal.scenario.equals(scenario) && !goal.figure.equals(BYTES_RATIO)) {
        figures.add(goal.figure);
      }
    }
    return figures;
  }

  /// As Jackson writes a NaN.
  private static boolean isUnmeasured(JsonNode value) {
    return value.asText().equals("NaN");
  }

  private static void addRow(
      StringBuilder table, String scenario, String figure, List<JsonNode> runs) {
    Goal goal =
        GOALS.stream()
            .filter(each -> each.scenario.equals(scenario) && each.figure.equals(figure))
            .findFirst()
            .orElse(null);
    double[] values = values(goal, figure, runs);
    double median = median(values);
    table.append(
        "| %s | %s | %s | %s | %s | %s |%n"
            .formatted(
                scenario,
                figure,
                String.join(", ", Arrays.stream(values).mapToObj(Report::number).toList()),
                number(median),
                goal == null ? "" : goal.words(),
                goal == null ? "" : goal.isMet(median) ? "met" : "missed"));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static String number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return "not measured";
    }
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.2f", value);
  }

  private static String page(Map<String, List<JsonNode>> runs) {
    var page = new Page("badcall");
    page.paragraph("Line: height of the picture. Bars: milliseconds since the frame before.");
    runs.forEach(
        (scenario, all) -> {
          for (int i = 0; i < all.size(); i++) {
            page.plot(plot("%s, run %d".formatted(scenario, i + 1), all.get(i).path("frames")));
          }
        });
    return page.html();
  }

  private static Plot plot(String title, JsonNode frames) {
    int count = frames.size();
    double[] seconds = new double[count];
    double[] heights = new double[count];
    double[] gaps = new double[count];
    for (int i = 0; i < count; i++) {
      JsonNode frame = frames.get(i);
      double millis = frame.path("millis").asDouble();
      seconds[i] = (millis - frames.get(0).path("millis").asDouble()) / 1000;
      heights[i] = frame.path("height").asDouble();
      gaps[i] = i == 0 ? 0 : (seconds[i] - seconds[i - 1]) * 1000;
    }
    return new Plot(title, seconds).bars("gap, ms", gaps).line("height", heights).range(0, HIGHEST);
  }
}
