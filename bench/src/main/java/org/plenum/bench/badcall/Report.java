package org.plenum.bench.badcall;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.plenum.bench.report.Page;
import org.plenum.bench.report.Plot;

/// Makes a table of the medians of all runs in a directory, beside what is aimed at, and a picture
/// of each run: when which frame was shown, and how long after the one before.
public final class Report {
  private static final JsonMapper JSON = new JsonMapper();

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
  }

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
          Goal.atMost("one-narrow", "frozenSeconds", 0));

  private Report() {}

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
    String table = table(runs);
    System.out.print(table);
    Files.writeString(directory.resolve("table.md"), table);
    Files.writeString(directory.resolve("report.html"), page(runs));
  }

  private static String table(Map<String, List<JsonNode>> runs) {
    var table = new StringBuilder("| scenario | figure | runs | median | goal | |\n");
    table.append("|---|---|---|---|---|---|\n");
    for (var entry : runs.entrySet()) {
      entry
          .getValue()
          .getFirst()
          .properties()
          .forEach(
              figure -> {
                if (figure.getValue().isNumber()) {
                  addRow(table, entry.getKey(), figure.getKey(), entry.getValue());
                }
              });
    }
    return table.toString();
  }

  private static void addRow(
      StringBuilder table, String scenario, String figure, List<JsonNode> runs) {
    double[] values = runs.stream().mapToDouble(run -> run.path(figure).asDouble()).toArray();
    double median = median(values);
    Goal goal =
        GOALS.stream()
            .filter(each -> each.scenario.equals(scenario) && each.figure.equals(figure))
            .findFirst()
            .orElse(null);
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
